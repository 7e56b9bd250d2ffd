import { type RunTrial, withTrials } from 'copylab/executor'
import { limit } from '../loading/limit.js'
import { batchSize, type Payload, withPayload } from '../loading/payload.js'
import { type ServerUsed, serverUsed } from '../loading/server-used.js'
import { contestantOf, pipelineOn, prepared, treatmentsOf } from '../loading/trials.js'
import { type Workbench, withWorkbench } from '../loading/workbench.js'
import type { BenchOptions, Part } from '../part.js'
import { findParallelCopy } from '../peers/parallel-copy.js'
import { findPeers, type LoadingArena, type Peers, type SkippedPeer, skippedLines } from '../peers/peer.js'
import { findPgloader } from '../peers/pgloader.js'
import { withPrograms } from '../peers/programs.js'
import { findPsql } from '../peers/psql.js'
import { findAsyncpg, findPsycopg } from '../peers/python-loader.js'
import { type Comparison, chosenBest, compareContestants, type Result } from '../rounds/comparison.js'
import { inverse, type Ratio, ratioWithinRounds } from '../rounds/ratio.js'
import { benchTable, ratioText } from '../rounds/text-table.js'

/** One contestant's result, compared with the server's limit and with copylab. */
export interface LoadingResult extends Omit<Result, 'toBaseline'> {
  /** The limit's time divided by this one's, within rounds: 1 is as fast as the limit. */
  readonly shareOfLimit: Ratio
  /** This one's time divided by that of copylab's best, within rounds: 2 is half as fast. */
  readonly toBest: Ratio
}

/** How fast the same rows come into the same table. */
export interface Loading extends Omit<Comparison, 'contestants'> {
  readonly server: ServerUsed
  readonly versions: Readonly<Record<string, string>>
  readonly batchSize: number
  /** copylab's fastest contestant in the pilot, with which the others are compared. */
  readonly best: string
  readonly contestants: readonly LoadingResult[]
  readonly skipped: readonly SkippedPeer[]
}

const arrangements = [prepared, pipelineOn('threads'), pipelineOn('event-loop')]
const finders = [findPsql, findAsyncpg, findPsycopg, findParallelCopy, findPgloader]

export const loading: Part<Loading> = {
  name: 'loading',
  title: "The same rows into the same table: the server's own limit, copylab, other loaders",

  async run(options) {
    const peers = await findPeers(finders, options.peers)
    const { signal, progress } = options
    return withWorkbench(options, (bench) => {
      const { server, input } = bench
      progress('preparing')
      return withTrials({ server, input, signal, treatments: arrangements.flatMap(treatmentsOf) }, async (run) => {
        const first = await run({ treatment: treatmentsOf(prepared)[0]!, probes: false })
        if (first.state === 'failed') throw new Error(`copylab's first trial failed: ${first.error.message}`)
        progress('writing the payload')
        return withPayload(bench, (payload) => compare(bench, { payload, run, peers, options }))
      })
    })
  },

  show({ contestants, skipped, best }) {
    const rows = contestants.map(({ label, workers, medianMs, shareOfLimit, toBest }) => [
      label,
      String(workers),
      medianMs.toFixed(0),
      ratioText(shareOfLimit),
      ratioText(toBest),
    ])
    const header = ['', 'workers', 'median ms', "share of the limit's speed", `time / ${best}`]
    return [...benchTable(header, rows), ...skippedLines(skipped)]
  },
}

async function compare(
  bench: Workbench,
  made: {
    readonly payload: Payload
    readonly run: RunTrial
    readonly peers: Peers<LoadingArena>
    readonly options: BenchOptions
  },
): Promise<Loading> {
  const { payload, run, peers, options } = made
  const ceiling = limit(bench, payload.binary, options.signal)
  const own = arrangements.map((arrangement) => contestantOf(arrangement, run))
  const { contestants, ...comparison } = await withPrograms(bench.connection.config, options.signal, (programs) => {
    const others = peers.found.map((peer) => peer.contestant({ bench, payload, programs }))
    return compareContestants([ceiling, ...own, ...others], options, ceiling.name)
  })
  const best = chosenBest(
    comparison.pilot,
    own.map(({ name }) => name),
  )
  const bestMs = contestants.find(({ name }) => name === best)!.timesMs
  return {
    server: serverUsed(bench.connection),
    versions: peers.versions,
    batchSize,
    best,
    contestants: contestants.map(({ toBaseline, ...result }) => ({
      ...result,
      shareOfLimit: inverse(toBaseline),
      toBest: ratioWithinRounds(result.timesMs, bestMs),
    })),
    skipped: peers.skipped,
    ...comparison,
  }
}
