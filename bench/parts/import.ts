import { flights } from 'copylab/executor'
import { onServer, withContest } from '../loading/contest.js'
import { asInTheNote, copylab, pipeline } from '../loading/copylab.js'
import { type ServerUsed, serverUsed } from '../loading/server-used.js'
import type { Part } from '../part.js'
import { importer } from '../peers/importer.js'
import { findPeers, type SkippedPeer, skippedLines } from '../peers/peer.js'
import { flightsFolder } from '../places.js'
import { type Comparison, compareContestants, type Result } from '../rounds/comparison.js'
import { type Ratio, ratioWithinRounds } from '../rounds/ratio.js'
import { benchTable, ratioText } from '../rounds/text-table.js'

/** One contestant's result, compared with copylab's two arrangements. */
export interface ImportResult extends Omit<Result, 'toBaseline'> {
  /**
   * This one's time divided by that of copylab in the arrangement of the working note, within
   * rounds.
   */
  readonly toSameArrangement: Ratio
  /** This one's time divided by that of copylab in its best arrangement, within rounds. */
  readonly toBest: Ratio
}

/** How fast the same files come through the same analysis into the same table. */
export interface Importing extends Omit<Comparison, 'contestants'> {
  readonly server: ServerUsed
  readonly versions: Readonly<Record<string, string>>
  readonly contestants: readonly ImportResult[]
  readonly skipped: readonly SkippedPeer[]
}

export const importing: Part<Importing> = {
  name: 'import',
  title: 'The same files through the same analysis into the same table: copylab, and an importer in Python',

  async run(options) {
    const { records } = options
    const input = flights({ records })
    const { found, versions, skipped } = await findPeers([importer], options.peers)
    return onServer(options, async (connection) => {
      const ours = [asInTheNote, pipeline].map((arrangement) => copylab(arrangement, records))
      const loaders = [...ours, ...found.map(({ loader }) => loader({ records, csv: flightsFolder }))]
      const { contestants, ...comparison } = await withContest({ connection, input, loaders }, options, (contest) =>
        compareContestants(contest.contestants, options, pipeline.name),
      )
      const sameMs = contestants.find(({ name }) => name === asInTheNote.name)!.timesMs
      return {
        server: serverUsed(connection),
        versions,
        contestants: contestants.map(({ toBaseline, ...result }) => ({
          ...result,
          toSameArrangement: ratioWithinRounds(result.timesMs, sameMs),
          toBest: toBaseline,
        })),
        skipped,
        ...comparison,
      }
    })
  },

  show({ contestants, skipped }) {
    const rows = contestants.map(({ label, workers, medianMs, toSameArrangement, toBest }) => [
      label,
      String(workers),
      medianMs.toFixed(0),
      ratioText(toSameArrangement),
      ratioText(toBest),
    ])
    const header = ['', 'workers', 'median ms', 'time / same arrangement', 'time / best arrangement']
    return [...benchTable(header, rows), ...skippedLines(skipped)]
  },
}
