/**
 * What the probes cost: the same trial with all probes and with none, in pairs whose order alternates (ABBA), in one session. Prints the
 * ratio of the times with its interval; with `--write` also writes bench/results/probe-cost.json.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type Estimate, median, pairedRatio, signedRank } from 'copylab/analysis'
import { embedded, flights, type RunTrial, type Treatment, withTrials } from 'copylab/executor'

const { values: flags } = parseArgs({
  options: {
    pairs: { type: 'string', default: '80' },
    records: { type: 'string', default: '717000' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const pairs = Number(flags.pairs)
const records = Number(flags.records)
/** The interval must lie within these bounds. */
const bounds = [0.98, 1.02] as const

/** The study's own arrangement, and the one that leaves no core idle, where a probe has to take its time from somebody. */
const treatments: Readonly<Record<string, Partial<Treatment>>> = {
  'split, text, pipeline': { workers: 2 },
  'queue, binary, prepared': { workers: 2, dispatch: 'queue', encoding: 'binary', source: 'prepared' },
}

interface Cost {
  readonly treatment: string
  readonly records: number
  readonly pairs: number
  /** Time with all probes as a multiple of the time with none: Hodges–Lehmann estimate of the ratio within pairs, exact signed-rank interval. */
  readonly ratio: Estimate
  /** The same as the geometric mean with Student's t interval, which the slowest trials widen. */
  readonly meanRatio: Estimate
  readonly within: boolean
  readonly medianMs: { readonly on: number; readonly off: number }
  /** Every pair. */
  readonly onMs: readonly number[]
  readonly offMs: readonly number[]
}

async function measure(run: RunTrial, name: string): Promise<Cost> {
  const total = async (probes: boolean): Promise<number> => {
    const trial = await run({ treatment: treatments[name]!, probes })
    if (trial.state === 'failed') throw new Error(trial.error.message)
    return trial.totalMs
  }
  await total(true)
  await total(false)
  const on: number[] = []
  const off: number[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const onFirst = pair % 2 === 0
    const first = await total(onFirst)
    const second = await total(!onFirst)
    on.push(onFirst ? first : second)
    off.push(onFirst ? second : first)
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: pair ${pair + 1} of ${pairs} `)
  }
  if (process.stderr.isTTY) process.stderr.write('\n')
  const logRatios = on.map((ms, pair) => Math.log(ms / off[pair]!))
  const { value, interval, n } = signedRank(logRatios).estimate
  if (!interval) throw new RangeError(`Expected \`pairs\` to be at least 6, got ${pairs}`)
  const [lower, upper] = [Math.exp(interval.lower), Math.exp(interval.upper)]
  return {
    treatment: name,
    records,
    pairs,
    ratio: { value: Math.exp(value), interval: { level: interval.level, lower, upper }, n },
    meanRatio: pairedRatio(on, off),
    within: lower >= bounds[0] && upper <= bounds[1],
    medianMs: { on: median(on), off: median(off) },
    onMs: on.map(Math.round),
    offMs: off.map(Math.round),
  }
}

if (flags.help) {
  console.log('npm run bench -- [--pairs 80] [--records 717000] [--write]')
} else {
  const options = { server: embedded(), input: flights({ records }), treatments: Object.values(treatments) }
  const costs = await withTrials(options, async (run) => {
    const measured: Cost[] = []
    for (const name of Object.keys(treatments)) measured.push(await measure(run, name))
    return measured
  })
  for (const { treatment, ratio, within, medianMs } of costs) {
    const { lower, upper } = ratio.interval!
    console.log(
      `${treatment}: with probes ${medianMs.on.toFixed(0)} ms, without ${medianMs.off.toFixed(0)} ms (medians); ratio ${ratio.value.toFixed(4)} [${lower.toFixed(4)}, ${upper.toFixed(4)}], ${ratio.n} pairs: ${within ? 'within' : 'not within'} ±2 %`,
    )
  }
  if (flags.write) {
    mkdirSync('bench/results', { recursive: true })
    const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, node: process.version }
    writeFileSync('bench/results/probe-cost.json', `${JSON.stringify({ machine, costs }, null, 2)}\n`)
  }
}
