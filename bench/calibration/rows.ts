import type { Criterion, Point, Quantity } from './point.js'
import { type Found, foundIn, isMet, type Tally } from './tally.js'

/** A quantity at one point. */
export interface CalibrationPoint extends Found {
  readonly where: string
  readonly criterion: Criterion | null
  /** Whether it is met within the Monte Carlo error; null without a criterion. */
  readonly met: boolean | null
}

/** A quantity at all points that ask for it. */
export interface CalibrationRow extends Pick<Quantity, 'what' | 'unit'> {
  readonly criterionText: string | null
  /** Why it cannot be met at all points; null where nothing is known against it. */
  readonly why: string | null
  readonly points: readonly CalibrationPoint[]
}

export interface Calibration {
  readonly rounds: number
  readonly rows: readonly CalibrationRow[]
}

/** The tallies of all points by what they ask, in the order in which it is first asked. */
export function rowsOf(points: readonly Point[], tallies: readonly Tally[]): CalibrationRow[] {
  const rows = new Map<string, { readonly quantity: Quantity; readonly points: CalibrationPoint[] }>()
  for (const [index, { where, quantities }] of points.entries()) {
    for (const [key, quantity] of Object.entries(quantities)) {
      const row = rows.get(quantity.what) ?? { quantity, points: [] }
      rows.set(quantity.what, row)
      const found = foundIn(tallies[index]![key]!)
      const { criterion } = quantity
      row.points.push({ where, ...found, criterion, met: isMet(found, criterion) })
    }
  }
  return [...rows.values()].map(({ quantity: { what, unit, criterionText, why }, points }) => ({
    what,
    unit,
    criterionText: criterionText ?? null,
    why: why ?? null,
    points,
  }))
}
