import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseError } from '../errors.js'

const pollMs = 50
const patienceMs = 10_000

/**
 * Ends the PostgreSQL processes that an earlier run left in the cluster `data`, which no live
 * process may hold, and removes their lock file. A process is signalled only when `data` is
 * verified to be its data directory. Throws `DatabaseError` when one does not end.
 */
export async function stopOrphans(data: string, signal?: AbortSignal): Promise<void> {
  const begun = performance.now()
  let sent: NodeJS.Signals | null = null
  for (;;) {
    const processes = processesOf(data)
    if (processes.length === 0) break
    const waitedMs = performance.now() - begun
    if (waitedMs > 2 * patienceMs) {
      throw new DatabaseError(
        `A PostgreSQL server left by an earlier run does not end: end process ${processes.join(', ')} and try again`,
      )
    }
    const wanted = waitedMs > patienceMs ? 'SIGQUIT' : 'SIGINT'
    if (sent !== wanted) {
      sent = wanted
      const postmaster = postmasterOf(data)
      // The postmaster ends its own children. Without one, a remaining backend ends only its
      // statement on SIGINT.
      const [targets, kind] =
        postmaster !== null && processes.includes(postmaster)
          ? [[postmaster], wanted]
          : [processes, wanted === 'SIGINT' ? 'SIGTERM' : wanted]
      for (const pid of targets) send(pid, kind as NodeJS.Signals)
    }
    await delay(pollMs)
    signal?.throwIfAborted()
  }
  rmSync(join(data, 'postmaster.pid'), { force: true })
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Returns the process id in the cluster's lock file, which may now belong to another process; null
 * without one.
 */
function postmasterOf(data: string): number | null {
  try {
    return Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10) || null
  } catch {
    return null
  }
}

/** Returns the ids of the live PostgreSQL processes whose data directory is `data`. */
function processesOf(data: string): number[] {
  const folder = statSync(data, { throwIfNoEntry: false })
  if (!folder) return []
  if (process.platform !== 'linux') {
    const postmaster = postmasterOf(data)
    return postmaster !== null && commandOf(postmaster).includes(`postgres -D ${data} `) ? [postmaster] : []
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        // Every PostgreSQL process works in its data directory, which is compared as a folder, not
        // as a name.
        const { dev, ino } = statSync(`/proc/${pid}/cwd`)
        return dev === folder.dev && ino === folder.ino && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'postgres\n'
      } catch {
        return false
      }
    })
    .map(Number)
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
