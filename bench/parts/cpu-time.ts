import { cpus } from 'node:os'
import { type CompletedTrial, type RunTrial, type Treatment, withTrials } from 'copylab/executor'
import { loadFromFiles, type ServerLoad } from '../loading/limit.js'
import { withPayload } from '../loading/payload.js'
import { type Workbench, withWorkbench } from '../loading/workbench.js'
import type { BenchOptions, Part } from '../part.js'
import { seededOrder } from '../rounds/seeded-order.js'
import { type Spread, spreadOf } from '../rounds/spread.js'

/** The arrangements whose times the part `loading` compares with the server's limit. */
const arrangements = {
  'prepared, event-loop': { source: 'prepared', client: 'event-loop' },
  'pipeline, threads': { source: 'pipeline', client: 'threads' },
  'pipeline, event-loop': { source: 'pipeline', client: 'event-loop' },
} as const satisfies Readonly<Record<string, Partial<Treatment>>>

const names = Object.keys(arrangements) as (keyof typeof arrangements)[]

const common = { workers: 2, encoding: 'binary', dispatch: 'queue' } as const satisfies Partial<Treatment>

export interface CpuTimeOf {
  readonly arrangement: keyof typeof arrangements
  /** The trial's time in milliseconds. */
  readonly totalMs: Spread
  /**
   * CPU time of the client's process and of the workers' backends during a trial, in milliseconds.
   */
  readonly clientCpuMs: Spread
  readonly backendCpuMs: Spread
  /** Both as a share of all cores' time, 0 to 1. */
  readonly coresUsed: Spread
}

export interface CpuTime {
  readonly records: number
  readonly workers: number
  readonly cores: number
  /** The server's own load from files, in the same rounds: no client, no socket. */
  readonly limit: Pick<CpuTimeOf, 'totalMs' | 'backendCpuMs' | 'coresUsed'>
  readonly arrangements: readonly CpuTimeOf[]
}

/**
 * Who uses the cores while records are loaded: says how far the client is from costing nothing.
 * Needs a server on Linux, whose `/proc` is read.
 */
export const cpuTime: Part<CpuTime> = {
  name: 'cpu-time',
  title: 'Who uses the cores while records are loaded',
  run: measure,
  show: ({ arrangements: measured, limit, workers }) => [
    `Medians per load, ${workers} workers: time, CPU time of the client and of the backends in ms, share of all cores`,
    line('limit: COPY FROM file', { ...limit, clientCpuMs: null }),
    ...measured.map(({ arrangement, ...of }) => line(arrangement, of)),
  ],
}

function line(
  name: string,
  {
    totalMs,
    clientCpuMs,
    backendCpuMs,
    coresUsed,
  }: Omit<CpuTimeOf, 'arrangement' | 'clientCpuMs'> & { clientCpuMs: Spread | null },
): string {
  const ms = (spread: Spread | null): string => (spread?.median ?? 0).toFixed(0).padStart(6)
  return `${name.padEnd(22)} ${ms(totalMs)} ${ms(clientCpuMs)} ${ms(backendCpuMs)}  ${(coresUsed.median * 100).toFixed(0)} %`
}

function measure(options: BenchOptions): Promise<CpuTime> {
  const { signal } = options
  const treatments = names.map((name) => ({ ...common, ...arrangements[name] }))
  return withWorkbench(options, (bench) =>
    withTrials({ server: bench.server, input: bench.input, treatments, signal }, async (run) => {
      const first = await run({ treatment: treatments[0]!, probes: false })
      if (first.state === 'failed') throw new Error(first.error.message)
      return withPayload(bench, ({ binary }) => inRounds(bench, binary, run, options))
    }),
  )
}

async function inRounds(
  bench: Workbench,
  files: readonly string[],
  run: RunTrial,
  { rounds, records, progress, signal }: BenchOptions,
): Promise<CpuTime> {
  const cores = cpus().length
  const trials = names.map((): CompletedTrial[] => [])
  const limits: ServerLoad[] = []
  for (let round = 0; round <= rounds; round++) {
    for (const index of seededOrder([...names.keys(), names.length], round)) {
      progress(`cpu-time: round ${round} of ${rounds}, ${names[index] ?? 'limit'}`)
      const name = names[index]
      if (name === undefined) {
        const load = await loadFromFiles(bench, files, common.workers, { signal })
        if (round > 0) limits.push(load)
        continue
      }
      const trial = await run({
        treatment: { ...common, ...arrangements[name] },
        probes: { waits: false, walIo: false },
      })
      if (trial.state === 'failed') throw new Error(trial.error.message)
      if (round > 0) trials[index]!.push(trial)
    }
  }
  return {
    records,
    workers: common.workers,
    cores,
    limit: spentByServer(limits, cores),
    arrangements: names.map((arrangement, index) => ({ arrangement, ...spent(trials[index]!, cores) })),
  }
}

function spentByServer(loads: readonly ServerLoad[], cores: number): CpuTime['limit'] {
  const known = loads.map(({ ms, backendCpuMs }) => {
    if (backendCpuMs === null)
      throw new Error('CPU times of the backends were not read: this machine has no /proc/<pid>/schedstat')
    return { totalMs: ms, backendCpuMs, coresUsed: backendCpuMs / (cores * ms) }
  })
  return {
    totalMs: spreadOf(known.map(({ totalMs }) => totalMs)),
    backendCpuMs: spreadOf(known.map(({ backendCpuMs }) => backendCpuMs)),
    coresUsed: spreadOf(known.map(({ coresUsed }) => coresUsed)),
  }
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
