import { type Dirent, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from './project.js'

/** A file and when it last changed, in milliseconds since 1970. */
export interface ChangedFile {
  readonly path: string
  readonly changedAt: number
}

/** A folder of source and the folder of what is built from it. */
export interface BuiltCode {
  readonly source: string
  readonly built: string
}

/** How a build compares with its source. */
export interface BuildState {
  /**
   * The file of the source that changed last; null where there is no source, and nothing is ever
   * stale.
   */
  readonly edited: ChangedFile | null
  /** When the build was made, in milliseconds since 1970; 0 where there is none. */
  readonly builtAt: number
  readonly isStale: boolean
}

/** Compares a build with its source by when their files last changed. */
export function buildState({ source, built }: BuiltCode): BuildState {
  const edited = newestFile(source)
  const builtAt = newestFile(built)?.changedAt ?? 0
  return { edited, builtAt, isStale: edited !== null && edited.changedAt > builtAt }
}

/**
 * The warning that this code was built from older source than the project holds, with the remedy;
 * null when it was not, or runs from its source.
 */
export function staleBuild(): string | null {
  const own = fileURLToPath(import.meta.url)
  if (!own.endsWith('.js') || !buildState({ source: join(packageRoot, 'src'), built: dirname(own) }).isStale)
    return null
  return 'The code in src/ is newer than its build: run `npm run build`'
}

/**
 * The file in a folder and those below that changed last; null when there is none. A build may take
 * files away meanwhile.
 */
function newestFile(folder: string): ChangedFile | null {
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
