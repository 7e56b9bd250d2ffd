import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * copylab's own folder, seen from `src/` and from `dist/` alike: its `package.json`, its build, and
 * what it ships (the chapter's notebook, the working note's claims, the files for Jupyter). Nothing
 * is written there when copylab is installed as a package.
 */
export const packageRoot = resolve(fileURLToPath(new URL('../', import.meta.url)))

/**
 * A file of the build, for sources too (as in vitest), since Node.js 20 cannot run TypeScript in
 * another process or thread.
 */
export const builtFile = (path: string): string => join(packageRoot, 'dist', path)

/**
 * The folder of the project that somebody works in, where inputs, servers, studies and documents
 * are kept: the nearest folder, from the current one up, that depends on copylab. Where none does,
 * copylab's own checkout, or the current folder if copylab is installed as a package.
 */
export const projectRoot = projectOf(process.cwd(), packageRoot)

/** Whether somebody works in copylab's own checkout. */
export const inCheckout = projectRoot === packageRoot

/** Where copylab keeps inputs, servers and studies. */
export const dataFolder = join(projectRoot, 'data')

/** The project of a folder, for a copylab whose own folder is `own`; see `projectRoot`. */
export function projectOf(folder: string, own: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (!isInstalled(at) && dependsOnCopylab(at)) return at
    if (at === dirname(at)) return isInstalled(own) ? resolve(folder) : own
  }
}

/** Whether a folder belongs to an installed package. */
function isInstalled(folder: string): boolean {
  return folder.split(sep).includes('node_modules')
}

function dependsOnCopylab(folder: string): boolean {
  return existsSync(join(folder, 'node_modules', 'copylab')) || dependencyOn('copylab', folder) !== null
}

/**
 * The version, range or place of a package that the `package.json` in a folder asks for; null where
 * it does not ask for it, or there is no such file that can be read.
 */
export function dependencyOn(name: string, folder: string): string | null {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
    for (const list of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      const spec = (manifest[list] as Record<string, unknown> | undefined)?.[name]
      if (typeof spec === 'string') return spec
    }
  } catch {
    // Somebody else's file, on the way up: what is wrong with it is not for copylab to say.
  }
  return null
}

/** A path as a message names it, whole: relative to the project where it lies inside. */
export function wholePath(path: string): string {
  const inside = relative(projectRoot, path)
  return inside.startsWith('..') ? resolve(path) : inside
}

/**
 * A path as it may be stored: relative to the project where it lies inside, else its last element.
 */
export function displayPath(path: string): string {
  const inside = relative(projectRoot, path)
  return inside.startsWith('..') ? (path.split(/[\\/]/).at(-1) ?? path) : inside
}
