import os from 'node:os'
import type { Input } from '../executor/input/input.js'
import { runNullTrial } from '../executor/trial/null-trial.js'
import { check, type DoctorCheck } from './check.js'

/**
 * Runs the null trial on one event loop, and on one thread for each core: a server that takes more
 * records per second than that is not what limits a load. Never throws.
 */
export async function ceilingCheck(input: Input, signal?: AbortSignal): Promise<DoctorCheck> {
  const name = 'client'
  try {
    const loop = await runNullTrial({ input, signal })
    const threads = os.availableParallelism()
    const threaded = await runNullTrial({ input, treatment: { client: 'threads', workers: threads }, signal })
    const rate = (trial: { readonly recordsPerSecond: number }): string =>
      Math.round(trial.recordsPerSecond).toLocaleString('en-US')
    return check(
      name,
      `${rate(loop)} records/s into nothing on one event loop, ${rate(threaded)} on ${threads} threads (${input.name}, text)`,
      null,
    )
  } catch (error) {
    return check(name, 'the null trial failed', (error as Error).message, 'problem')
  }
}
