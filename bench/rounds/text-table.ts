import { textTable } from '#copylab/analysis/tables/render.js'
import type { Ratio } from './ratio.js'

/** Aligned columns of plain text, the first one to the left, the others to the right. */
export function benchTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return textTable({ head, rows, right: head.map((_, k) => k > 0) })
}

/** "0.93 [0.91, 0.95]", or "0.93" where there are too few rounds for an interval. */
export function ratioText({ value, interval }: Ratio): string {
  if (!interval) return value.toFixed(2)
  return `${value.toFixed(2)} [${interval.lower.toFixed(2)}, ${interval.upper.toFixed(2)}]`
}
