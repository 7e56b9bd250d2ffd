import { median } from 'copylab/statistics'
import type { CpuTime } from './cpu-use.js'
import { type RoundsOptions, type Timed, timeInRounds } from './rounds.js'

/** Settings in words and numbers, as a result shows them: no path, no password. */
export type Settings = Readonly<Record<string, string | number>>

/** One way in which a contestant may run. */
export interface Variant {
  /** Connections that load at the same time. */
  readonly workers: number
  /**
   * Settings, apart from the workers, that distinguish this variant from the others of its
   * contestant.
   */
  readonly settings: Settings
  /** Loads everything once, verified, and returns the time in milliseconds. */
  run(): Promise<number>
  /** Loads everything once, verified and observed. */
  observed(): Promise<CpuTime>
}

/** A loader that takes part in a comparison, in the best of its variants. */
export interface Contestant {
  readonly name: string
  readonly kind: 'limit' | 'copylab' | 'peer'
  /** From when to when its time runs. */
  readonly clock: string
  /** Settings that all its variants have in common. */
  readonly settings: Settings
  readonly variants: readonly Variant[]
}

/** Result of the pilot for one variant. */
export interface PilotTimes {
  readonly contestant: string
  readonly workers: number
  readonly settings: Settings
  readonly timesMs: readonly number[]
  readonly medianMs: number
  readonly chosen: boolean
}

/** A contestant in the variant that the pilot chose. */
export interface Entrant extends Timed, Pick<Variant, 'observed'>, Omit<Contestant, 'variants'> {
  readonly workers: number
  /** The name with the settings of the variant. */
  readonly label: string
}

export interface Pilot {
  readonly entrants: readonly Entrant[]
  readonly times: readonly PilotTimes[]
}

/** Rounds of the pilot in which all variants run, and those in which the best of each remain. */
const pilotRounds = { all: 2, best: 3 }

/** Variants of each contestant that remain after the pilot's first rounds. */
const remaining = 3

/**
 * Chooses the fastest variant of every contestant in a few rounds of their own, so that no time
 * that is reported has taken part in the choice: all variants run in two rounds, the three with the
 * best medians in three more, and the best median of these decides. A contestant with one variant
 * takes no part.
 */
export async function runPilot(
  contestants: readonly Contestant[],
  options: Omit<RoundsOptions, 'warmUpRounds' | 'rounds'>,
): Promise<Pilot> {
  const progress = (message: string): void => options.progress(`pilot ${message}`)
  const chosen = contestants.filter(({ variants }) => variants.length > 1)
  const tried = chosen.flatMap((contestant) => contestant.variants.map((variant) => ({ contestant, variant })))
  const time = (pairs: typeof tried, rounds: number) => {
    const runs = pairs.map(({ contestant, variant }) => ({
      name: `${labelOf(contestant.name, variant)}, workers ${variant.workers}`,
      run: variant.run,
    }))
    return timeInRounds(runs, { ...options, rounds, warmUpRounds: 0, progress })
  }
  const first = await time(tried, pilotRounds.all)
  const screened = tried.map((pair, k) => ({ ...pair, ...first[k]! }))
  const kept = chosen.flatMap((contestant) => fastest(screened, contestant).slice(0, remaining))
  const second = await time(kept, pilotRounds.best)
  const results = screened.map((own) => {
    const again = second[kept.indexOf(own)]?.timesMs ?? []
    const timesMs = [...own.timesMs, ...again]
    return { ...own, timesMs, medianMs: median(timesMs), remained: kept.includes(own) }
  })
  const best = contestants.map((contestant) => {
    const own = fastest(
      results.filter(({ remained }) => remained),
      contestant,
    )
    return own[0] ?? { contestant, variant: contestant.variants[0]! }
  })
  return {
    entrants: best.map(({ contestant: { name, kind, clock, settings }, variant }) => ({
      name,
      kind,
      clock,
      settings: { ...settings, ...variant.settings },
      workers: variant.workers,
      label: labelOf(name, variant),
      run: variant.run,
      observed: variant.observed,
    })),
    times: results.map((own) => ({
      contestant: own.contestant.name,
      workers: own.variant.workers,
      settings: own.variant.settings,
      timesMs: own.timesMs,
      medianMs: own.medianMs,
      chosen: best.some((one) => one === own),
    })),
  }
}

/** A contestant's own, by their medians. */
function fastest<Own extends { readonly contestant: Contestant; readonly medianMs: number }>(
  all: readonly Own[],
  contestant: Contestant,
): Own[] {
  return all.filter((own) => own.contestant === contestant).sort((a, b) => a.medianMs - b.medianMs)
}

function labelOf(name: string, { settings }: Variant): string {
  return [name, ...Object.values(settings)].join(', ')
}
