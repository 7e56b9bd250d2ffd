/** Rows as aligned columns of plain text; only fields that hold numbers, strings or booleans, numbers to the right. */
export function rowsText(rows: readonly object[]): string {
  const first = rows[0]
  if (!first) return 'No rows'
  const names = Object.entries(first)
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([name]) => name)
  const cells = rows.map((row) => names.map((name) => format((row as Record<string, unknown>)[name])))
  const widths = names.map((name, k) => Math.max(name.length, ...cells.map((row) => row[k]!.length)))
  const numeric = names.map((name) => typeof (first as Record<string, unknown>)[name] === 'number')
  const line = (row: readonly string[]): string =>
    row
      .map((cell, k) => (numeric[k] ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!)))
      .join('  ')
      .trimEnd()
  return [line(names), ...cells.map(line)].join('\n')
}

function format(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(6)))
  return String(value)
}
