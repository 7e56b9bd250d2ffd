import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'

/**
 * The process that holds a lock. `start` distinguishes it from a later process with an equal
 * number; null where the system does not provide it.
 */
export interface LockOwner {
  readonly id: string
  readonly pid: number
  readonly host: string
  readonly start: string | null
  /** Time of the locking: ISO 8601, UTC. */
  readonly since: string
}

/** Result of an attempt to lock. `release` may be called more than once. */
export type LockAttempt =
  | { readonly state: 'held'; release(): void }
  | { readonly state: 'busy'; readonly owner: LockOwner }

/**
 * Tries once to hold the lock file `path`, whose folder exists. A lock whose owner has ended passes
 * to a contender; of any number of contenders at most one holds the lock, and one does when its
 * former owner has ended.
 *
 * The file at `path` is never removed by anyone but its owner. Its successor is the one process
 * that could create `<path>.<id of the dead owner>`, which then replaces `path`; should that
 * process die in between, its own successor follows the same rule. A contender that acted on an
 * outdated state detects, by reading again, that its file does not continue the chain.
 */
export function tryLock(path: string): LockAttempt {
  const me: LockOwner = {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    start: startOf(process.pid),
    since: new Date().toISOString(),
  }
  for (;;) {
    const chain = ownersOf(path)
    const last = chain.at(-1)
    if (last && isAlive(last)) return { state: 'busy', owner: last }
    const place = last ? successorPath(path, last) : path
    if (!createWith(place, me)) continue
    if (ownersOf(path).at(-1)?.id !== me.id) {
      rmSync(place, { force: true })
      continue
    }
    if (last) {
      renameSync(place, path)
      // Files of processes that died during the succession; `path` does not lead to them any more.
      for (const owner of chain.slice(0, -1)) rmSync(successorPath(path, owner), { force: true })
    }
    removeDrafts(path)
    return {
      state: 'held',
      release: () => {
        if (readOwner(path)?.id === me.id) rmSync(path, { force: true })
      },
    }
  }
}

/** Returns the live process that holds the lock; null when it is free. */
export function lockOwner(path: string): LockOwner | null {
  const last = lastOwner(path)
  return last?.alive ? last.owner : null
}

/** Returns the process that locked last, and whether it is alive; null where there is no lock. */
export function lastOwner(path: string): { readonly owner: LockOwner; readonly alive: boolean } | null {
  const owner = ownersOf(path).at(-1)
  return owner ? { owner, alive: isAlive(owner) } : null
}

/** Returns the owner named in `path`, its successor if it died and was succeeded, and so on. */
function ownersOf(path: string): LockOwner[] {
  const owners: LockOwner[] = []
  for (let owner = readOwner(path); owner; owner = readOwner(successorPath(path, owner))) owners.push(owner)
  return owners
}

const successorPath = (path: string, owner: LockOwner): string => `${path}.${owner.id}`

/** Creates `place` with its whole content at once, or not at all when it exists. */
function createWith(place: string, owner: LockOwner): boolean {
  const draft = `${place}.${owner.id}.draft`
  try {
    writeFileSync(draft, JSON.stringify(owner), { flag: 'wx' })
    linkSync(draft, place)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Removes the drafts of processes that were killed between writing one and linking it. */
function removeDrafts(path: string): void {
  const folder = dirname(path)
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.draft')) continue
    const draft = join(folder, name)
    const owner = readOwner(draft)
    // One that cannot be read may be about to be written.
    if (owner && owner.pid > 0 && !isAlive(owner)) rmSync(draft, { force: true })
  }
}

function readOwner(path: string): LockOwner | null {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as LockOwner
    if (typeof owner.id === 'string' && Number.isSafeInteger(owner.pid) && typeof owner.host === 'string') return owner
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    if (!(error instanceof SyntaxError)) throw error
  }
  // Files appear with their content; one that cannot be read was cut short by the machine, and so
  // was its owner.
  const { ino, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { ino: 0, mtimeMs: 0 }
  return { id: `damaged-${ino}-${mtimeMs}`, pid: 0, host: hostname(), start: null, since: '' }
}

/** Whether an owner is alive; an owner on another host cannot be checked and counts as alive. */
function isAlive(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return true
  if (owner.pid <= 0) return false
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const start = startOf(owner.pid)
  return start === null || owner.start === null || start === owner.start
}

/**
 * Returns when a process started, in a form that no other process with its number shares; null
 * where the system does not provide it.
 */
function startOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      // proc(5): the fields after the name in parentheses, beginning with the third, the state; the
      // 22nd is the start time.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (fields[0] === 'Z' || fields[0] === 'X') return 'ended'
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${fields[19]}`
    }
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } } as const
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim() || null
  } catch {
    return null
  }
}
