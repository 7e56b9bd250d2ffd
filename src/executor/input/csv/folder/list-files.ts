import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { displayPath } from '../../../../project.js'

/** A file of a folder that is read. */
export interface FolderFile {
  readonly name: string
  readonly path: string
  readonly bytes: number
}

/** Lists the folder's files whose names match the pattern, by name. */
export function listFiles(folder: string, pattern: RegExp): FolderFile[] {
  // A pattern with the flag `g` or `y` would keep its last position.
  const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
  if (!existsSync(folder)) {
    throw new Error(
      `There is no folder ${folder}, seen from ${process.cwd()}: give its path from there, or an absolute one`,
    )
  }
  if (!statSync(folder).isDirectory()) {
    throw new Error(`${displayPath(folder)} is a file: give its folder, and a \`pattern\` where there are others`)
  }
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && stateless.test(entry.name))
    .map((entry) => entry.name)
    .sort()
  if (names.length === 0)
    throw new Error(`No file in ${displayPath(folder)} matches ${pattern}: give another \`pattern\` or folder`)
  return names.map((name) => ({ name, path: join(folder, name), bytes: statSync(join(folder, name)).size }))
}
