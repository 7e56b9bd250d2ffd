import type { Estimate } from 'copylab/analysis'
import { embedded, flights, type RunTrial, type Treatment, withTrials } from 'copylab/executor'
import { median, pairedRatio, signedRank } from 'copylab/statistics'
import type { BenchOptions, Part } from '../part.js'

const pairs = 80
/** The interval must lie within these bounds. */
const bounds = [0.98, 1.02] as const

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
  readonly within: boolean
  readonly medianMs: { readonly on: number; readonly off: number }
  /** Every pair. */
  readonly onMs: readonly number[]
  readonly offMs: readonly number[]
}

/**
 * Measures what the probes cost: the same trial with all probes and with none, in pairs whose order
 * alternates (ABBA), in one session. Takes about 13 minutes at 717,000 records, whatever the
 * rounds: the interval needs its 80 pairs.
 */
export const probeCost: Part<{ readonly costs: readonly Cost[] }> = {
  name: 'probe-cost',
  title: 'What the probes cost',
  run: async (options) => ({ costs: await measureCosts(options) }),
  show: ({ costs }) => costs.map(showCost),
}

async function measureCosts({ records, progress, signal }: BenchOptions): Promise<readonly Cost[]> {
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
    for (const name of Object.keys(costedLoads)) measured.push(await measure(run, name, records, onStep))
    return measured
  })
}

async function measure(run: RunTrial, name: string, records: number, onStep: (message: string) => void): Promise<Cost> {
  const total = async (probes: boolean): Promise<number> => {
    const trial = await run({ treatment: costedLoads[name]!, probes })
    if (trial.state === 'failed') throw new Error(trial.error.message)
    return trial.totalMs
  }
  await total(true)
  await total(false)
  const on: number[] = []
  const off: number[] = []
  for (let pair = 0; pair < pairs; pair++) {
    onStep(`${name}: pair ${pair + 1} of ${pairs}`)
    const onFirst = pair % 2 === 0
    const first = await total(onFirst)
    const second = await total(!onFirst)
    on.push(onFirst ? first : second)
    off.push(onFirst ? second : first)
  }
  const logRatios = on.map((ms, pair) => Math.log(ms / off[pair]!))
  const { value, interval, n } = signedRank(logRatios).estimate
  const [lower, upper] = [Math.exp(interval!.lower), Math.exp(interval!.upper)]
  return {
    treatment: name,
    records,
    pairs,
    ratio: { value: Math.exp(value), interval: { level: interval!.level, lower, upper }, n },
    meanRatio: pairedRatio(on, off),
    within: lower >= bounds[0] && upper <= bounds[1],
    medianMs: { on: median(on), off: median(off) },
    onMs: on.map(Math.round),
    offMs: off.map(Math.round),
  }
}

function showCost({ treatment, ratio, within, medianMs }: Cost): string {
  const { lower, upper } = ratio.interval!
  return `${treatment}: with probes ${medianMs.on.toFixed(0)} ms, without ${medianMs.off.toFixed(0)} ms (medians); ratio ${ratio.value.toFixed(4)} [${lower.toFixed(4)}, ${upper.toFixed(4)}], ${ratio.n} pairs: ${within ? 'within' : 'not within'} ±2 %`
}
