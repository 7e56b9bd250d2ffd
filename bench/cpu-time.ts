import { cpus } from 'node:os'
import { type CompletedTrial, embedded, flights, type Treatment, withTrials } from 'copylab/executor'
import type { BenchOptions, Part } from './part.js'
import { seededOrder } from './seeded-order.js'
import { type Spread, spreadOf } from './spread.js'

/** The arrangements whose times the part `loading` compares with the server's limit. */
const arrangements = {
  'prepared, event-loop': { source: 'prepared', client: 'event-loop' },
  'pipeline, threads': { source: 'pipeline', client: 'threads' },
  'pipeline, event-loop': { source: 'pipeline', client: 'event-loop' },
} as const satisfies Readonly<Record<string, Partial<Treatment>>>

const common = { workers: 2, encoding: 'binary', dispatch: 'queue' } as const satisfies Partial<Treatment>

export interface CpuTimeOf {
  readonly arrangement: keyof typeof arrangements
  /** The trial's time in milliseconds. */
  readonly totalMs: Spread
  /** CPU time of the client's process and of the workers' backends during a trial, in milliseconds. */
  readonly clientCpuMs: Spread
  readonly backendCpuMs: Spread
  /** Both as a share of all cores' time, 0 to 1. */
  readonly coresUsed: Spread
}

export interface CpuTime {
  readonly records: number
  readonly workers: number
  readonly cores: number
  readonly arrangements: readonly CpuTimeOf[]
}

/** Who uses the cores while records are loaded: says how far the client is from costing nothing. Needs a server on Linux, whose `/proc` is read. */
export const cpuTime: Part<CpuTime> = {
  name: 'cpu-time',
  title: 'Who uses the cores while records are loaded',
  run: measure,
  show: ({ arrangements: measured, workers }) => [
    `Medians per load, ${workers} workers: time, CPU time of the client and of the backends in ms, share of all cores`,
    ...measured.map(
      ({ arrangement, totalMs, clientCpuMs, backendCpuMs, coresUsed }) =>
        `${arrangement.padEnd(22)} ${totalMs.median.toFixed(0).padStart(6)} ${clientCpuMs.median.toFixed(0).padStart(6)} ${backendCpuMs.median.toFixed(0).padStart(6)}  ${(coresUsed.median * 100).toFixed(0)} %`,
    ),
  ],
}

async function measure({ rounds, records, progress, signal }: BenchOptions): Promise<CpuTime> {
  const names = Object.keys(arrangements) as (keyof typeof arrangements)[]
  const treatments = names.map((name) => ({ ...common, ...arrangements[name] }))
  const cores = cpus().length
  const options = { server: embedded(), input: flights({ records }), treatments, signal, onStep: progress }
  return withTrials(options, async (run) => {
    const trials = names.map((): CompletedTrial[] => [])
    for (let round = 0; round <= rounds; round++) {
      for (const index of seededOrder([...names.keys()], round)) {
        progress(`cpu-time: round ${round} of ${rounds}, ${names[index]}`)
        const trial = await run({ treatment: treatments[index]!, probes: { waits: false, walIo: false } })
        if (trial.state === 'failed') throw new Error(trial.error.message)
        if (round > 0) trials[index]!.push(trial)
      }
    }
    return {
      records,
      workers: common.workers,
      cores,
      arrangements: names.map((arrangement, index) => ({ arrangement, ...spent(trials[index]!, cores) })),
    }
  })
}

function spent(trials: readonly CompletedTrial[], cores: number): Omit<CpuTimeOf, 'arrangement'> {
  const known = trials.map(({ totalMs, clientCpuMs, backendCpuMs, missing }) => {
    if (clientCpuMs === null || backendCpuMs === null) {
      throw new Error(`CPU times were not read: ${missing.client ?? missing.backends ?? 'the reason is not known'}`)
    }
    return { totalMs, clientCpuMs, backendCpuMs, coresUsed: (clientCpuMs + backendCpuMs) / (cores * totalMs) }
  })
  const spread = (name: keyof (typeof known)[number]): Spread => spreadOf(known.map((trial) => trial[name]))
  return {
    totalMs: spread('totalMs'),
    clientCpuMs: spread('clientCpuMs'),
    backendCpuMs: spread('backendCpuMs'),
    coresUsed: spread('coresUsed'),
  }
}
