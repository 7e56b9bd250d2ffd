import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder, writeWhole } from '../../writable.js'

/** Result of placing a file that a project needs. */
export interface Placed {
  readonly did: 'wrote' | 'completed' | 'left'
  /** Relative to the project's folder. */
  readonly file: string
  /** Description of the file, or of what was added to it. */
  readonly what: string
}

/**
 * Writes a file of a project unless it is there. `content` is called only then. Throws the error of
 * `unwritable`, and `RangeError` where something else than a file has its name.
 */
export async function placed(
  folder: string,
  file: string,
  what: string,
  content: () => string | Promise<string>,
): Promise<Placed> {
  const path = join(folder, file)
  if (existsSync(path) && !statSync(path).isFile()) {
    throw new RangeError(`Expected ${path} to be a file: move what has its name`)
  }
  if (existsSync(path)) return { did: 'left', file, what: 'as it is' }
  const text = await content()
  makeFolder(dirname(path))
  writeWhole(path, text)
  return { did: 'wrote', file, what }
}

/** A line for a person: "wrote      data/claims.json: the claims". */
export function placedLine({ did, file, what }: Placed): string {
  return `${did.padEnd(9)}  ${file}: ${what}`
}
