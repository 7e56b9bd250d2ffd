import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { displayPath } from '../../project.js'
import { makeFolder, unwritable } from '../../writable.js'
import { DatabaseError } from '../errors.js'
import { lockOwner, tryLock } from '../footprint/lock.js'

const slots = 16

/** A folder that one server uses at a time. */
export interface Slot {
  readonly folder: string
  /** Whether another server of this project runs now. */
  readonly othersRun: boolean
  release(): void
}

/**
 * Takes the first slot under `servers` that no live process holds; one that another user made, and
 * that this user cannot use, is skipped. Throws `DatabaseError` when all are held or none can be
 * used.
 */
export function claimSlot(servers: string): Slot {
  const folders = Array.from({ length: slots }, (_, index) => join(servers, `slot-${index + 1}`))
  let refused: Error | null = null
  for (const folder of folders) {
    const lock = join(folder, 'lock')
    try {
      // Where root runs the server as another user, that user must pass through the upper folder.
      makeFolder(servers)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const attempt = tryLock(lock)
      if (attempt.state === 'busy') continue
      const othersRun = folders.some((other) => other !== folder && isHeld(join(other, 'lock')))
      return { folder, othersRun, release: attempt.release }
    } catch (cause) {
      refused ??= unwritable(folder, cause, 'remove it (it holds no results)')
      if (!isForbidden(cause)) break
    }
  }
  if (refused) throw new DatabaseError(`No embedded server can be started: ${refused.message}`, { cause: refused })
  throw new DatabaseError(
    `All ${slots} embedded servers of this project are in use: end another study, or remove ${displayPath(servers)} when none runs`,
  )
}

/**
 * Whether a lock is held; a file that another user protects cannot be read and counts as not held.
 */
function isHeld(lock: string): boolean {
  try {
    return lockOwner(lock) !== null
  } catch (error) {
    if (isForbidden(error)) return false
    throw error
  }
}

function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')
}
