import type { BenchOptions } from '../part.js'
import { type Contestant, type PilotTimes, runPilot, type Settings } from './contestant.js'
import { type CpuUse, cpuUseOf } from './cpu-use.js'
import { type Compared, compareInRounds } from './rounds.js'

/** One contestant's times in the measured rounds, and how it ran. */
export interface Result extends Compared {
  readonly kind: Contestant['kind']
  /** The name with what the pilot chose in addition to the workers. */
  readonly label: string
  readonly clock: string
  readonly workers: number
  readonly settings: Settings
  /** Who used the cores, in loads that were observed; null where the system does not tell it. */
  readonly cpu: CpuUse | null
}

/** Result of a comparison of contestants. */
export interface Comparison {
  /** Orders of the rounds follow from it. */
  readonly seed: number
  readonly contestants: readonly Result[]
  /**
   * Every variant that was tried, and which of them were chosen; none of these times is in
   * `contestants`.
   */
  readonly pilot: readonly PilotTimes[]
}

/**
 * Chooses every contestant's best variant in a pilot, compares them, in rounds of their own, with
 * the one that `baseline` names, and observes who uses the cores in further rounds.
 */
export async function compareContestants(
  contestants: readonly Contestant[],
  { rounds, progress, signal }: BenchOptions,
  baseline: string,
): Promise<Comparison> {
  const seed = 1
  const { entrants, times: pilot } = await runPilot(contestants, { rounds, seed, progress, signal })
  const compared = await compareInRounds(entrants, { rounds, baseline, seed, progress, signal })
  const cpu = await cpuUseOf(
    entrants.map(({ observed }) => observed),
    { seed, progress, signal },
  )
  return {
    seed,
    contestants: compared.map((own, k) => {
      const { kind, label, clock, workers, settings } = entrants[k]!
      return { kind, ...own, label, workers, settings, clock, cpu: cpu[k]! }
    }),
    pilot,
  }
}
