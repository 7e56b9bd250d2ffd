import type { Ratio } from './ratio.js'

/**
 * Aligned columns of plain text under a header; the first column to the left, the others to the
 * right.
 */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}

/** "0.93 [0.91, 0.95]", or "0.93" where there are too few rounds for an interval. */
export function ratioText({ value, interval }: Ratio): string {
  if (!interval) return value.toFixed(2)
  return `${value.toFixed(2)} [${interval.lower.toFixed(2)}, ${interval.upper.toFixed(2)}]`
}
