import { cpus } from 'node:os'
import { type CompletedTrial, type RunTrial, type Treatment, withTrials } from 'copylab/executor'
import { onServer, serverOf } from '../loading/contest.js'
import { type ServerUsed, serverUsed } from '../loading/server-used.js'
import type { BenchOptions, Part } from '../part.js'
import { seededOrder } from '../rounds/seeded-order.js'
import { type Spread, spreadOf, spreadText } from '../rounds/spread.js'
import { benchTable } from '../rounds/text-table.js'
import { shapes, type WrittenShape, withShape } from '../shapes/shapes.js'

/** Who used the cores in one of copylab's arrangements. */
export interface CpuTimeOf {
  readonly name: string
  /** The trial's time in milliseconds. */
  readonly totalMs: Spread
  /** CPU time of the client's process on the clock, in milliseconds. */
  readonly clientMs: Spread
  /** CPU time of the workers' backends, in milliseconds. */
  readonly backendMs: Spread
  /** Both as a share of all cores' time, 0 to 1. */
  readonly coresUsed: Spread
}

/** Who uses the cores while copylab loads tables of each shape. */
export interface CpuTimes {
  readonly server: ServerUsed
  readonly cores: number
  readonly workers: number
  readonly batchSize: number
  readonly shapes: readonly (Pick<WrittenShape, 'name' | 'title' | 'records'> & {
    readonly arrangements: readonly CpuTimeOf[]
  })[]
}

const common = { workers: 2, batchSize: 10_000, encoding: 'binary', dispatch: 'queue' } as const

const arrangements = [
  { source: 'prepared', client: 'event-loop' },
  { source: 'pipeline', client: 'event-loop' },
  { source: 'pipeline', client: 'threads' },
].flatMap((own) => [0, 1].map((copiesAhead) => ({ ...common, ...own, copiesAhead }) as Partial<Treatment>))

const nameOf = ({ source, client, copiesAhead }: Partial<Treatment>): string =>
  `${source}, ${client}, ${copiesAhead} ahead`

/**
 * Who uses the cores while copylab loads: how far its own work is from costing nothing. Needs a
 * server on Linux, whose `/proc` is read.
 */
export const cpuTime: Part<CpuTimes> = {
  name: 'cpu-time',
  title: `CPU time of copylab and of its backends, ${common.workers} workers, batches of 10,000`,

  run: (options) =>
    onServer(options, async (connection) => {
      const measured: CpuTimes['shapes'][number][] = []
      for (const shape of shapes) {
        const own = await withShape(shape, options, (written) =>
          withTrials(
            { server: serverOf(connection), input: written.input, treatments: arrangements, signal: options.signal },
            (run) => inRounds(written, run, options),
          ),
        )
        measured.push(own)
      }
      const { workers, batchSize } = common
      return { server: serverUsed(connection), cores: cpus().length, workers, batchSize, shapes: measured }
    }),

  show: ({ shapes: measured }) =>
    measured.flatMap(({ title, records, arrangements: own }) => [
      `${title}, ${records.toLocaleString('en-US')} records`,
      ...benchTable(
        ['', 'ms', 'CPU: client', 'backends', '% of all cores'],
        own.map(({ name, totalMs, clientMs, backendMs, coresUsed }) => [
          name,
          spreadText(totalMs),
          spreadText(clientMs),
          spreadText(backendMs),
          spreadText(coresUsed, { scale: 100 }),
        ]),
      ),
      '',
    ]),
}

async function inRounds(
  { name, title, records }: WrittenShape,
  run: RunTrial,
  { rounds, progress, signal }: BenchOptions,
): Promise<CpuTimes['shapes'][number]> {
  const trials = arrangements.map((): CompletedTrial[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const index of seededOrder([...arrangements.keys()], round)) {
      signal.throwIfAborted()
      progress(`${name}: round ${round} of ${rounds}, ${nameOf(arrangements[index]!)}`)
      const trial = await run({ treatment: arrangements[index]!, probes: { waits: false, walIo: false } })
      if (trial.state === 'failed') throw new Error(`A trial failed: ${trial.error.message}`)
      if (round > 0) trials[index]!.push(trial)
    }
  }
  return {
    name,
    title,
    records,
    arrangements: arrangements.map((arrangement, k) => ({ name: nameOf(arrangement), ...used(trials[k]!) })),
  }
}

function used(trials: readonly CompletedTrial[]): Omit<CpuTimeOf, 'name'> {
  const cores = cpus().length
  const known = trials.map(({ totalMs, clientCpuMs, backendCpuMs, missing }) => {
    if (clientCpuMs === null || backendCpuMs === null) {
      throw new Error(`CPU times were not read: ${missing.client ?? missing.backends ?? 'the reason is not known'}`)
    }
    const coresUsed = (clientCpuMs + backendCpuMs) / (cores * totalMs)
    return { totalMs, clientMs: clientCpuMs, backendMs: backendCpuMs, coresUsed }
  })
  const spread = (name: keyof (typeof known)[number]): Spread => spreadOf(known.map((trial) => trial[name]))
  return {
    totalMs: spread('totalMs'),
    clientMs: spread('clientMs'),
    backendMs: spread('backendMs'),
    coresUsed: spread('coresUsed'),
  }
}
