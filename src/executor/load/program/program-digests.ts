import { createHash } from 'node:crypto'
import { accessSync, constants, createReadStream, existsSync, statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Factors } from '../../../study/design.js'
import type { LoaderProgram } from '../../../study/factors/loaders.js'
import type { NamedLevels } from '../../../study/factors/meanings.js'
import { defaultTreatment } from '../../../study/treatment.js'
import { ProgramError } from '../../errors.js'

/**
 * Adds to each program of a study's factors the SHA-256 of its command and of the files that its
 * arguments name, so that another version of it is another plan. What a program loads by itself,
 * such as its modules, is not among them. Paths count from the working folder. Throws `TypeError`
 * for a command that is not found, is a folder, or may not be run.
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
  // What is no program is refused where levels are checked, and so is one in the default's place.
  if (level === defaultTreatment.loader || typeof program?.command !== 'string' || !program.command.trim()) {
    return program
  }
  const { command, args = [] } = program
  const file = fileOf(command)
  if (file === null) throw new TypeError(notRunnable(`The command ${command} of the loader ${level}`, command))
  const digests = await Promise.all(
    [[command, file] as const, ...namedFiles(args).map((arg) => [arg, resolve(arg)] as const)].map(
      async ([word, path]) => [word, await sha256Of(path)] as const,
    ),
  )
  return { ...program, digests: Object.fromEntries(digests) }
}

/**
 * Throws `ProgramError` for a program with a file that is another one than when the study began,
 * since what was measured with either would count as one program, and for one whose argument names
 * a file that was not there then, since the next call would count that as part of it. Without
 * digests, as in a trial by itself, nothing is checked.
 */
export async function checkDigests(level: string, { command, args = [], digests }: LoaderProgram): Promise<void> {
  if (digests === undefined) return
  for (const [word, digest] of Object.entries(digests)) {
    const path = word === command ? fileOf(word) : resolve(word)
    if (path !== null && isFile(path) && (await sha256Of(path)) === digest) continue
    throw new ProgramError(
      `The file ${word} of the loader ${level} was changed since the study began: run the study again, which is then another one. ${writtenFiles}`,
    )
  }
  const made = namedFiles(args).find((arg) => !Object.hasOwn(digests, arg))
  if (made === undefined) return
  throw new ProgramError(
    `The file ${made}, which an argument of the loader ${level} names, was not there when the study began: every later call would take it as part of the program, and be another study. ${writtenFiles}`,
  )
}

/** Remedy for a file that is no part of its program. */
const writtenFiles =
  'Where the program itself writes it, name it by an argument with a placeholder, such as run-{workers}.log, of which no digest is taken'

/** The arguments that name files. */
const namedFiles = (args: readonly string[]): string[] => args.filter((arg) => isFile(resolve(arg)))

/** Returns the file of a command, as the system finds it; null for none. */
function fileOf(command: string): string | null {
  return placesOf(command).find((path) => isFile(path) && mayRun(path)) ?? null
}

/** The paths at which the system seeks a command. */
function placesOf(command: string): string[] {
  if (command.includes('/')) return [resolve(command)]
  return (process.env.PATH ?? '').split(delimiter).map((folder) => resolve(folder, command))
}

/** Says why a command has no file that can be run, and what to do. */
function notRunnable(subject: string, command: string): string {
  const found = placesOf(command).find((path) => existsSync(path))
  if (found === undefined) {
    return `${subject} was not found: write its path from the folder ${process.cwd()}, or install it where PATH finds it`
  }
  if (isFile(found)) return `${subject} may not be run (${found}): make it executable (chmod +x)`
  return `${subject} is ${isFolder(found) ? 'a folder' : 'no file'} (${found}): name the program in it`
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
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
