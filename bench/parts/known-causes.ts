import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Cause, type CauseName, type Explanation, explain } from 'copylab/analysis'
import {
  embedded,
  type Factors,
  flights,
  type Input,
  type Progress,
  runStudy,
  type Selection,
  synthetic,
} from 'copylab/executor'
import { projectRoot } from '#copylab/project.js'
import type { BenchOptions, Part } from '../part.js'

/** A loss that is made on purpose, so that its cause is known, and what takes that cause away. */
export interface KnownCause {
  readonly cause: CauseName
  /** What makes the loss, and what takes its cause away. */
  readonly made: string
  readonly input: Input
  readonly factors: Factors
  readonly from: Selection
  readonly to: Selection
  /** Major version of PostgreSQL where it is not the project's own. */
  readonly version?: number
}

/** Workers that take prepared batches, whose backends have nothing to wait for but the server. */
const prepared = { batchSize: 10_000, dispatch: 'queue', source: 'prepared' } as const

/** The records of an input, into a table without a key. */
function withoutKey(input: Input): Input {
  return { ...input, fits: { ...input.fits, primaryKey: [] } }
}

/** One loss for each of five causes. Relation extension is cheap since PostgreSQL 16. */
export const knownCauses: readonly KnownCause[] = [
  {
    cause: 'cores',
    made: 'the server on one core instead of all, with 2 workers; taken away by 1 worker',
    input: flights({ records: 200_000 }),
    factors: { ...prepared, workers: [1, 2], cores: ['shared', '0/1'] },
    from: { workers: 2, cores: 'shared' },
    to: { workers: 2, cores: '0/1' },
  },
  {
    cause: 'extension',
    made: 'one table instead of one for each of 4 workers, with wide rows, no key and no WAL; taken away by 1 worker',
    input: withoutKey(synthetic({ records: 60_000, width: 1900, columns: 1 })),
    factors: {
      ...prepared,
      workers: [1, 4],
      batchSize: 1000,
      encoding: 'binary',
      persistence: 'unlogged',
      tables: ['per-worker', 'one'],
    },
    from: { workers: 4, tables: 'per-worker' },
    to: { workers: 4, tables: 'one' },
    version: 14,
  },
  {
    cause: 'wal',
    made: 'a pause of 10 ms before each flush of WAL (`commit_delay`); taken away by commits that do not wait for it',
    input: flights({ records: 100_000 }),
    factors: {
      workers: 2,
      batchSize: 5000,
      settings: { default: {}, delay: { commit_delay: '10000', commit_siblings: '0' } },
      synchronousCommit: [true, false],
    },
    from: { settings: 'default' },
    to: { settings: 'delay' },
  },
  {
    cause: 'client',
    made: '20 µs of waiting with each record in the one thread of the client; taken away by a thread for each of 8 workers',
    input: flights({ records: 100_000 }),
    factors: { workers: 8, batchSize: 10_000, clientWork: ['0', 'sleep:20'], client: ['event-loop', 'threads'] },
    from: { clientWork: '0' },
    to: { clientWork: 'sleep:20' },
  },
  {
    cause: 'network',
    made: 'a round trip of 20 ms; taken away by batches ten times as large',
    input: flights({ records: 200_000 }),
    factors: { workers: 2, batchSize: [5000, 50_000], roundTripMs: [0, 20] },
    from: { roundTripMs: 0, batchSize: 5000 },
    to: { roundTripMs: 20, batchSize: 5000 },
  },
]

/** Name of the study of a known cause, in data/studies. */
export const knownCauseStudy = (cause: CauseName): string => `known-${cause}`

/** What `explain` finds of a loss whose cause is known. */
export interface FoundCause {
  readonly cause: CauseName
  readonly made: string
  readonly changeMs: Explanation['changeMs']
  /** The measures of all causes, in milliseconds per worker, the largest first. */
  readonly measures: readonly Pick<Cause, 'name' | 'label' | 'perWorkerMs'>[]
  readonly state: Cause['state']
  /** The change of the time with the cause taken away; null where nothing counts. */
  readonly afterMs: Explanation['changeMs']
  /**
   * Whether the known cause is the largest, twice any other, and taking it away takes away more
   * than half of the loss.
   */
  readonly isFound: boolean
}

/** Runs the five studies anew, in data/studies, and lets `explain` find their causes. */
export const knownCausesPart: Part<{ readonly found: readonly FoundCause[] }> = {
  name: 'known-causes',
  title: 'Losses whose cause is known, explained',
  run: async (options) => {
    const found: FoundCause[] = []
    for (const known of knownCauses) {
      const study = await measureKnown(known, options)
      found.push(foundCause(known, explain(study, { from: known.from, to: known.to })))
    }
    return { found }
  },
  show: ({ found }) => found.map(showFound),
}

async function measureKnown(
  { cause, input, factors, version }: KnownCause,
  { rounds, progress, signal }: BenchOptions,
) {
  const server = embedded(version === undefined ? {} : { package: packageOf(version) })
  const name = knownCauseStudy(cause)
  const onProgress = ({ message }: Progress): void => progress(`${cause}: ${message}`)
  return runStudy({ name, server, input, factors, blocks: rounds, fresh: true, signal, onProgress })
}

function packageOf(version: number): string {
  const folder = join(projectRoot, `test/versions/node_modules/postgres-${version}`)
  if (!existsSync(folder)) throw new Error(`Expected ${folder}: run npm ci --prefix test/versions`)
  return folder
}

/** Tells what an explanation found of a known cause. */
export function foundCause({ cause, made }: KnownCause, { causes, changeMs }: Explanation): FoundCause {
  const measures = causes
    .map(({ name, label, perWorkerMs }) => ({ name, label, perWorkerMs }))
    .sort((a, b) => (b.perWorkerMs ?? 0) - (a.perWorkerMs ?? 0))
  const [largest, next] = measures
  const { state, by } = causes.find(({ name }) => name === cause)!
  const isLargest = largest!.name === cause && next!.perWorkerMs! <= largest!.perWorkerMs! / 2
  return {
    cause,
    made,
    changeMs,
    measures,
    state,
    afterMs: by[0]?.after ?? null,
    isFound: isLargest && state === 'confirmed',
  }
}

function showFound({ cause, changeMs, measures, state, afterMs, isFound }: FoundCause): string {
  const of = measures.slice(0, 3).map(({ name, perWorkerMs }) => `${name} ${perWorkerMs?.toFixed(0)}`)
  return `${cause}: ${changeMs?.value.toFixed(0)} ms; ${of.join(', ')}; ${state}, ${afterMs?.value.toFixed(0) ?? 'nothing'} ms left: ${isFound ? 'found' : 'not found'}`
}
