import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicMs } from '../../clock.js'
import { readOwn } from '../../probes/own-system.js'

/** The variable of the environment by which the processes of a run are recognised. */
export const runVariable = 'COPYLAB_RUN'

/** What tells the processes of a run from all others. */
export interface RunMark {
  /** Process group of the program; null while it has not started. */
  readonly group: number | null
  /** Value of `COPYLAB_RUN`, of this run alone. */
  readonly token: string
}

/** A live process of a run. */
export interface RunProcess {
  readonly pid: number
  readonly inGroup: boolean
  /** Its command line. */
  readonly command: string
}

const pollMs = 20
/** Time from SIGTERM to SIGKILL. */
const termMs = 2_000
/** Time in which a process must be gone after SIGKILL. */
const killMs = 10_000

/**
 * The live processes of a run: those of its group and, where there is `/proc`, those that carry its
 * token in their environment, whatever group and session they are in.
 */
export function runProcesses(mark: RunMark): RunProcess[] {
  return process.platform === 'linux' ? processesOfProc(mark) : processesOfPs(mark)
}

function processesOfProc({ group, token }: RunMark): RunProcess[] {
  const entry = `${runVariable}=${token}`
  return processIds().flatMap((pid) => {
    const state = groupState(readOwn(`/proc/${pid}/stat`))
    if (state === null || !state.alive) return []
    const inGroup = state.group === group
    if (!inGroup && !readOwn(`/proc/${pid}/environ`).split('\0').includes(entry)) return []
    const command = readOwn(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
    return [{ pid, inGroup, command: command || readOwn(`/proc/${pid}/comm`).trim() }]
  })
}

/** The processes of the group alone: `ps` shows no environment everywhere. */
export function processesOfPs({ group }: Pick<RunMark, 'group'>): RunProcess[] {
  const columns = ['pid', 'pgid', 'stat', 'command'].flatMap((column) => ['-o', `${column}=`])
  const lines = execFileSync('ps', ['-A', '-ww', ...columns], { encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n')
  return lines.flatMap((line) => {
    const [, pid, pgid, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    return Number(pgid) === group && !state!.startsWith('Z')
      ? [{ pid: Number(pid), inGroup: true, command: command!.trim() }]
      : []
  })
}

/** The ids of all processes that `/proc` shows. */
export function processIds(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
}

/**
 * The process group in `/proc/<pid>/stat` (proc(5), field 5), and whether the process is more than
 * an entry that nobody has waited for; null for a text that is none.
 */
export function groupState(stat: string): { readonly group: number; readonly alive: boolean } | null {
  // The name in parentheses may hold anything; the third field follows it.
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return group === undefined ? null : { group: Number(group), alive: state !== 'Z' && state !== 'X' }
}

/** Waits until a run has no process, `patienceMs` at most, and returns those that it has then. */
export async function whatStays(mark: RunMark, patienceMs: number): Promise<RunProcess[]> {
  for (const begun = monotonicMs(); ; await delay(pollMs)) {
    const processes = runProcesses(mark)
    if (processes.length === 0 || monotonicMs() - begun > patienceMs) return processes
  }
}

/**
 * Ends the processes of a run: SIGTERM, and after 2 s SIGKILL to those that are still there, and to
 * those that they start meanwhile. Returns when all are gone, with those that could not be ended.
 */
export async function endRun(mark: RunMark): Promise<RunProcess[]> {
  send('SIGTERM', mark)
  let left = await whatStays(mark, termMs)
  for (const begun = monotonicMs(); left.length > 0 && monotonicMs() - begun < killMs; ) {
    send('SIGKILL', mark)
    left = await whatStays(mark, 5 * pollMs)
  }
  return left
}

function send(signal: NodeJS.Signals, mark: RunMark): void {
  const processes = runProcesses(mark)
  const others = processes.filter(({ inGroup }) => !inGroup).map(({ pid }) => pid)
  // A group is signalled as a whole, so that a process that it is just starting is not missed.
  const targets = others.length < processes.length ? [-mark.group!, ...others] : others
  for (const target of targets) {
    try {
      process.kill(target, signal)
    } catch (error) {
      // Gone, or another user's by now (sudo): the caller says so where it stays.
      if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
}
