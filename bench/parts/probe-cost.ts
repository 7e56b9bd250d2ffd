import type { Estimate } from 'copylab/analysis'
import { embedded, flights, type RunTrial, type Treatment, withTrials } from 'copylab/executor'
import { median, pairedRatio, signedRank } from 'copylab/statistics'
import type { BenchOptions, Part } from '../part.js'

/** Pairs that are run at once; the interval is looked at after each lot of them. */
const pairsAtOnce = 20
/** Number of rounds, the default, for which all pairs are run. */
const fullRounds = 12
const minPairs = 80
const maxPairs = 240
/** Half of the interval's width at which enough pairs were run, on the scale of log ratios. */
const enoughHalfWidth = 0.007
/** Cost that the estimate may not exceed, either way. */
const maxCost = 0.01

/**
 * The study's own arrangement, and the one that leaves no core idle, where a probe has to take its
 * time from somebody.
 */
export const costedLoads: Readonly<Record<string, Partial<Treatment>>> = {
  'split, text, pipeline': { workers: 2 },
  'queue, binary, prepared': { workers: 2, dispatch: 'queue', encoding: 'binary', source: 'prepared' },
}

export interface Cost {
  readonly treatment: string
  readonly records: number
  readonly pairs: number
  /**
   * Time with all probes as a multiple of the time with none: Hodges–Lehmann estimate of the ratio
   * within pairs, exact signed-rank interval.
   */
  readonly ratio: Estimate
  /** The cost as the geometric mean with Student's t interval, which the slowest trials widen. */
  readonly meanRatio: Estimate
  /** Whether the estimate is at most 1 %, and half the width of its interval at most 0.7 %. */
  readonly within: boolean
  readonly medianMs: { readonly on: number; readonly off: number }
  /** Every pair. */
  readonly onMs: readonly number[]
  readonly offMs: readonly number[]
}

/**
 * Measures what the probes cost: the same trial with all probes and with none, in pairs whose order
 * alternates (ABBA), in one session, until half the interval is 0.7 % wide: from 80 to 240 pairs.
 * Stopping by the width alone keeps the interval's level as pairs become many (Chow & Robbins,
 * 1965). Takes 13 minutes for 80 pairs of 717,000 records each and up to 40 on a noisy machine;
 * fewer than 12 rounds shorten it in proportion, to try it out.
 */
export const probeCost: Part<{ readonly costs: readonly Cost[] }> = {
  name: 'probe-cost',
  title: 'What the probes cost',
  run: async (options) => ({ costs: await measureCosts(options) }),
  show: ({ costs }) => costs.map(showCost),
}

async function measureCosts({ records, rounds, progress, signal }: BenchOptions): Promise<readonly Cost[]> {
  const onStep = (message: string): void => progress(`probe cost: ${message}`)
  const session = {
    server: embedded(),
    input: flights({ records }),
    treatments: Object.values(costedLoads),
    signal,
    onStep,
  }
  return withTrials(session, async (run) => {
    const measured: Cost[] = []
    for (const name of Object.keys(costedLoads)) measured.push(await measure(run, name, { records, rounds, onStep }))
    return measured
  })
}

async function measure(
  run: RunTrial,
  name: string,
  {
    records,
    rounds,
    onStep,
  }: Pick<BenchOptions, 'records' | 'rounds'> & { readonly onStep: (message: string) => void },
): Promise<Cost> {
  const total = async (probes: boolean): Promise<number> => {
    const trial = await run({ treatment: costedLoads[name]!, probes })
    if (trial.state === 'failed') throw new Error(trial.error.message)
    return trial.totalMs
  }
  await total(true)
  await total(false)
  const on: number[] = []
  const off: number[] = []
  const share = Math.min(1, rounds / fullRounds)
  const [atLeast, atMost] = [Math.ceil(minPairs * share), Math.ceil(maxPairs * share)]
  for (let pair = 0; pair < atMost; pair++) {
    if (pair >= atLeast && pair % pairsAtOnce === 0 && halfWidth(logRatio(on, off)) <= enoughHalfWidth) break
    onStep(`${name}: pair ${pair + 1} of ${atLeast} to ${atMost}`)
    const onFirst = pair % 2 === 0
    const first = await total(onFirst)
    const second = await total(!onFirst)
    on.push(onFirst ? first : second)
    off.push(onFirst ? second : first)
  }
  const found = logRatio(on, off)
  const { value, interval, n } = found
  const [lower, upper] = [Math.exp(interval!.lower), Math.exp(interval!.upper)]
  return {
    treatment: name,
    records,
    pairs: on.length,
    ratio: { value: Math.exp(value), interval: { level: interval!.level, lower, upper }, n },
    meanRatio: pairedRatio(on, off),
    within: Math.abs(value) <= maxCost && halfWidth(found) <= enoughHalfWidth,
    medianMs: { on: median(on), off: median(off) },
    onMs: on.map(Math.round),
    offMs: off.map(Math.round),
  }
}

/** Hodges–Lehmann estimate of the log ratio within pairs. */
function logRatio(on: readonly number[], off: readonly number[]): Estimate {
  return signedRank(on.map((ms, pair) => Math.log(ms / off[pair]!))).estimate
}

function halfWidth({ interval }: Estimate): number {
  return interval === null ? Number.POSITIVE_INFINITY : (interval.upper - interval.lower) / 2
}

function showCost({ treatment, ratio, within, medianMs }: Cost): string {
  const { lower, upper } = ratio.interval!
  return `${treatment}: with probes ${medianMs.on.toFixed(0)} ms, without ${medianMs.off.toFixed(0)} ms (medians); ratio ${ratio.value.toFixed(4)} [${lower.toFixed(4)}, ${upper.toFixed(4)}], ${ratio.n} pairs: ${within ? 'at most 1 % and known to 0.7 %' : 'above 1 %, or not known to 0.7 %'}`
}
