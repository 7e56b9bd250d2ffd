import { type Attributes, type Document, type Element, elementsOf, mapElements, raw } from '../ast.js'
import { eachCell, tableLines, withWidths } from '../tables.js'
import { cellStyle, keptCellStyle } from './word-reference.js'

/** Number of lines up to which a table is not broken between pages. */
const keptLines = 24
/** Number of heading levels in the table of contents. */
const contentsDepth = 2

/**
 * The document prepared for Word: widths for all columns, cells in the style of tables, and
 * contents that are there before Word makes them.
 */
export function asWordText(document: Document): Document {
  const blocks = mapElements(document.blocks, (element) => (element.t === 'Table' ? [wordTable(element)] : undefined))
  return { ...document, blocks: [...contents(document), ...blocks] }
}

function wordTable(table: Element): Element {
  const isKept = tableLines(table) <= keptLines
  return eachCell(withWidths(table), (blocks, isLastRow) => {
    const style = isKept && !isLastRow ? keptCellStyle : cellStyle
    const paragraphs = blocks.map((block) => (block.t === 'Plain' ? { ...block, t: 'Para' } : block))
    return [{ t: 'Div', c: [['', [], [['custom-style', style]]], paragraphs] }]
  })
}

/**
 * The table of contents: a field that Word rebuilds on demand, with page numbers then; until then
 * it holds links to the headings.
 */
function contents(document: Document): Element[] {
  const counts: number[] = []
  const entries = elementsOf(document.blocks, 'Header').flatMap((header): Element[] => {
    const [level, [id, classes], text] = header.c as [number, Attributes, Element[]]
    // The title of the chapter is above the first level.
    const depth = level - 1
    if (depth > contentsDepth) return []
    const isNumbered = !classes.includes('unnumbered')
    if (isNumbered) {
      counts.length = Math.min(counts.length, depth)
      while (counts.length < depth) counts.push(0)
      counts[depth - 1]! += 1
    }
    const number = isNumbered ? [{ t: 'Str', c: counts.join('.') }, { t: 'Space' }] : []
    const link = {
      t: 'Link',
      c: [
        ['', [], []],
        [...number, ...text],
        [`#${id}`, ''],
      ],
    }
    return [{ t: 'Div', c: [['', [], [['custom-style', `toc ${depth}`]]], [{ t: 'Para', c: [link] }]] }]
  })
  if (entries.length === 0) return []
  const field = (text: string): Element => raw('Inline', 'openxml', `<w:r>${text}</w:r>`)
  const begin = [
    field('<w:fldChar w:fldCharType="begin"/>'),
    field(`<w:instrText xml:space="preserve"> TOC \\o "1-${contentsDepth}" \\h \\z \\u </w:instrText>`),
    field('<w:fldChar w:fldCharType="separate"/>'),
  ]
  const end = [field('<w:fldChar w:fldCharType="end"/>')]
  return [
    { t: 'Div', c: [['', [], [['custom-style', 'TOC Heading']]], [{ t: 'Para', c: [{ t: 'Str', c: 'Contents' }] }]] },
    ...entries.map((entry, k) => around(entry, k === 0 ? begin : [], k === entries.length - 1 ? end : [])),
  ]
}

function around(entry: Element, before: readonly Element[], after: readonly Element[]): Element {
  const [attributes, [paragraph]] = entry.c as [Attributes, [Element]]
  return { t: 'Div', c: [attributes, [{ t: 'Para', c: [...before, ...(paragraph.c as Element[]), ...after] }]] }
}
