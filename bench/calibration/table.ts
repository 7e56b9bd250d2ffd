import { markdownTable } from '#copylab/analysis/tables/render.js'
import type { Machine } from '../machine.js'
import type { Calibration, CalibrationPoint, CalibrationRow } from './rows.js'
import { criterionText, rangeText } from './text.js'

/** A result as it stands in bench/results. */
export type CalibrationResult = Calibration & { readonly machine: Machine; readonly date: string }

/**
 * The result as Markdown: a line for each row, with the range over its points, and under the table
 * the reason why rows lie beyond their criterion anywhere, be it within the Monte Carlo error.
 * Throws for one that misses it and says no reason.
 */
export function calibrationTable({ rows, date, machine }: CalibrationResult): string[] {
  const reasons = new Map<string, string[]>()
  for (const { what, why, points } of rows) {
    if (why !== null && points.some(isBeyond)) reasons.set(why, [...(reasons.get(why) ?? []), what])
  }
  const counts = rows.flatMap(({ points }) => points.map(({ count }) => count))
  const range = [...new Set([Math.min(...counts), Math.max(...counts)])].map((count) => count.toLocaleString('en-US'))
  return [
    ...markdownTable(['what', 'found', '±', 'criterion', 'met'], rows.map(cellsOf)),
    '',
    ...[...reasons].map(([why, whats]) => `- ${whats.join('; ')}: ${why}`),
    ...(reasons.size > 0 ? [''] : []),
    `Each line is the range over one or more kinds of studies, each of ${range.join(' to ')} simulated studies; ± is the largest Monte Carlo standard error among them, and a kind misses its criterion when it lies more than two of its own beyond it. Simulated on ${date.slice(0, 10)} with Node.js ${machine.node}.`,
  ]
}

function cellsOf(row: CalibrationRow): string[] {
  const { what, unit, points } = row
  const found = points.flatMap((point) => point.found ?? [])
  const errors = points.flatMap(({ standardError }) => standardError ?? [])
  const criterion = row.criterionText ?? criterionText(points[0]!.criterion, unit)
  return [what, rangeText(found, unit), rangeText([Math.max(...errors)], unit), criterion, metText(row)]
}

/** "12 of 12" */
function metText({ what, why, points }: CalibrationRow): string {
  const judged = points.filter(({ met }) => met !== null)
  const met = judged.filter((point) => point.met).length
  if (met < judged.length && why === null) throw new Error(`Expected a reason why this misses its criterion: ${what}`)
  return judged.length === 0 ? '' : `${met} of ${judged.length}`
}

function isBeyond({ found, criterion }: CalibrationPoint): boolean {
  if (found === null) return false
  const { least = null, most = null } = criterion ?? {}
  return (least !== null && found < least) || (most !== null && found > most)
}
