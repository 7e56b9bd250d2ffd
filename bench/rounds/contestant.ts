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
  /** In the rounds that sort out what is slower; empty for the only variant of a contestant. */
  readonly timesMs: readonly number[]
  /** In the rounds that decide among those within 5 %; empty for others. */
  readonly choosingMs: readonly number[]
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

/** Rounds of the pilot in which all variants run, and those in which the better ones remain. */
const pilotRounds = { all: 2, better: 3 }

/** What remains of a contestant's variants after each step, by their medians and its best one. */
const remain = {
  /** After the first rounds, which are few: the best three, and all within 15 %. */
  better: { count: 3, within: 1.15 },
  /** After these: all within 5 %, among which the pilot does not tell. */
  equal: { count: 1, within: 1.05 },
}

/**
 * Chooses the fastest variant of every contestant in rounds of their own, so that no time that is
 * reported has taken part in the choice. All variants run in two rounds, the better ones in three
 * more. Those within 5 % of their contestant's best then run in as many rounds as are timed
 * afterwards, and the best median of these rounds alone decides: with `rounds` for the choice and
 * `rounds` for the times, neither noise nor the choice flatters anybody. A contestant takes part as
 * long as several variants of its remain.
 */
export async function runPilot(
  contestants: readonly Contestant[],
  { rounds, ...options }: Omit<RoundsOptions, 'warmUpRounds'>,
): Promise<Pilot> {
  const progress = (message: string): void => options.progress(`pilot ${message}`)
  const tried = contestants.flatMap((contestant) =>
    contestant.variants.map((variant): Tried => ({ contestant, variant, timesMs: [], choosingMs: [] })),
  )
  const time = async (all: readonly Tried[], count: number, list: 'timesMs' | 'choosingMs'): Promise<void> => {
    // What alone remains of a contestant is chosen.
    const pairs = all.filter((own) => all.some((other) => other !== own && other.contestant === own.contestant))
    const runs = pairs.map(({ contestant, variant }) => ({
      name: `${labelOf(contestant.name, variant)}, workers ${variant.workers}`,
      run: variant.run,
    }))
    const times = await timeInRounds(runs, { ...options, rounds: count, warmUpRounds: 0, progress })
    for (const [k, own] of pairs.entries()) own[list].push(...times[k]!.timesMs)
  }
  await time(tried, pilotRounds.all, 'timesMs')
  const better = contestants.flatMap((contestant) => best(tried, contestant, remain.better))
  await time(better, pilotRounds.better, 'timesMs')
  const equal = contestants.flatMap((contestant) => best(better, contestant, remain.equal))
  await time(equal, rounds, 'choosingMs')
  const chosen = contestants.map(
    (contestant) => best(equal, contestant, { count: 1, within: 1 }, ({ choosingMs }) => choosingMs)[0]!,
  )
  return {
    entrants: chosen.map(({ contestant: { name, kind, clock, settings }, variant }) => ({
      name,
      kind,
      clock,
      settings: { ...settings, ...variant.settings },
      workers: variant.workers,
      label: labelOf(name, variant),
      run: variant.run,
      observed: variant.observed,
    })),
    times: tried.map((own) => ({
      contestant: own.contestant.name,
      workers: own.variant.workers,
      settings: own.variant.settings,
      timesMs: own.timesMs,
      choosingMs: own.choosingMs,
      chosen: chosen.includes(own),
    })),
  }
}

/** One variant and its times so far. */
interface Tried {
  readonly contestant: Contestant
  readonly variant: Variant
  readonly timesMs: number[]
  readonly choosingMs: number[]
}

/** A contestant's own, the fastest first: so many at least, and all within a share of the best. */
function best(
  all: readonly Tried[],
  contestant: Contestant,
  { count, within }: { readonly count: number; readonly within: number },
  timesOf: (own: Tried) => readonly number[] = ({ timesMs }) => timesMs,
): Tried[] {
  const own = all
    .filter((one) => one.contestant === contestant)
    .map((one) => ({ one, ms: timesOf(one).length > 0 ? median(timesOf(one)) : 0 }))
    .sort((a, b) => a.ms - b.ms)
  return own.filter(({ ms }, k) => k < count || ms < own[0]!.ms * within).map(({ one }) => one)
}

function labelOf(name: string, { settings }: Variant): string {
  return [name, ...Object.values(settings)].join(', ')
}
