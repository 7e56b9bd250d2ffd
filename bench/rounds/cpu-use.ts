import { cpus } from 'node:os'
import type { RoundsOptions } from './rounds.js'
import { seededOrder } from './seeded-order.js'
import { type Spread, spreadOf } from './spread.js'

/** CPU time that one load took, in milliseconds; null where the system does not tell it. */
export interface CpuTime {
  readonly totalMs: number
  /** Of the process that loads and of all that it started. */
  readonly clientMs: number | null
  readonly backendMs: number | null
}

/** Who used the cores while records were loaded. */
export interface CpuUse {
  readonly clientMs: Spread
  readonly backendMs: Spread
  /** Both as a share of all cores' time, 0 to 1. */
  readonly coresUsed: Spread
}

/** Loads that are observed, which are none of those that are timed. */
const observedRounds = 4

/**
 * Runs everything a few times more, observed, in interleaved rounds; null for what the system does
 * not tell.
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
  const known = times.flatMap(({ totalMs, clientMs, backendMs }) =>
    clientMs === null || backendMs === null
      ? []
      : [{ clientMs, backendMs, coresUsed: (clientMs + backendMs) / (cpus().length * totalMs) }],
  )
  if (known.length < times.length) return null
  const spread = (name: keyof (typeof known)[number]): Spread => spreadOf(known.map((one) => one[name]))
  return { clientMs: spread('clientMs'), backendMs: spread('backendMs'), coresUsed: spread('coresUsed') }
}
