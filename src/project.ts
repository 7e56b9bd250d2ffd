import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The project's folder: the one that holds `package.json`, seen from `src/executor` and from
 * `dist/executor` alike.
 */
export const projectRoot = fileURLToPath(new URL('../', import.meta.url))

/** Where copylab keeps inputs, servers and studies. */
export const dataFolder = join(projectRoot, 'data')

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
