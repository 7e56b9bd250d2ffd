import type { Point } from '../calibration/point.js'
import { type Chunk, points, pointsOfPart } from '../calibration/points.js'
import { type Calibration, rowsOf } from '../calibration/rows.js'
import { runChunks } from '../calibration/run-chunks.js'
import { mergeTallies } from '../calibration/tally.js'
import { criterionText, foundText } from '../calibration/text.js'
import type { BenchOptions, Part } from '../part.js'
import { benchTable } from '../rounds/text-table.js'

/** Studies that a thread simulates at a time. */
const chunkSize = 200

/**
 * How often what the statistics say is true: simulated studies, drawn from known truths, through
 * the same analysis as measured ones. No server and no clock takes part. A round is a thousand
 * studies of each point that is quick, and fewer of those that are slow; the same rounds, the same
 * result.
 */
export const calibration = simulationOf('calibration', 'Calibration of the statistics')

/**
 * Calibration of recommendations: whether the bound of the regret holds, however few the blocks,
 * unequal the spreads and many the settings.
 */
export const recommending = simulationOf('recommending', 'Calibration of recommendations')

function simulationOf(name: keyof typeof pointsOfPart, title: string): Part<Calibration> {
  return { name, title, run: (options) => simulate(pointsOfPart[name], options), show }
}

function show({ rows }: Calibration): string[] {
  return benchTable(
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
  )
}

async function simulate(own: readonly Point[], { rounds, progress, signal }: BenchOptions): Promise<Calibration> {
  const chunks = own.flatMap((one): Chunk[] => {
    const studies = one.studiesPerRound * rounds
    return Array.from({ length: Math.ceil(studies / chunkSize) }, (_, k) => ({
      point: points.indexOf(one),
      from: k * chunkSize,
      to: Math.min(studies, (k + 1) * chunkSize),
    }))
  })
  const tallies = await runChunks(chunks, {
    signal,
    onDone: (done) => progress(`${done} of ${chunks.length} portions of studies`),
  })
  const tallyOfPoint = own.map((one) =>
    mergeTallies(tallies.filter((_, k) => chunks[k]!.point === points.indexOf(one))),
  )
  return { rounds, rows: rowsOf(own, tallyOfPoint) }
}
