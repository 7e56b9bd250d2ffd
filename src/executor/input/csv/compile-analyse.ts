import { runInThisContext } from 'node:vm'
import { InputError } from '../../errors.js'
import type { AnalyseFields } from './csv-file.js'

const remedy =
  "for `client: 'threads'` it must be self-contained, so define what it needs inside it, or take `client: 'event-loop'`"

/**
 * Compiles an `analyse` function from its source text, without access to its former scope. Throws
 * `InputError` for text that is not a function; the function throws it when it uses a name that it
 * does not define.
 */
export function compileAnalyse(source: string): AnalyseFields {
  const analyse = evaluate(source)
  return (fields, line) => {
    try {
      return analyse(fields, line)
    } catch (error) {
      const unknown = error instanceof ReferenceError ? /^(.+) is not defined$/.exec(error.message)?.[1] : undefined
      if (unknown === undefined) throw error
      throw new InputError(`\`analyse\` uses \`${unknown}\`, which a worker thread does not know: ${remedy}`, {
        cause: error,
      })
    }
  }
}

function evaluate(source: string): AnalyseFields {
  // A method, `analyse(fields) { … }`, is not an expression by itself but a member of an object.
  for (const text of [`(${source})`, `Object.values({ ${source} })[0]`]) {
    try {
      const value: unknown = runInThisContext(`'use strict'; ${text}`, { filename: 'analyse' })
      if (typeof value === 'function') return value as AnalyseFields
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  throw new InputError(`\`analyse\` cannot be sent to a worker thread as text: ${remedy}`)
}
