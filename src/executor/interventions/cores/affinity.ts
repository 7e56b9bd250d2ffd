import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { InterventionError } from '../../errors.js'
import { processIds } from '../../load/program/run-processes.js'
import { readOwn } from '../../probes/own-system.js'

const run = promisify(execFile)

/**
 * Lets a process with all its threads run on the listed cores alone, "0-3,6": what it starts from
 * then on does too. Throws `InterventionError` where the system refuses.
 */
export async function bindProcess(pid: number, cores: string): Promise<void> {
  try {
    await run('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)])
  } catch (error) {
    const { code, stderr = '', message } = error as { code?: unknown; stderr?: string; message: string }
    // One that has ended needs none.
    if (readOwn(`/proc/${pid}/stat`) === '') return
    const reason =
      code === 'ENOENT'
        ? 'there is no program `taskset`, which the package util-linux has'
        : stderr.trim().split('\n')[0] || message
    throw new InterventionError(`The cores ${cores} could not be taken: ${reason}`)
  }
}

/** The list of cores that a process or thread may use, "0-3,6"; empty for one that is gone. */
export function allowedCores(path: string): string {
  return /^Cpus_allowed_list:\s*(\S+)/m.exec(readOwn(`${path}/status`))?.[1] ?? ''
}

/** The lists of cores that the threads of this process may use, each once. */
export function ownCores(): string[] {
  const threads = readdirSync('/proc/self/task').map((thread) => allowedCores(`/proc/self/task/${thread}`))
  return [...new Set(threads.filter((cores) => cores !== ''))]
}

/** The parent of a process; null for one that is gone. */
export function parentOf(pid: number): number | null {
  const after = readOwn(`/proc/${pid}/stat`).split(') ').at(-1)
  const parent = Number(after?.split(' ')[1])
  return Number.isInteger(parent) ? parent : null
}

/** The processes that a process has started and that run. */
export function childrenOf(parent: number): number[] {
  return processIds().filter((pid) => parentOf(pid) === parent)
}
