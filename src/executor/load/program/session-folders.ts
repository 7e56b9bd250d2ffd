import { type Dirent, lstatSync, readdirSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unwritable } from '../../../writable.js'
import { lastOwner, tryLock } from '../../footprint/lock.js'

/** A folder with the records of a session whose process was killed. */
export interface DeadFolder {
  /** Absolute path. */
  readonly path: string
  readonly study: string
  /** Size of its files. */
  readonly bytes: number
  /** Time of its creation: ISO 8601, UTC; null where it is not known. */
  readonly createdAt: string | null
}

/** The file that says which process made a folder: without it, no folder is copylab's. */
const lockIn = (path: string): string => join(path, 'lock')

/**
 * Calls `task` with a new folder in the system's temporary one, which this user alone can read, and
 * removes it afterwards. Where this process is killed, a later session does.
 */
export async function withSessionFolder<T>(study: string, task: (path: string) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), `copylab-${study}-`)).catch((error: unknown) => {
    throw unwritable(tmpdir(), error, 'name another folder in TMPDIR')
  })
  try {
    tryLock(lockIn(path))
    return await task(path)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

/**
 * Lists the folders that sessions of this user made in the system's temporary one, whose processes
 * are gone. One that another user made, or a process of another host, is none.
 */
export function deadFolders(): DeadFolder[] {
  return entriesOf(tmpdir()).flatMap((entry) => deadFolder(entry) ?? [])
}

/** What a folder holds; nothing where it cannot be read. */
function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch {
    return []
  }
}

function deadFolder(entry: Dirent): DeadFolder | null {
  const [, study] = /^copylab-(.+)-[A-Za-z0-9]{6}$/.exec(entry.name) ?? []
  const path = join(tmpdir(), entry.name)
  if (study === undefined || !entry.isDirectory()) return null
  try {
    if (lstatSync(path).uid !== process.getuid?.()) return null
    const last = lastOwner(lockIn(path))
    if (last === null || last.alive) return null
    const bytes = readdirSync(path).reduce((sum, name) => sum + lstatSync(join(path, name)).size, 0)
    return { path, study, bytes, createdAt: last.owner.since || null }
  } catch {
    // It is just being removed.
    return null
  }
}

/** Removes such a folder; returns the reason why it remains, null once it is gone. */
export function removeDeadFolder({ path }: Pick<DeadFolder, 'path'>): string | null {
  try {
    rmSync(path, { recursive: true, force: true })
    return null
  } catch (error) {
    return (error as Error).message
  }
}
