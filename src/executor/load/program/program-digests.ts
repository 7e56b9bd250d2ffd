import { createHash } from 'node:crypto'
import { accessSync, constants, createReadStream, statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Factors } from '../../../study/design.js'
import type { LoaderProgram } from '../../../study/factors/loaders.js'
import type { NamedLevels } from '../../../study/factors/meanings.js'
import { ProgramError } from '../../errors.js'

/**
 * Adds to each program of a study's factors the SHA-256 of its command and of the files that its
 * arguments name, so that another version of it is another plan. What a program loads by itself,
 * such as its modules, is not among them. Paths count from the working folder. Throws `TypeError`
 * for a command that is not found.
 */
export async function withDigests(given: Factors | readonly Factors[]): Promise<Factors | readonly Factors[]> {
  if (Array.isArray(given)) return Promise.all((given as readonly Factors[]).map(digestedGrid))
  return digestedGrid(given as Factors)
}

async function digestedGrid(factors: Factors): Promise<Factors> {
  const { loader } = factors
  if (typeof loader !== 'object' || loader === null) return factors
  const levels = await Promise.all(
    Object.entries(loader as Readonly<Record<string, LoaderProgram>>).map(
      async ([level, program]) => [level, await digested(level, program)] as const,
    ),
  )
  return { ...factors, loader: Object.fromEntries(levels) as NamedLevels }
}

async function digested(level: string, program: LoaderProgram): Promise<LoaderProgram> {
  // What is no program is refused where levels are checked.
  if (typeof program?.command !== 'string') return program
  const { command, args = [] } = program
  const file = fileOf(command)
  if (file === null) {
    throw new TypeError(
      `The command ${command} of the loader ${level} was not found: write its path from the folder ${process.cwd()}, or install it where PATH finds it`,
    )
  }
  const named = args.filter((arg) => isFile(resolve(arg)))
  const digests = await Promise.all(
    [[command, file] as const, ...named.map((arg) => [arg, resolve(arg)] as const)].map(
      async ([word, path]) => [word, await sha256Of(path)] as const,
    ),
  )
  return { ...program, digests: Object.fromEntries(digests) }
}

/**
 * Throws `ProgramError` for a program with a file that is another one than when the study began,
 * since what was measured with either would count as one program.
 */
export async function checkDigests(level: string, { command, digests = {} }: LoaderProgram): Promise<void> {
  for (const [word, digest] of Object.entries(digests)) {
    const path = word === command ? fileOf(word) : resolve(word)
    if (path !== null && isFile(path) && (await sha256Of(path)) === digest) continue
    throw new ProgramError(
      `The file ${word} of the loader ${level} was changed since the study began: run the study again, which is then another one`,
    )
  }
}

/** Returns the file of a command, as the system finds it; null for none. */
function fileOf(command: string): string | null {
  if (command.includes('/')) return isFile(resolve(command)) ? resolve(command) : null
  const found = (process.env.PATH ?? '').split(delimiter).map((folder) => resolve(folder, command))
  return found.find((path) => isFile(path) && mayRun(path)) ?? null
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** As the system passes over files in the PATH that nobody may run. */
function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Digests of files as the system showed them: an interpreter may have 100 MB. */
const known = new Map<string, string>()

async function sha256Of(path: string): Promise<string> {
  const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path)
  const state = [path, dev, ino, size, mtimeMs, ctimeMs].join()
  const hash = createHash('sha256')
  if (!known.has(state)) {
    await pipeline(createReadStream(path), hash)
    known.set(state, hash.digest('hex'))
  }
  return known.get(state)!
}
