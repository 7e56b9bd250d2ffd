import { type RunTrial, withTrials } from 'copylab/executor'
import { batchSize } from '../loading/payload.js'
import { type ServerUsed, serverUsed } from '../loading/server-used.js'
import { asInTheNote, best, contestantOf, treatmentsOf } from '../loading/trials.js'
import { type Workbench, withWorkbench } from '../loading/workbench.js'
import type { BenchOptions, Part } from '../part.js'
import { findImporter } from '../peers/importer.js'
import { type Arena, findPeers, type Peers, type SkippedPeer, skippedLines } from '../peers/peer.js'
import { withPrograms } from '../peers/programs.js'
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
  readonly batchSize: number
  readonly contestants: readonly ImportResult[]
  readonly skipped: readonly SkippedPeer[]
}

const arrangements = [asInTheNote, best]

export const importing: Part<Importing> = {
  name: 'import',
  title: 'The same files through the same analysis into the same table: copylab, and an importer in Python',

  async run(options) {
    const peers = await findPeers([findImporter], options.peers)
    const { signal, progress } = options
    return withWorkbench(options, (bench) => {
      const { server, input } = bench
      progress('preparing')
      return withTrials({ server, input, signal, treatments: arrangements.flatMap(treatmentsOf) }, (run) =>
        compare(bench, { run, peers, options }),
      )
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

async function compare(
  bench: Workbench,
  made: { readonly run: RunTrial; readonly peers: Peers<Arena>; readonly options: BenchOptions },
): Promise<Importing> {
  const { run, peers, options } = made
  const own = arrangements.map((arrangement) => contestantOf(arrangement, run))
  const { contestants, ...comparison } = await withPrograms(bench.connection.config, options.signal, (programs) => {
    const others = peers.found.map((peer) => peer.contestant({ bench, programs }))
    return compareContestants([...own, ...others], options, best.name)
  })
  const sameMs = contestants.find(({ name }) => name === asInTheNote.name)!.timesMs
  return {
    server: serverUsed(bench.connection),
    versions: peers.versions,
    batchSize,
    contestants: contestants.map(({ toBaseline, ...result }) => ({
      ...result,
      toSameArrangement: ratioWithinRounds(result.timesMs, sameMs),
      toBest: toBaseline,
    })),
    skipped: peers.skipped,
    ...comparison,
  }
}
