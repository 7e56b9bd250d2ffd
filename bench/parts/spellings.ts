import type { Connection } from 'copylab/executor'
import { onServer, withContest } from '../loading/contest.js'
import { type Arrangement, copylab, pipeline } from '../loading/copylab.js'
import { type ServerUsed, serverUsed } from '../loading/server-used.js'
import type { BenchOptions, Part } from '../part.js'
import { findPeers, type Peers, type SkippedPeer, skippedLines } from '../peers/peer.js'
import { duckDb } from '../peers/readers.js'
import { type Comparison, compareContestants, type Result } from '../rounds/comparison.js'
import type { Contestant } from '../rounds/contestant.js'
import { type Ratio, ratioWithinRounds } from '../rounds/ratio.js'
import { benchTable, ratioText } from '../rounds/text-table.js'
import { clean, inputOf, type SpelledFiles, withSpellings } from '../shapes/spellings.js'

/** One loader's result for files of one spelling. */
export interface SpellingResult extends Omit<Result, 'toBaseline'> {
  /** This one's time divided by that of copylab with clean files, within rounds. */
  readonly toOurs: Ratio
  /** This one's time divided by that of the same loader with clean files; null for clean ones. */
  readonly toClean: Ratio | null
}

/** What it costs that files are written otherwise. */
export interface Spellings extends Omit<Comparison, 'contestants'> {
  readonly server: ServerUsed
  readonly versions: Readonly<Record<string, string>>
  readonly records: number
  readonly contestants: readonly SpellingResult[]
  readonly skipped: readonly SkippedPeer[]
}

/** copylab's best arrangement for files; not all of its variants are tried with each spelling. */
const ours: Arrangement = { ...pipeline, clients: ['threads'], workers: [2, 3] }

export const spellings: Part<Spellings> = {
  name: 'spellings',
  title: 'CSV files of five columns in several spellings into a table: copylab and DuckDB',

  async run(options) {
    const peers = await findPeers([duckDb], options.peers)
    return withSpellings(options, (spelled) =>
      onServer(options, (connection) => compare(spelled, { connection, peers, options })),
    )
  },

  show({ contestants, records, skipped }) {
    const rows = contestants.map(({ label, workers, medianMs, toOurs, toClean }) => [
      label,
      String(workers),
      medianMs.toFixed(0),
      Math.round((records / medianMs) * 1000).toLocaleString('en-US'),
      ratioText(toOurs),
      toClean ? ratioText(toClean) : '',
    ])
    const header = ['', 'workers', 'median ms', 'records per second', 'time / ours, clean', 'time / own, clean']
    return [...benchTable(header, rows), ...skippedLines(skipped)]
  },
}

async function compare(
  spelled: readonly SpelledFiles[],
  made: { readonly connection: Connection; readonly peers: Peers; readonly options: BenchOptions },
): Promise<Spellings> {
  const { connection, peers, options } = made
  const { contestants, ...comparison } = await withContests(spelled, made, (all) =>
    compareContestants(all, options, nameOf(ours.name, clean)),
  )
  return {
    ...comparison,
    server: serverUsed(connection),
    versions: peers.versions,
    records: options.records,
    skipped: peers.skipped,
    contestants: contestants.map(({ toBaseline, ...result }) => {
      const own = result.name.replace(/, [^,]*$/, '')
      const base = contestants.find(({ name }) => name === nameOf(own, clean))!
      const isClean = result.name === base.name
      return {
        ...result,
        toOurs: toBaseline,
        toClean: isClean ? null : ratioWithinRounds(result.timesMs, base.timesMs),
      }
    }),
  }
}

const nameOf = (loader: string, { name }: Pick<SpelledFiles, 'name'>): string => `${loader}, ${name}`

/**
 * Opens a session of trials for each spelling, one within the other, and calls `task` with the
 * loaders of all of them.
 */
async function withContests<T>(
  spelled: readonly SpelledFiles[],
  made: { readonly connection: Connection; readonly peers: Peers; readonly options: BenchOptions },
  task: (contestants: readonly Contestant[]) => Promise<T>,
  before: readonly Contestant[] = [],
): Promise<T> {
  const [own, ...others] = spelled
  if (!own) return task(before)
  const { connection, peers, options } = made
  const { records } = options
  const arena = { records, csv: own.folder, spelling: optionsOf(own) }
  const loaders = [copylab(ours, records), ...peers.found.map(({ loader }) => loader(arena))]
  const named = loaders.map((loader) => ({ ...loader, name: nameOf(loader.name, own) }))
  return withContest({ connection, input: await inputOf(own), loaders: named }, options, ({ contestants }) =>
    withContests(others, made, task, [...before, ...contestants]),
  )
}

/** How a program is told of a spelling. */
function optionsOf({ delimiter, decimal, dayFirst }: SpelledFiles): string[] {
  const format = dayFirst ? '%d.%m.%Y %H:%M' : '%Y-%m-%d %H:%M'
  return ['--delimiter', delimiter, '--decimal', decimal, '--timestamp-format', format]
}
