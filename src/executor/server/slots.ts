import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { displayPath } from '../../project.js'
import { DatabaseError } from '../errors.js'
import { lockOwner, tryLock } from '../lock.js'

const slots = 16

/** A folder that one server uses at a time. */
export interface Slot {
  readonly folder: string
  /** Whether another server of this project runs now. */
  readonly othersRun: boolean
  release(): void
}

/** Takes the first slot under `servers` that no live process holds. Throws `DatabaseError` when all are held or none can be made. */
export function claimSlot(servers: string): Slot {
  const folders = Array.from({ length: slots }, (_, index) => join(servers, `slot-${index + 1}`))
  for (const folder of folders) {
    const lock = join(folder, 'lock')
    try {
      // Where root runs the server as another user, that user must pass through the upper folder.
      mkdirSync(servers, { recursive: true })
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const attempt = tryLock(lock)
      if (attempt.state === 'busy') continue
      const othersRun = folders.some((other) => other !== folder && lockOwner(join(other, 'lock')) !== null)
      return { folder, othersRun, release: attempt.release }
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      throw new DatabaseError(
        `The folder ${displayPath(folder)} cannot be used (${code}): make it writable for you, or remove it (it holds no results)`,
        { cause },
      )
    }
  }
  throw new DatabaseError(
    `All ${slots} embedded servers of this project are in use: end another study, or remove ${displayPath(servers)} when none runs`,
  )
}
