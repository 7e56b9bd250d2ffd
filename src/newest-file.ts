import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A file and when it last changed, in milliseconds since 1970. */
export interface ChangedFile {
  readonly path: string
  readonly changedAt: number
}

/** The file in a folder and those below that changed last; null when there is none. A build may take files away meanwhile. */
export function newestFile(folder: string): ChangedFile | null {
  let newest: ChangedFile | null = null
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    const file = entry.isDirectory() ? newestFile(path) : changeOf(path)
    if (file && file.changedAt > (newest?.changedAt ?? 0)) newest = file
  }
  return newest
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function changeOf(path: string): ChangedFile | null {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats ? { path, changedAt: stats.mtimeMs } : null
}
