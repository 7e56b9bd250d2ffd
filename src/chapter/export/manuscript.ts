import { methodNumbers } from '../../analysis/text/method-numbers.js'
import type { QuotedNumber } from '../../analysis/text/phrase.js'
import { type MentionedValues, settingsNumbers } from '../../analysis/text/setting-numbers.js'
import { escapeMarkdown } from '../../format.js'
import { unusedName } from '../../names.js'
import { plotlyMime } from '../../notebook/figure-display.js'
import {
  type Cell,
  type CodeCell,
  cellTags,
  type MimeBundle,
  type Notebook,
  type Output,
  withAttachments,
} from '../../notebook/file/notebook-file.js'
import { namedNumbers, type ShownNumbers, shownNumbers } from '../../notebook/handed-on/shown-numbers.js'
import { saysTitlePage, titlePageOf } from '../../notebook/handed-on/title-page.js'
import { parametersOf } from '../../notebook/parameters.js'
import { figureFont } from './fonts.js'
import { type PrintFigure, printFigure, printWidthCm } from './print-figure.js'
import { numberCollector } from './quoted-numbers.js'
import type { Passage } from './source/characters.js'
import { withReadableIds } from './source/readable-ids.js'

/**
 * Placement of the code cells: left out, folded under their outputs (HTML only; left out
 * elsewhere), or listed in an appendix.
 */
export type CodePlacement = 'hidden' | 'folded' | 'appendix'

/** A figure of the manuscript. */
export interface ManuscriptFigure extends PrintFigure {
  /**
   * Id by which links refer to it: the id of its cell, with a number from the cell's second figure
   * on.
   */
  readonly id: string
}

/**
 * A notebook as a text to be set: its title page, one Markdown text, and the figures and numbers
 * that the text refers to.
 */
export interface Manuscript {
  readonly title: string
  readonly authors: readonly string[]
  readonly date: string | null
  readonly abstract: string | null
  readonly keywords: readonly string[]
  /**
   * Pandoc's Markdown. Figures are images named `<id>.svg`, tables stand in divisions with the
   * class `table`; both carry their id.
   */
  readonly markdown: string
  /** The parts of the text by the cell that they stand in. */
  readonly passages: readonly Passage[]
  readonly figures: readonly ManuscriptFigure[]
  /** The ids of the tables, in order. */
  readonly tables: readonly string[]
  /** The ids of the code cells that show neither a figure nor a table. */
  readonly bareCells: readonly string[]
  /**
   * Numbers of the notebook's parameters and of what its cells show, named after the cells, and the
   * constants of the method.
   */
  readonly numbers: readonly QuotedNumber[]
  /**
   * Whether its cells say sentences whose numbers are known, so that its prose can be compared with
   * them.
   */
  readonly saysNumbers: boolean
}

/** The tag of cells that an exported chapter leaves out, text and outputs. */
export const leftOutTag = 'no-export'

/**
 * Reads an executed notebook as a manuscript: its text, and of each code cell what it showed:
 * figures, tables, Markdown. Title, authors, date, abstract and keywords are those that
 * `showTitlePage` set in a cell, else those of the notebook's metadata, the title else its first
 * heading. Throws an `Error` for a notebook with a cell that failed, and `TypeError` for a figure
 * that is none.
 */
export function manuscriptOf(
  notebook: Notebook,
  { code = 'hidden' }: { readonly code?: CodePlacement } = {},
): Manuscript {
  const figures: ManuscriptFigure[] = []
  const tables: string[] = []
  const bareCells: string[] = []
  const { numbers, add } = numberCollector()
  let saysSentences = false
  let namesNumbers = false
  const cells = withReadableIds(notebook.cells).filter((cell) => !cellTags(cell).includes(leftOutTag))
  const listings: string[] = []
  const partsOfCell = (cell: Cell): string[] => {
    if (cell.cell_type !== 'code') return cell.cell_type === 'markdown' ? [withAttachments(cell)] : []
    listings.push(listing(cell))
    if (cellTags(cell).includes('parameters'))
      add(`${cell.id}.`, settingsNumbers(parametersOf(notebook) as MentionedValues))
    addSentences(cell)
    const before = figures.length + tables.length
    const shown = cell.outputs.flatMap((output) => partsOf(cell, output))
    if (figures.length + tables.length === before) bareCells.push(cell.id)
    return code === 'folded' ? [`::: {.code}\n${listing(cell)}\n:::`, ...shown] : shown
  }

  function partsOf(cell: CodeCell, output: Output): string[] {
    if (output.output_type === 'error') {
      throw new Error(
        `Cell ${cell.id} failed (${output.ename}: ${output.evalue}): run the notebook again before it is exported`,
      )
    }
    if (output.output_type === 'stream') return []
    const { data, metadata } = output
    if ((metadata.copylab as { progress?: boolean } | undefined)?.progress || saysTitlePage(data)) return []
    const figure = data[plotlyMime]
    if (figure !== undefined) {
      const printed = printFigure(figure, figureFont, `the cell ${cell.id}`)
      const id = unusedName(
        cell.id,
        figures.map((one) => one.id),
      )
      figures.push({ id, ...printed })
      addNumbers(id, data, 'figure')
      return [`![${escapeMarkdown(printed.caption)}](${id}.svg){#${id} width=${widthPercent(printed)}%}`]
    }
    const markdown = data['text/markdown']
    if (typeof markdown !== 'string') return []
    if (data['text/html'] === undefined) return [markdown]
    const id = unusedName(`${cell.id}-table`, tables)
    tables.push(id)
    addNumbers(id, data, 'table')
    return [`::: {#${id} .table}\n${markdown}\n:::`]
  }

  function addNumbers(name: string, data: MimeBundle, of: ShownNumbers['of']): void {
    for (const shown of shownNumbers(data)) if (shown.of === of) add(`${name}.`, shown.numbers)
  }

  /** Sentences are counted within their cell where it says several. */
  function addSentences(cell: CodeCell): void {
    const bundles = cell.outputs.flatMap((output) => ('data' in output ? [output.data] : []))
    const sentences = bundles.flatMap(shownNumbers).filter(({ of }) => of === 'sentence')
    for (const [k, sentence] of sentences.entries())
      add(sentences.length > 1 ? `${cell.id}.${k + 1}.` : `${cell.id}.`, sentence.numbers)
    const named = bundles.flatMap(namedNumbers)
    for (const shown of bundles.flatMap(shownNumbers)) if (shown.of === 'settings') add(`${cell.id}.`, shown.numbers)
    add('', named)
    saysSentences ||= sentences.length > 0
    namesNumbers ||= named.length > 0
  }

  const passages = cells.map((cell) => ({ place: `the cell ${cell.id}`, text: partsOfCell(cell).join('\n\n') }))
  if (saysSentences) add('method.', methodNumbers())
  const appendix = code === 'appendix' && listings.length > 0 ? ['## The code', ...listings] : []
  const { title, authors = [], date, abstract, keywords = [] } = titlePageOf(notebook)
  const markdown = [...passages.map(({ text }) => text).filter((text) => text !== ''), ...appendix].join('\n\n')
  const heading = /^# (.+)$/m.exec(markdown)
  return {
    title: oneLine(title ?? heading?.[1] ?? 'Untitled'),
    authors: authors.map(oneLine),
    date: date === undefined ? null : oneLine(date),
    abstract: abstract ?? null,
    keywords: keywords.map(oneLine),
    markdown: heading ? markdown.replace(heading[0], '') : markdown,
    passages: appendix.length > 0 ? [...passages, { place: 'the code', text: listings.join('\n') }] : passages,
    figures,
    tables,
    bareCells,
    numbers,
    saysNumbers: saysSentences || namesNumbers,
  }
}

/** A text as one line: a field of the title page has no paragraphs. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function listing(cell: CodeCell): string {
  const fence = '`'.repeat(Math.max(3, ...[...cell.source.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)))
  return `${fence}typescript\n${cell.source}\n${fence}`
}

/** A figure's width as a percentage of the text's width. */
function widthPercent({ widthCm }: PrintFigure): number {
  return Math.round((100 * widthCm) / printWidthCm)
}
