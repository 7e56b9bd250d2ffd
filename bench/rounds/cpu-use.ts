import type { RoundsOptions } from './rounds.js'
import { seededOrder } from './seeded-order.js'
import { type Spread, spreadOf } from './spread.js'

/** CPU time that one load took, in milliseconds; null where the system does not tell it. */
export interface CpuTime {
  /** Of copylab's process, or of a program and all that it started, on the clock. */
  readonly clientMs: number | null
  readonly backendMs: number | null
}

/** Who used the cores while records were loaded, in the rounds that tell both. */
export interface CpuUse {
  readonly clientMs: Spread
  readonly backendMs: Spread
}

/** Loads that are observed, which are none of those that are timed. */
const observedRounds = 4

/**
 * Runs everything a few times more, observed, in interleaved rounds; null for what no round told.
 */
export async function cpuUseOf(
  observed: readonly (() => Promise<CpuTime>)[],
  { seed, signal, progress }: Pick<RoundsOptions, 'seed' | 'signal' | 'progress'>,
): Promise<(CpuUse | null)[]> {
  const times = observed.map((): CpuTime[] => [])
  for (let round = 1; round <= observedRounds; round++) {
    progress(`CPU time, round ${round} of ${observedRounds}`)
    for (const index of seededOrder([...observed.keys()], round, seed)) {
      signal.throwIfAborted()
      times[index]!.push(await observed[index]!())
    }
  }
  return times.map(useOf)
}

function useOf(times: readonly CpuTime[]): CpuUse | null {
  const known = times.flatMap(({ clientMs, backendMs }) =>
    clientMs === null || backendMs === null ? [] : [{ clientMs, backendMs }],
  )
  if (known.length === 0) return null
  return {
    clientMs: spreadOf(known.map(({ clientMs }) => clientMs)),
    backendMs: spreadOf(known.map(({ backendMs }) => backendMs)),
  }
}
