import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { type LoaderProgram, parseLoaders } from '../../study/factors/loaders.js'
import type { NamedLevels } from '../../study/factors/meanings.js'
import type { FactorFlags } from './factor-options.js'

/** Values of the options for loaders. */
export interface LoaderFlags extends Pick<FactorFlags, 'loader'> {
  readonly loaders?: string
}

/** Adds the option for a file of loaders. */
export function addLoaderOptions(command: Command): Command {
  return command.addOption(
    new Option(
      '--loaders <file>',
      'a JSON file of programs by name: those that --loader names alone, or without --loader all of them',
    ),
  )
}

/**
 * Returns the levels of the factor `loader`: those typed, and those of the file. Throws `TypeError`
 * for a name that no file explains.
 */
export function loadersOf({ loader, loaders: path }: LoaderFlags): { readonly loader?: NamedLevels } {
  const programs = path === undefined ? {} : parseLoaders(textOf(path), path)
  const typed = loader as Readonly<Record<string, LoaderProgram | null>> | undefined
  if (typed === undefined) return path === undefined ? {} : { loader: programs }
  const levels = Object.entries(typed).map(([name, program]): [string, LoaderProgram] => {
    const found = program ?? programs[name]
    if (found !== undefined) return [name, found]
    const known = Object.keys(programs)
    const those = path === undefined ? 'no file of loaders is given (--loaders)' : `${path} has ${known.join(', ')}`
    throw new TypeError(
      `Expected --loader ${name} to be ${name}=command, or the name of a program of a file, and ${those}`,
    )
  })
  return { loader: Object.fromEntries(levels) as NamedLevels }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new TypeError(
      `Expected --loaders to name a JSON file of programs, got ${path}, which cannot be read (${code})`,
    )
  }
}
