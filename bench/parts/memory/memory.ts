import { fileURLToPath } from 'node:url'
import { type Connection, embedded, type Treatment } from 'copylab/executor'
import type { BenchOptions, Part } from '../../part.js'
import { seededOrder } from '../../rounds/seeded-order.js'
import { type Spread, spreadOf, spreadText } from '../../rounds/spread.js'
import { runNode } from '../../run-node.js'
import { connectionString } from '../connection-string.js'
import type { ChildMemory, ChildTask } from './memory-child.js'

type Arrangement = Pick<Treatment, 'client' | 'workers' | 'encoding'>

const arrangements: readonly Arrangement[] = (['text', 'binary'] as const).flatMap((encoding) => [
  { client: 'event-loop', workers: 2, encoding },
  { client: 'threads', workers: 4, encoding },
])
/** Numbers of records; the last is all that `flights` has. */
const sizes = { small: 100_000, usual: 717_000, large: 3_000_000 } as const

/** The peak at 3,000,000 records is at most this multiple of the peak at 717,000. */
const growthLimit = 1.15
/** The peak is at most this number of bytes, whatever the arrangement here. */
const peakLimitBytes = 250e6

/** The loads of one arrangement with one number of records, each in a process of its own. */
export interface Loads extends Arrangement {
  readonly records: number
  /**
   * The highest resident set size of each process from its start to its end, in bytes. This is what
   * is judged.
   */
  readonly peakBytes: Spread
  /** Every process, with what else was read of it. */
  readonly processes: readonly ChildMemory[]
}

/** How an arrangement's peak depends on the number of records. */
export interface Growth extends Arrangement {
  /** The peak at 3,000,000 records as a multiple of the peak at 717,000, within each repeat. */
  readonly ratio: Spread
  /** Whether the median of `ratio` is within the limit. */
  readonly withinGrowth: boolean
  /** Whether the median peaks at all numbers of records are within the limit. */
  readonly withinPeak: boolean
}

export interface Memory {
  readonly repeats: number
  /** Where `peakBytes` comes from: the system's own high-water mark, which has no gaps. */
  readonly peakFrom: 'VmHWM' | 'maxRSS'
  readonly limits: { readonly growth: number; readonly peakBytes: number }
  /** Processes that only import `copylab/executor`. */
  readonly baseline: { readonly peakBytes: Spread; readonly processes: readonly ChildMemory[] }
  readonly loads: readonly Loads[]
  readonly growths: readonly Growth[]
}

/**
 * The client's peak memory against the number of records: flights from their files into a table of
 * the embedded server, batches of 10,000 that each worker takes whole (queue), probes off. Every
 * load runs in a fresh process, so that what an earlier one left does not count; the server's
 * processes do not count. Every repeat runs all of them in a random order of its own. Takes a
 * minute and a half per repeat, of which it makes as many as there are rounds, but three at least
 * and five at most.
 */
export const memory: Part<Memory> = { name: 'memory', title: 'Peak memory of the client', run: measure, show }

const child = fileURLToPath(new URL('./memory-child.js', import.meta.url))

async function measure({ rounds, progress, signal }: BenchOptions): Promise<Memory> {
  const repeats = Math.min(5, Math.max(3, rounds))
  const tasks: readonly ChildTask[] = [
    null,
    ...arrangements.flatMap((arrangement) =>
      Object.values(sizes).map((records) => ({ records, treatment: { ...arrangement, dispatch: 'queue' as const } })),
    ),
  ]
  const processes = new Map(tasks.map((task) => [task, [] as ChildMemory[]]))
  const run = async ({ config }: Connection): Promise<void> => {
    for (let repeat = 1; repeat <= repeats; repeat++) {
      for (const task of seededOrder(tasks, repeat)) {
        progress(`memory: repeat ${repeat} of ${repeats}, ${describe(task)}`)
        const env = { DATABASE_URL: connectionString(config) }
        const printed = await runNode(child, { arguments: [JSON.stringify(task)], env, signal })
        processes.get(task)!.push(JSON.parse(printed) as ChildMemory)
      }
    }
  }
  await embedded().use(run, { signal, onStep: (message) => progress(`memory: ${message}`) })
  return summarised(repeats, processes)
}

function describe(task: ChildTask): string {
  if (!task) return 'imports only'
  const { client, workers, encoding } = task.treatment
  return `${task.records.toLocaleString('en-US')} records, ${client}, ${workers} workers, ${encoding}`
}

function summarised(repeats: number, processes: ReadonlyMap<ChildTask, readonly ChildMemory[]>): Memory {
  const all = [...processes.values()].flat()
  const peakFrom = all.every((one) => one.processPeakBytes !== null) ? 'VmHWM' : 'maxRSS'
  const peakOf = (one: ChildMemory): number => (peakFrom === 'VmHWM' ? one.processPeakBytes! : one.maxRssBytes)
  const withPeaks = (own: readonly ChildMemory[]) => ({ peakBytes: spreadOf(own.map(peakOf)), processes: own })
  const loads = [...processes].flatMap(([task, own]) =>
    task ? [{ ...(task.treatment as Arrangement), records: task.records, ...withPeaks(own) }] : [],
  )
  return {
    repeats,
    peakFrom,
    limits: { growth: growthLimit, peakBytes: peakLimitBytes },
    baseline: withPeaks(processes.get(null)!),
    loads,
    growths: arrangements.map((arrangement) => growthOf(arrangement, loads)),
  }
}

function growthOf(arrangement: Arrangement, loads: readonly Loads[]): Growth {
  const { client, encoding } = arrangement
  const own = loads.filter((load) => load.client === client && load.encoding === encoding)
  const peaks = (records: number): readonly number[] => own.find((load) => load.records === records)!.peakBytes.values
  const normal = peaks(sizes.usual)
  const ratio = spreadOf(peaks(sizes.large).map((peak, repeat) => peak / normal[repeat]!))
  return {
    ...arrangement,
    ratio,
    withinGrowth: ratio.median <= growthLimit,
    withinPeak: own.every(({ peakBytes }) => peakBytes.median <= peakLimitBytes),
  }
}

const megabytes = { scale: 1e-6 }

function show({ repeats, baseline, loads, growths, limits }: Memory): string[] {
  const name = ({ client, workers, encoding }: Arrangement): string =>
    `${encoding.padEnd(7)} ${client.padEnd(10)} ${workers} workers`
  return [
    `Peak resident memory of the process in MB, ${repeats} processes each: median [range]`,
    `imports only: ${spreadText(baseline.peakBytes, megabytes)}`,
    ...loads.map(
      (load) =>
        `${name(load)}  ${load.records.toLocaleString('en-US').padStart(9)} records  ${spreadText(load.peakBytes, megabytes)}`,
    ),
    `3,000,000 records against 717,000, at most ${limits.growth}; peak at most ${limits.peakBytes / 1e6} MB`,
    ...growths.map(
      (growth) =>
        `${name(growth)}  × ${spreadText(growth.ratio, { digits: 2 })}: ${within(growth.withinGrowth)}; peak ${within(growth.withinPeak)}`,
    ),
  ]
}

const within = (met: boolean): string => (met ? 'within the limit' : 'above the limit')
