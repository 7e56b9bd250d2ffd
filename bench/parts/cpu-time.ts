import { cpus } from 'node:os'
import { type CompletedTrial, type Factors, type RunTrial, withTrials } from 'copylab/executor'
import { onServer, serverOf } from '../loading/contest.js'
import { arenaOf } from '../loading/race.js'
import { type ServerUsed, serverUsed } from '../loading/server-used.js'
import type { BenchOptions, Part } from '../part.js'
import { findPeers } from '../peers/peer.js'
import { limitOfFiles } from '../peers/readers.js'
import { type Ratio, ratioWithinRounds } from '../rounds/ratio.js'
import { seededOrder } from '../rounds/seeded-order.js'
import { type Spread, spreadOf, spreadText } from '../rounds/spread.js'
import { benchTable, ratioText } from '../rounds/text-table.js'
import { shapes, type WrittenShape, withShape } from '../shapes/shapes.js'

/** Who used the cores in one of copylab's arrangements, or where the server reads the files. */
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
  /**
   * The time of the server's own COPY FROM of the same files, divided by this one's, within rounds;
   * null for payloads that are made before the clock starts.
   */
  readonly shareOfLimit: Ratio | null
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

/** What loads, and whether it reads the files within its time. */
interface Arrangement {
  readonly name: string
  readonly treatment: Factors
  readonly readsFiles: boolean
}

const ours: readonly Arrangement[] = (
  [
    { source: 'prepared', client: 'event-loop' },
    { source: 'pipeline', client: 'event-loop' },
    { source: 'pipeline', client: 'threads' },
  ] as const
).flatMap((own) =>
  [0, 1].map((copiesAhead) => ({
    name: `${own.source}, ${own.client}, ${copiesAhead} ahead`,
    treatment: { ...common, ...own, copiesAhead },
    readsFiles: own.source === 'pipeline',
  })),
)

/** The server's own reading of the files, by as many backends. */
async function limitOf(written: WrittenShape): Promise<Arrangement> {
  const { found } = await findPeers([limitOfFiles], true)
  const { name, variants } = found[0]!.loader(arenaOf(written))
  const { treatment } = variants.find(({ workers }) => workers === common.workers)!
  return { name, treatment, readsFiles: true }
}

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
        const own = await withShape(shape, options, async (written) => {
          const arrangements = [...ours, await limitOf(written)]
          const treatments = arrangements.map(({ treatment }) => treatment)
          return withTrials(
            { server: serverOf(connection), input: written.input, treatments, signal: options.signal },
            (run) => inRounds(written, arrangements, run, options),
          )
        })
        measured.push(own)
      }
      const { workers, batchSize } = common
      return { server: serverUsed(connection), cores: cpus().length, workers, batchSize, shapes: measured }
    }),

  show: ({ shapes: measured }) =>
    measured.flatMap(({ title, records, arrangements: own }) => [
      `${title}, ${records.toLocaleString('en-US')} records`,
      ...benchTable(
        ['', 'ms', "share of the limit's speed", 'CPU: client', 'backends', '% of all cores'],
        own.map(({ name, totalMs, clientMs, backendMs, coresUsed, shareOfLimit }) => [
          name,
          spreadText(totalMs),
          shareOfLimit === null ? '' : ratioText(shareOfLimit),
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
  arrangements: readonly Arrangement[],
  run: RunTrial,
  { rounds, progress, signal }: BenchOptions,
): Promise<CpuTimes['shapes'][number]> {
  const trials = arrangements.map((): CompletedTrial[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const index of seededOrder([...arrangements.keys()], round)) {
      signal.throwIfAborted()
      const { name: own, treatment } = arrangements[index]!
      progress(`${name}: round ${round} of ${rounds}, ${own}`)
      const trial = await run({ treatment, probes: { waits: false, walIo: false } })
      if (trial.state === 'failed') throw new Error(`A trial failed: ${trial.error.message}`)
      if (round > 0) trials[index]!.push(trial)
    }
  }
  const timesOf = (k: number): number[] => trials[k]!.map(({ totalMs }) => totalMs)
  const limit = timesOf(arrangements.length - 1)
  return {
    name,
    title,
    records,
    arrangements: arrangements.map(({ name: own, readsFiles }, k) => ({
      name: own,
      ...used(trials[k]!),
      shareOfLimit: readsFiles ? ratioWithinRounds(limit, timesOf(k)) : null,
    })),
  }
}

function used(trials: readonly CompletedTrial[]): Omit<CpuTimeOf, 'name' | 'shareOfLimit'> {
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
