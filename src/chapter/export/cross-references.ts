import { type Attributes, type Document, type Element, elementsOf, inlinesOf, mapElements, raw, textOf } from './ast.js'

/**
 * Kind of document that a text is written for: LaTeX and Typst count figures and tables themselves,
 * Word by fields in the text, a plain text gets their numbers.
 */
export type Target = 'latex' | 'typst' | 'office' | 'text'

export interface CrossReferences {
  readonly figures: readonly string[]
  readonly tables: readonly string[]
  /** The keys of the bibliography. */
  readonly works: ReadonlySet<string>
  /** The ids of cells that showed neither a figure nor a table when they were run. */
  readonly bareCells: ReadonlySet<string>
}

/**
 * Resolves links into the document: one to the id of a figure or a table becomes "Figure 3", with
 * its number; one to the key of a work becomes a citation, within parentheses where the link's text
 * has them; of one to a cell that showed neither, such as one whose study was not asked for, the
 * words stay. Captions get their numbers where the format does not count. Throws an `Error` for a
 * link to nothing.
 */
export function withCrossReferences(
  document: Document,
  { figures, tables, works, bareCells }: CrossReferences,
  target: Target,
): Document {
  const numberOf = (id: string): string | null => {
    const [figure, table] = [figures.indexOf(id), tables.indexOf(id)]
    return figure >= 0 ? `Figure\u00a0${figure + 1}` : table >= 0 ? `Table\u00a0${table + 1}` : null
  }
  const headings = new Set(
    elementsOf(document.blocks, 'Header').map((header) => (header.c as [number, Attributes])[1][0]),
  )
  const blocks = mapElements(document.blocks, (element) => {
    switch (element.t) {
      case 'Link': {
        const [, text, [address]] = element.c as [Attributes, Element[], [string, string]]
        if (!address.startsWith('#')) return undefined
        const id = address.slice(1)
        const number = numberOf(id)
        if (number !== null) return [reference(id, number, target)]
        if (works.has(id)) return [citation(id, textOf(text))]
        if (headings.has(id)) return undefined
        if (bareCells.has(cellOf(id))) return text
        throw new Error(`The text links to #${id}, which is no figure, table, heading or work of the bibliography`)
      }
      case 'Figure':
      case 'Table': {
        const [attributes, [short, caption], ...rest] = element.c as [Attributes, [unknown, Element[]], ...unknown[]]
        const number = numberOf(attributes[0])
        if (number === null || target === 'latex' || target === 'typst') return undefined
        return [{ t: element.t, c: [attributes, [short, labelled(number, caption, target)], ...rest] }]
      }
      default:
        return undefined
    }
  })
  return { ...document, blocks }
}

/** The ids of the cells that a text links to and that showed neither a figure nor a table. */
export function linkedBareCells(document: Document, bareCells: ReadonlySet<string>): string[] {
  const addresses = elementsOf(document.blocks, 'Link').map((link) => (link.c as [unknown, unknown, [string]])[2][0])
  const cells = addresses.filter((address) => address.startsWith('#')).map((address) => cellOf(address.slice(1)))
  return [...new Set(cells.filter((cell) => bareCells.has(cell)))]
}

/** The id of the cell of a figure or a table. */
function cellOf(id: string): string {
  return id.replace(/(-table)?(-\d+)?$/, '')
}

function reference(id: string, number: string, target: Target): Element {
  if (target === 'latex') return raw('Inline', 'latex', `${number.split('\u00a0')[0]}~\\ref{${id}}`)
  if (target === 'typst') return raw('Inline', 'typst', `@${id}`)
  return { t: 'Link', c: [['', [], []], [{ t: 'Str', c: number }], [`#${id}`, '']] }
}

function citation(key: string, text: string): Element {
  const isWithin = text.startsWith('(')
  const cited = {
    citationId: key,
    citationPrefix: [],
    citationSuffix: [],
    citationMode: { t: isWithin ? 'NormalCitation' : 'AuthorInText' },
    citationNoteNum: 1,
    citationHash: 0,
  }
  return { t: 'Cite', c: [[cited], inlinesOf(text)] }
}

function labelled(number: string, caption: readonly Element[], target: 'office' | 'text'): Element[] {
  const [first, ...rest] = caption
  const label = target === 'office' ? counted(number) : { t: 'Strong', c: [{ t: 'Str', c: `${number}.` }] }
  if (!first) return [{ t: 'Plain', c: [label] }]
  return [{ ...first, c: [label, { t: 'Space' }, ...(first.c as Element[])] }, ...rest]
}

/** A label whose number is a field: Word counts on when the text is pasted into another. */
function counted(number: string): Element {
  const [kind, count] = number.split('\u00a0')
  const run = (text: string): string => `<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`
  const field = `<w:fldSimple w:instr=" SEQ ${kind} \\* ARABIC ">${run(count!)}</w:fldSimple>`
  return raw('Inline', 'openxml', `${run(`${kind}\u00a0`)}${field}${run('.')}`)
}
