import { type Client, type Encoding, flights, runNullTrial } from 'copylab/executor'
import type { BenchOptions, Part } from '../part.js'
import { seededOrder } from '../rounds/seeded-order.js'
import { type Spread, spreadOf, spreadText } from '../rounds/spread.js'

/** The ways to run the client that are compared. */
interface Arrangement {
  readonly encoding: Encoding
  readonly client: Client
  readonly workers: number
}

const clients: readonly Omit<Arrangement, 'encoding'>[] = [
  { client: 'event-loop', workers: 1 },
  { client: 'threads', workers: 1 },
  { client: 'threads', workers: 2 },
  { client: 'threads', workers: 4 },
]

const arrangements: readonly Arrangement[] = (['text', 'binary'] as const).flatMap((encoding) =>
  clients.map((client) => ({ encoding, ...client })),
)

/** Speed of the client in one arrangement when nothing takes the records from it. */
export interface CeilingOf extends Arrangement {
  readonly recordsPerSecond: Spread
  /** Milliseconds from the first read to the last record handed over. */
  readonly totalMs: Spread
  /** Share of the time in which the busiest event loop was busy, 0 to 1. */
  readonly eventLoopUtilisation: Spread
}

export interface Ceiling {
  /** Records of each null trial. */
  readonly records: number
  /** Rounds that count; one more is run before them and discarded. */
  readonly rounds: number
  readonly ceilings: readonly CeilingOf[]
}

/**
 * The client's ceiling: reading, analysing and encoding flights into nothing, in batches of 10,000
 * that each worker takes whole (queue). Every round runs all arrangements in a random order of its
 * own.
 */
export const ceiling: Part<Ceiling> = {
  name: 'ceiling',
  title: 'What the client reaches alone',
  run: measure,
  show: ({ records, ceilings }) => [
    `Records per second into nothing, ${records.toLocaleString('en-US')} records: median [range]`,
    ...ceilings.map(
      ({ encoding, client, workers, recordsPerSecond }) =>
        `${encoding.padEnd(7)} ${client.padEnd(10)} ${workers} ${workers === 1 ? 'worker ' : 'workers'}  ${spreadText(recordsPerSecond)}`,
    ),
  ],
}

async function measure({ rounds, records, progress, signal }: BenchOptions): Promise<Ceiling> {
  const input = flights({ records })
  const trials = new Map(arrangements.map((arrangement) => [arrangement, [] as Trials]))
  for (let round = 0; round <= rounds; round++) {
    for (const arrangement of seededOrder(arrangements, round)) {
      const { encoding, client, workers } = arrangement
      const which = round === 0 ? 'discarded round' : `round ${round} of ${rounds}`
      progress(`ceiling: ${which}, ${encoding}, ${client}, ${workers} workers`)
      const trial = await runNullTrial({ input, treatment: { ...arrangement, dispatch: 'queue' }, signal })
      if (round > 0) trials.get(arrangement)!.push(trial)
    }
  }
  return { records, rounds, ceilings: arrangements.map((arrangement) => ceilingOf(arrangement, trials)) }
}

type Trials = Awaited<ReturnType<typeof runNullTrial>>[]

function ceilingOf(arrangement: Arrangement, trials: ReadonlyMap<Arrangement, Trials>): CeilingOf {
  const own = trials.get(arrangement)!
  return {
    ...arrangement,
    recordsPerSecond: spreadOf(own.map((trial) => trial.recordsPerSecond)),
    totalMs: spreadOf(own.map((trial) => trial.totalMs)),
    eventLoopUtilisation: spreadOf(own.map((trial) => trial.eventLoopUtilisation)),
  }
}
