import { type Chunk, points } from '../calibration/points.js'
import { type Calibration, rowsOf } from '../calibration/rows.js'
import { runChunks } from '../calibration/run-chunks.js'
import { mergeTallies } from '../calibration/tally.js'
import { criterionText, foundText } from '../calibration/text.js'
import type { BenchOptions, Part } from '../part.js'
import { textTable } from '../rounds/text-table.js'

/** Studies that a thread simulates at a time. */
const chunkSize = 200

/**
 * How often what the statistics say is true: simulated studies, drawn from known truths, through the same analysis as measured ones. No server and no
 * clock takes part. A round is a thousand studies of each point that is quick, and fewer of those that are slow; the same rounds, the same result.
 */
export const calibration: Part<Calibration> = {
  name: 'calibration',
  title: 'Calibration of the statistics',
  run: simulate,
  show: ({ rows }) =>
    textTable(
      ['what', 'where', 'studies', 'found', 'criterion', ''],
      rows.flatMap((row) =>
        row.points.map((point) => [
          row.what,
          point.where,
          point.count.toLocaleString('en-US'),
          foundText(point, row.unit),
          criterionText(point.criterion, row.unit),
          point.met === null ? '' : point.met ? 'met' : 'missed',
        ]),
      ),
    ),
}

async function simulate({ rounds, progress, signal }: BenchOptions): Promise<Calibration> {
  const chunks = points.flatMap(({ studiesPerRound }, point): Chunk[] => {
    const studies = studiesPerRound * rounds
    return Array.from({ length: Math.ceil(studies / chunkSize) }, (_, k) => ({
      point,
      from: k * chunkSize,
      to: Math.min(studies, (k + 1) * chunkSize),
    }))
  })
  const tallies = await runChunks(chunks, {
    signal,
    onDone: (done) => progress(`${done} of ${chunks.length} portions of studies`),
  })
  const tallyOfPoint = points.map((_, point) => mergeTallies(tallies.filter((_, k) => chunks[k]!.point === point)))
  return { rounds, rows: rowsOf(points, tallyOfPoint) }
}
