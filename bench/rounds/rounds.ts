import { median } from 'copylab/statistics'
import { type Ratio, ratioWithinRounds } from './ratio.js'
import { seededOrder } from './seeded-order.js'

/** Anything that can be timed again and again. */
export interface Timed {
  readonly name: string
  /** Runs once. Returns its own time in milliseconds; throws when what it did is not right. */
  run(): Promise<number>
}

export interface RoundsOptions {
  /** Rounds that are measured. */
  readonly rounds: number
  /** Rounds before them that are run and not kept. */
  readonly warmUpRounds: number
  /** Decides, with a round's number, the order within that round. */
  readonly seed: number
  readonly signal: AbortSignal
  readonly progress: (message: string) => void
}

/** Every time of one contestant, in the order of the rounds, in milliseconds. */
export interface Times {
  readonly name: string
  readonly timesMs: readonly number[]
  readonly medianMs: number
}

/**
 * Runs every contestant once per round, each round in a random order of its own, so that what
 * drifts touches all of them alike.
 */
export async function timeInRounds(contestants: readonly Timed[], options: RoundsOptions): Promise<Times[]> {
  const { rounds, warmUpRounds, seed, signal, progress } = options
  const times = contestants.map((): number[] => [])
  const indexed = contestants.map((contestant, index) => ({
    name: contestant.name,
    run: () => contestant.run(),
    index,
  }))
  for (let round = 1 - warmUpRounds; round <= rounds; round++) {
    for (const { name, run, index } of seededOrder(indexed, round, seed)) {
      signal.throwIfAborted()
      progress(`${round < 1 ? 'warm-up' : `round ${round} of ${rounds}`}, ${name}`)
      const ms = await run().catch((error: Error) => {
        throw new Error(`${name}: ${error.message}`, { cause: error })
      })
      if (round >= 1) times[index]!.push(ms)
    }
  }
  return contestants.map(({ name }, index) => ({
    name,
    timesMs: times[index]!.map(toMicroseconds),
    medianMs: toMicroseconds(median(times[index]!)),
  }))
}

export interface Compared extends Times {
  /** Time as a multiple of the baseline's, within rounds; 1 for the baseline itself. */
  readonly toBaseline: Ratio
}

/**
 * Compares contestants in interleaved rounds, one warm-up round left out, each with the one that
 * `baseline` names.
 */
export async function compareInRounds(
  contestants: readonly Timed[],
  { baseline, ...options }: Omit<RoundsOptions, 'warmUpRounds'> & { readonly baseline: string },
): Promise<Compared[]> {
  const all = await timeInRounds(contestants, { ...options, warmUpRounds: 1 })
  const reference = all.find(({ name }) => name === baseline)
  if (!reference) {
    const names = contestants.map(({ name }) => name).join('; ')
    throw new RangeError(`Expected \`baseline\` to be one of ${names}, got ${baseline}`)
  }
  return all.map((own) => ({ ...own, toBaseline: ratioWithinRounds(own.timesMs, reference.timesMs) }))
}

const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000
