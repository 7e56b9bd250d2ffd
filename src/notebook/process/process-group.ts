import type { ChildProcess } from 'node:child_process'

/**
 * Sends a signal to all processes that are left of the group whose first process was started with
 * `detached`; does nothing where none is left.
 */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || process.platform === 'win32') return
  try {
    process.kill(-pid, signal)
  } catch {
    // Nothing of the group is left, which is the usual case.
  }
}
