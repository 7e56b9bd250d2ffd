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
export interface Entrant extends Timed, Omit<Contestant, 'variants'> {
  readonly workers: number
  /** The name with the settings of the variant. */
  readonly label: string
}

export interface Pilot {
  readonly entrants: readonly Entrant[]
  readonly times: readonly PilotTimes[]
}

/**
 * Chooses the fastest variant of every contestant by its median in a few rounds of their own, so
 * that no time that is reported has taken part in the choice.
 */
export async function runPilot(
  contestants: readonly Contestant[],
  options: Omit<RoundsOptions, 'warmUpRounds'>,
): Promise<Pilot> {
  const progress = (message: string): void => options.progress(`pilot ${message}`)
  const tried = contestants.flatMap((contestant) => contestant.variants.map((variant) => ({ contestant, variant })))
  const runs = tried.map(({ contestant, variant }) => ({
    name: `${labelOf(contestant.name, variant)}, workers ${variant.workers}`,
    run: variant.run,
  }))
  const measured = await timeInRounds(runs, { ...options, warmUpRounds: 0, progress })
  const results = tried.map((pair, k) => ({ ...pair, ...measured[k]! }))
  const best = contestants.map((contestant) =>
    results.filter((own) => own.contestant === contestant).reduce((a, b) => (b.medianMs < a.medianMs ? b : a)),
  )
  return {
    entrants: best.map(({ contestant: { name, kind, clock, settings }, variant }) => ({
      name,
      kind,
      clock,
      settings: { ...settings, ...variant.settings },
      workers: variant.workers,
      label: labelOf(name, variant),
      run: variant.run,
    })),
    times: results.map((own) => ({
      contestant: own.contestant.name,
      workers: own.variant.workers,
      settings: own.variant.settings,
      timesMs: own.timesMs,
      medianMs: own.medianMs,
      chosen: best.includes(own),
    })),
  }
}

function labelOf(name: string, { settings }: Variant): string {
  return [name, ...Object.values(settings)].join(', ')
}
