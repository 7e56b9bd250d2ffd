import { join } from 'node:path'
import type { BenchOptions, Part } from '../part.js'
import { type Arena, findPeers, type Peer, type SkippedPeer, skippedLines } from '../peers/peer.js'
import { type Comparison, compareContestants, type Result } from '../rounds/comparison.js'
import type { Contestant } from '../rounds/contestant.js'
import { inverse, type Ratio, ratioWithinRounds } from '../rounds/ratio.js'
import { benchTable, ratioText } from '../rounds/text-table.js'
import { shapes, type WrittenShape, withShape } from '../shapes/shapes.js'
import { type Contest, onServer, withContest } from './contest.js'
import { type Arrangement, copylab } from './copylab.js'
import { type ServerUsed, serverUsed } from './server-used.js'

/** One loader's result, compared with the server's limit and with copylab. */
export interface LoaderResult extends Omit<Result, 'toBaseline'> {
  /** The limit's time divided by this one's, within rounds: 1 is as fast as the limit. */
  readonly shareOfLimit: Ratio
  /** This one's time divided by copylab's, within rounds: 2 is half as fast. */
  readonly toOurs: Ratio
}

/** How fast loaders fill a table of one shape. */
export interface ShapeResult extends Omit<Comparison, 'contestants'>, Pick<WrittenShape, 'name' | 'title' | 'records'> {
  readonly contestants: readonly LoaderResult[]
}

/** How fast loaders fill a table, for each shape of it. */
export interface Race {
  readonly server: ServerUsed
  readonly versions: Readonly<Record<string, string>>
  readonly shapes: readonly ShapeResult[]
  readonly skipped: readonly SkippedPeer[]
}

/** What a race is between. */
export interface Entries extends Pick<Part, 'name' | 'title'> {
  /** The server's own limit and the other loaders. */
  readonly peers: readonly Peer[]
  readonly ours: Arrangement
  /** Makes what the peers load from, once copylab's session is open. */
  readonly prepare: (arena: Arena, contest: Contest) => Promise<void>
}

/** A part of the bench that compares loaders on every shape of a table. */
export function race({ name, title, peers, ours, prepare }: Entries): Part<Race> {
  return {
    name,
    title,

    async run(options) {
      const { found, versions, skipped } = await findPeers(peers, options.peers)
      return onServer(options, async (connection) => {
        const results: ShapeResult[] = []
        for (const shape of shapes) {
          const result = await withShape(shape, options, (written) => {
            const arena = arenaOf(written)
            const loaders = [copylab(ours, written.records), ...found.map(({ loader }) => loader(arena))]
            return withContest({ connection, input: written.input, loaders }, options, async (contest) => {
              options.progress(`${written.name}: preparing`)
              await prepare(arena, contest)
              return compareShape(written, contest.contestants, options)
            })
          })
          results.push(result)
        }
        return { server: serverUsed(connection), versions, shapes: results, skipped }
      })
    },

    show: ({ shapes: results, skipped }) => [...results.flatMap(shapeTable), ...skippedLines(skipped)],
  }
}

/** Where loaders find the files of a shape. */
export function arenaOf({ records, folder }: WrittenShape): Arena {
  const place = (name: string): string => join(folder, '..', name)
  return { records, csv: folder, joined: place('joined.csv'), parts: place('parts') }
}

/** Compares loaders on a table of one shape; one of them is the limit, and one is copylab. */
async function compareShape(
  { name, title, records }: WrittenShape,
  contestants: readonly Contestant[],
  options: BenchOptions,
): Promise<ShapeResult> {
  const progress = (message: string): void => options.progress(`${name}: ${message}`)
  const ceiling = contestants.find(({ kind }) => kind === 'limit')!
  const compared = await compareContestants(contestants, { ...options, progress }, ceiling.name)
  const ours = compared.contestants.find(({ kind }) => kind === 'copylab')!
  return {
    name,
    title,
    records,
    seed: compared.seed,
    contestants: compared.contestants.map(({ toBaseline, ...result }) => ({
      ...result,
      shareOfLimit: inverse(toBaseline),
      toOurs: ratioWithinRounds(result.timesMs, ours.timesMs),
    })),
    pilot: compared.pilot,
  }
}

/** Lines for the terminal. */
function shapeTable({ title, records, contestants }: ShapeResult): string[] {
  const rows = contestants.map(({ label, workers, medianMs, shareOfLimit, toOurs, cpu }) => [
    label,
    String(workers),
    medianMs.toFixed(0),
    ratioText(shareOfLimit),
    ratioText(toOurs),
    cpu === null ? '' : cpu.clientMs.median.toFixed(0),
    cpu === null ? '' : cpu.backendMs.median.toFixed(0),
  ])
  const header = ['', 'workers', 'median ms', "share of the limit's speed", 'time / ours', 'CPU: client', 'backends']
  return [`${title}, ${records.toLocaleString('en-US')} records`, ...benchTable(header, rows), '']
}
