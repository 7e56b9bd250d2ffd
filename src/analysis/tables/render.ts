import { escapeHtml } from '../../format.js'

/** Cells as they are shown, and whether each column stands to the right, as numbers do. */
export interface TableCells {
  readonly head: readonly string[]
  /** One cell for each column, row by row. */
  readonly rows: readonly (readonly string[])[]
  readonly right: readonly boolean[]
}

/** The cells as an HTML table that needs no style sheet; cells and caption are text. */
export function htmlTable({ head, rows, right }: TableCells, caption?: string): string {
  const style = (column: number): string =>
    right[column]
      ? 'padding:0.3em 0.7em;text-align:right;font-variant-numeric:tabular-nums'
      : 'padding:0.3em 0.7em;text-align:left'
  const heads = head.map(
    (heading, k) => `<th scope="col" style="${style(k)};border-bottom:1px solid">${escapeHtml(heading)}</th>`,
  )
  const lines = rows.map(
    (cells) => `<tr>${cells.map((cell, k) => `<td style="${style(k)}">${escapeHtml(cell)}</td>`).join('')}</tr>`,
  )
  const title =
    caption === undefined
      ? ''
      : `<caption style="caption-side:top;text-align:left;padding:0.3em 0.7em">${escapeHtml(caption)}</caption>\n`
  return `<table style="border-collapse:collapse">\n${title}<thead><tr>${heads.join('')}</tr></thead>\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table>`
}

/**
 * The cells as the lines of a Markdown table. They are Markdown and hold no `|` but escaped;
 * without `right`, no column says where it stands.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right?: readonly boolean[],
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rules = head.map((_, k) => (right ? (right[k] ? '--:' : ':--') : '---'))
  return [head, rules, ...rows].map(line)
}

/** The cells as lines of plain text, in columns that are as wide as their widest cell. */
export function textTable({ head, rows, right }: TableCells): string[] {
  const lines = [head, ...rows]
  const widths = head.map((_, k) => lines.reduce((widest, cells) => Math.max(widest, cells[k]!.length), 0))
  return lines.map((cells) =>
    cells
      .map((cell, k) => (right[k] ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!)))
      .join('  ')
      .trimEnd(),
  )
}

/** The cells as the lines of a CSV file (RFC 4180), without their line ends. */
export function csvTable({ head, rows }: TableCells): string[] {
  const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return [head, ...rows].map((cells) => cells.map(field).join(','))
}
