import { runInThisContext } from 'node:vm'
import { InputError } from '../../errors.js'
import { type OtherReader, otherReaders } from '../other-reader.js'
import type { AnalyseFields } from './csv-file.js'

const remedyFor = ({ option, instead }: (typeof otherReaders)[OtherReader]): string =>
  `for ${option} it must be self-contained, so define what it needs inside it, or ${instead}`

/**
 * Compiles an `analyse` function from its source text for `reader`, without access to its former
 * scope. Throws `InputError` for text that is not a function; the function throws it when it uses a
 * name that it does not define.
 */
export function compileAnalyse(source: string, reader: OtherReader): AnalyseFields {
  const words = otherReaders[reader]
  const analyse = evaluate(source, words)
  return (fields, line) => {
    try {
      return analyse(fields, line)
    } catch (error) {
      const unknown = error instanceof ReferenceError ? /^(.+) is not defined$/.exec(error.message)?.[1] : undefined
      if (unknown === undefined) throw error
      throw new InputError(`\`analyse\` uses \`${unknown}\`, which ${words.name} does not know: ${remedyFor(words)}`, {
        cause: error,
      })
    }
  }
}

function evaluate(source: string, words: (typeof otherReaders)[OtherReader]): AnalyseFields {
  // A method, `analyse(fields) { … }`, is not an expression by itself but a member of an object.
  for (const text of [`(${source})`, `Object.values({ ${source} })[0]`]) {
    try {
      const value: unknown = runInThisContext(`'use strict'; ${text}`, { filename: 'analyse' })
      if (typeof value === 'function') return value as AnalyseFields
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  throw new InputError(`\`analyse\` cannot be sent to ${words.name} as text: ${remedyFor(words)}`)
}
