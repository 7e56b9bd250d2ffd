import { type Attributes, type Document, type Element, elementsOf, mapElements, textOf } from './ast.js'

/** Characters that fit into a line of a table. */
const lineCharacters = 92
/** Characters that the space between two columns takes. */
const gap = 2
/** No column gets less than this share of the width. */
const minShare = 0.06

type ColumnSpec = readonly [Element, Element]

/**
 * Takes tables out of their divisions, whose id they get, and gives columns their widths: those of
 * their text where a line holds the longest cells, else shares of the width by which the table gets
 * few lines.
 */
export function withTables(document: Document): Document {
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t !== 'Div') return undefined
    const [[id, classes], content] = element.c as [Attributes, Element[]]
    if (!classes.includes('table')) return undefined
    return content.map((block) => (block.t === 'Table' ? fitted(block, id) : block))
  })
  return { ...document, blocks }
}

function fitted(table: Element, id: string): Element {
  const [, caption, specs, ...rows] = table.c as [Attributes, unknown, ColumnSpec[], ...unknown[]]
  const widths = columnWidths(cellTexts(rows, specs.length))
  const sized = specs.map(([alignment], k): ColumnSpec => {
    const width = widths?.[k]
    return [alignment, width === undefined ? { t: 'ColWidthDefault' } : { t: 'ColWidth', c: width }]
  })
  return { t: 'Table', c: [[id, [], []], caption, sized, ...rows] }
}

/**
 * The texts of the cells, by column. Rows of pandoc's model are no elements: a cell is [attributes,
 * alignment, 1, 1, blocks].
 */
function cellTexts(rows: readonly unknown[], columns: number): string[][] {
  const texts: string[][] = Array.from({ length: columns }, () => [])
  const visit = (node: unknown): void => {
    if (!Array.isArray(node)) return
    if (isRow(node, columns)) for (const [k, cell] of node[1].entries()) texts[k]!.push(textOf(cell[4]))
    else for (const item of node) visit(item)
  }
  visit(rows)
  return texts
}

function isRow(node: readonly unknown[], columns: number): node is [unknown, unknown[][]] {
  const [, cells] = node
  return node.length === 2 && Array.isArray(cells) && cells.length === columns && cells.every(isCell)
}

function isCell(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length === 5 && typeof value[2] === 'number' && typeof value[3] === 'number'
}

/** Width of a column in characters: its longest cell and the space next to it. */
function longest(column: readonly string[]): number {
  return Math.max(1, ...column.map((text) => text.length)) + gap
}

/** Shares of the width by column; null where every cell fits into one line. */
function columnWidths(texts: readonly (readonly string[])[]): number[] | null {
  const longestCells = texts.map(longest)
  if (longestCells.reduce((sum, characters) => sum + characters, 0) <= lineCharacters) return null
  // A word is not broken; a column of long texts takes the width that the others leave.
  const words = texts.map(
    (column) => Math.max(1, ...column.flatMap((text) => text.split(/\s+/)).map((word) => word.length)) + gap,
  )
  const minShares = words.map((characters) => Math.max(minShare, characters / lineCharacters))
  const spare = Math.max(0, 1 - minShares.reduce((sum, share) => sum + share, 0))
  const wants = longestCells.map((characters, k) => Math.max(0, Math.sqrt(characters * words[k]!) - words[k]!))
  const wanted = wants.reduce((sum, want) => sum + want, 0) || 1
  return minShares.map((share, k) => share + (spare * wants[k]!) / wanted).map((share) => Number(share.toFixed(4)))
}

/** The table with a width for every column, where it has none that of the column's longest cell. */
export function withWidths(table: Element): Element {
  const [attributes, caption, specs, ...rows] = table.c as [Attributes, unknown, ColumnSpec[], ...unknown[]]
  const texts = cellTexts(rows, specs.length)
  const sized = specs.map(([alignment, width], k): ColumnSpec => {
    const share = Number((longest(texts[k]!) / lineCharacters).toFixed(4))
    return [alignment, width.t === 'ColWidthDefault' ? { t: 'ColWidth', c: share } : width]
  })
  return { t: 'Table', c: [attributes, caption, sized, ...rows] }
}

/** Changes the contents of a table's cells. */
export function eachCell(
  table: Element,
  change: (blocks: readonly Element[], isLastRow: boolean) => readonly Element[],
): Element {
  const [attributes, caption, specs, ...rows] = table.c as [Attributes, unknown, ColumnSpec[], ...unknown[]]
  const count = cellTexts(rows, specs.length)[0]!.length
  let row = 0
  const visit = (node: unknown): unknown => {
    if (!Array.isArray(node)) return node
    if (!isRow(node, specs.length)) return node.map(visit)
    row += 1
    return [node[0], node[1].map((cell) => [...cell.slice(0, 4), change(cell[4] as Element[], row === count)])]
  }
  return { t: 'Table', c: [attributes, caption, specs, ...rows.map(visit)] }
}

/**
 * How many lines a table has, its header and caption too, estimated from the characters of its
 * cells.
 */
export function tableLines(table: Element): number {
  const [, , specs, ...rows] = table.c as [Attributes, unknown, ColumnSpec[], ...unknown[]]
  const texts = cellTexts(rows, specs.length)
  const lines = texts.map((column, k) => {
    const { t, c: share } = specs[k]![1]
    const characters = t === 'ColWidth' ? (share as number) * lineCharacters - gap : Number.POSITIVE_INFINITY
    return column.map((text) => Math.max(1, Math.ceil(text.length / characters)))
  })
  const ofRow = (row: number): number => Math.max(...lines.map((column) => column[row]!))
  return 2 + (lines[0] ?? []).reduce((sum, _, row) => sum + ofRow(row), 0)
}

/** The tables of a document with their ids. */
export function tablesOf(document: Document): { readonly id: string; readonly table: Element }[] {
  return elementsOf(document.blocks, 'Table').map((table) => ({ id: (table.c as [Attributes])[0][0], table }))
}
