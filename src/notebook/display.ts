import { inMessage } from '../check.js'
/**
 * Functions by which a notebook's cells show results. Outside of a tslab kernel they print the
 * plain text of what would be shown.
 */

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Frame } from '../analysis/tables/frames.js'
import { type TableOptions, tableHtml, tableMarkdown, tableNumbers } from '../analysis/tables/tables.js'
import { markdownOf, type Phrase, type QuotedNumber } from '../analysis/text/phrase.js'
import { type MentionedValues, settingsNumbers } from '../analysis/text/setting-numbers.js'
import type { Claims } from '../claims/claims.js'
import type { ClaimVerdict } from '../claims/judge-claims.js'
import { claimVerdictRows, statedClaimRows } from '../claims/words/claim-words.js'
import { escapeHtml, markdownItem } from '../format.js'
import { packageRoot } from '../project.js'
import type { Progress } from '../study/study.js'
import { display, displayWriter } from './cell-display.js'
import { watchCode } from './code-watch.js'
import { figureDisplay, figureNumbers, type PlotlyFigure } from './figure-display.js'
import { numbersData } from './handed-on/shown-numbers.js'
import { scriptSource, textOfHtml } from './html-text.js'
import { progressDisplay, progressLine } from './progress-display.js'
import { type Sayable, saidPhrases } from './said.js'

export type { TableOptions } from '../analysis/tables/tables.js'
export type { QuotedNumber } from '../analysis/text/phrase.js'
export type { Progress } from '../study/study.js'
export type { PlotlyFigure } from './figure-display.js'
export type { Sayable } from './said.js'

/** A table in the forms that it can be shown in. */
export interface TableForms {
  readonly html: string
  /** For terminals; taken from `html` unless given. */
  readonly text?: string
  /** For documents made from the notebook. */
  readonly markdown?: string
}

/** Built code, and when a kernel loaded it: with this module. */
const staleCode = watchCode({
  source: join(packageRoot, 'src'),
  built: fileURLToPath(new URL('../', import.meta.url)),
  loadedAt: Date.now(),
})

/**
 * Warns in the cell, once for each change, when it does not run the project's code as it is now.
 */
function warnOfStaleCode(): void {
  const warning = displayWriter() && staleCode()
  if (!warning) return
  const style = 'padding:0.3em 0.7em;border-left:0.3em solid #d55e00'
  const html = escapeHtml(warning).replace(/`([^`]*)`/g, '<code>$1</code>')
  display({
    data: {
      'text/html': `<div role="alert" style="${style}"><b>Stale code.</b> ${html}</div>`,
      'text/plain': `Stale code. ${warning}`,
    },
  })
}

/** Whether this runs in a notebook's kernel, where there is a cell to show things in. */
export function isInKernel(): boolean {
  return displayWriter() !== null
}

/**
 * Shows a Plotly figure: one of copylab's, or `{ data, layout }` of your own. An exported chapter
 * draws it as SVG. Outside of a notebook its title is printed.
 *
 * @throws `TypeError` when it is no figure.
 * @example
 * show(plotTotalTime(study))
 */
export function show(figure: PlotlyFigure): void {
  if (!Array.isArray(figure?.data)) throw new TypeError('Expected a figure `{ data: […], layout }`')
  warnOfStaleCode()
  const numbers = numbersData([{ of: 'figure', numbers: figureNumbers(figure) }])
  display({ data: { ...numbers, ...figureDisplay(figure, plotlyPath()).data } })
}

/**
 * Hands plotly.js (4.8 MB) to the page, for a Jupyter that was not started in the project's folder
 * or above; elsewhere `show` finds it by itself. `runNotebook` leaves it out of the notebook.
 */
export function setUpFigures(): void {
  const html = `<script>${scriptSource(readFileSync(plotlyPath(), 'utf8'))}</script>`
  if (displayWriter())
    display({ data: { 'text/html': html, 'text/plain': '' }, metadata: { copylab: { transient: true } } })
}

/**
 * Values that can be shown as a table: rows, a data frame, a file of claims or verdicts on them; or
 * a table that is written already, as HTML or in several forms.
 */
export type Tabular = readonly object[] | Frame | Claims | string | TableForms

/**
 * Shows rows, a data frame, the claims of a file or verdicts on them as a table: in the cell as
 * HTML, in what is made of the notebook as Markdown, with the numbers of its cells. A table that is
 * given as HTML alone does not reach an exported chapter.
 *
 * @throws `TypeError` for what is no table; `RangeError` for a column that there is not.
 * @example
 * const columns = ['treatmentLabel', 'n', 'median']
 * showTable(summarise(study), { caption: 'Total time, ms', columns })
 */
export function showTable(table: Tabular, options: TableOptions = {}): void {
  warnOfStaleCode()
  const { html, text, markdown, numbers } = tableForms(table, options)
  const forms = { 'text/html': html, ...(markdown === undefined ? {} : { 'text/markdown': markdown }) }
  display({
    data: { ...numbersData([{ of: 'table', numbers }]), ...forms, 'text/plain': text ?? textOfHtml(html) },
  })
}

function tableForms(table: Tabular, options: TableOptions): TableForms & { readonly numbers: readonly QuotedNumber[] } {
  if (typeof table === 'string') return { html: table, numbers: [] }
  if (typeof table !== 'object' || table === null) {
    throw new TypeError(`Expected rows, a data frame, claims or verdicts to show, got ${inMessage(table)}`)
  }
  if ('html' in table) return { ...(table as TableForms), numbers: [] }
  const rows = isClaims(table)
    ? statedClaimRows(table)
    : isVerdicts(table)
      ? claimVerdictRows(table)
      : (table as readonly object[] | Frame)
  return {
    html: tableHtml(rows, options),
    markdown: tableMarkdown(rows, options),
    numbers: tableNumbers(rows, options),
  }
}

/** Whether a value is a file of claims. */
export function isClaims(value: object): value is Claims {
  const { claims, digest } = value as Partial<Claims>
  return Array.isArray(claims) && digest !== undefined
}

function isVerdicts(value: object): value is readonly ClaimVerdict[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => one?.result === 'claim-verdict')
}

/**
 * Says results in words, one item of a list for each sentence, with the numbers that the sentences
 * quote: an exported chapter gets a macro for each, named after the cell, and its prose is compared
 * with them. Takes results of `copylab` and `copylab/analysis`, phrases, plain text, and lists of
 * them; a sentence of plain text brings no numbers. The words of a `phrase` may have marks of
 * Markdown; what is put into them, and plain text, is shown as it is. Null and undefined say
 * nothing.
 *
 * @throws `TypeError` for what has no words.
 * @example
 * say(recommend(study), checkStudy(study))
 */
export function say(...said: readonly Sayable[]): void {
  const phrases = saidPhrases(said)
  if (phrases.length === 0) return
  warnOfStaleCode()
  const listed = (of: (said: Phrase) => string): string => phrases.map((said) => of(said)).join('\n')
  const numbers = numbersData(phrases.map((one) => ({ of: 'sentence', numbers: one.numbers })))
  display({
    data: {
      ...numbers,
      'text/markdown': listed((said) => markdownItem(markdownOf(said))),
      'text/plain': listed(({ text }) => `- ${text}`),
    },
  })
}

/**
 * Shows plain values that a text mentions and no result says, such as the facts of a data set,
 * folded, so that an exported chapter knows them: it gets a macro for each number, named after the
 * cell. Numbers that are named already are taken as a list.
 *
 * @example
 * showNumbers({ servers: 3, disk: { model: 2024, gigabytes: 512 } })
 */
export function showNumbers(settings: { readonly [name: string]: MentionedValues } | readonly QuotedNumber[]): void {
  const numbers = Array.isArray(settings)
    ? (settings as readonly QuotedNumber[])
    : settingsNumbers(settings as MentionedValues)
  const summary = `${numbers.length.toLocaleString('en-US')} numbers that the text may mention`
  const lines = numbers.map(({ name, text }) => `${name}  ${text}`).join('\n')
  const html = `<details><summary>${summary}</summary><pre>${escapeHtml(lines)}</pre></details>`
  display({ data: { ...numbersData([{ of: 'settings', numbers }]), 'text/html': html, 'text/plain': summary } })
}

/**
 * Shows Markdown: a heading, or text without results; `say` is for those.
 *
 * @example
 * showMarkdown('### On my machine')
 */
export function showMarkdown(markdown: string): void {
  if (typeof markdown !== 'string') throw new TypeError(`Expected Markdown text, got ${inMessage(markdown)}`)
  warnOfStaleCode()
  display({ data: { 'text/markdown': markdown, 'text/plain': markdown } })
}

/**
 * An `onProgress` for `runStudy` that keeps one line of the cell up to date, at most four times a
 * second, and ends with what the study took. Outside of a kernel it prints a line for each trial.
 * `clock` gives milliseconds.
 */
export function liveProgress({ clock = () => performance.now() } = {}): (progress: Progress) => void {
  warnOfStaleCode()
  const id = randomUUID()
  const startedAt = clock()
  let shownAt = Number.NEGATIVE_INFINITY
  let ran = 0
  return (progress) => {
    const now = clock()
    if (progress.trial) ran++
    const seen = { ran, elapsedMs: now - startedAt }
    const isLast = progress.stage === 'done'
    if (!displayWriter()) {
      if (progress.trial || isLast) console.log(progressLine(progress, seen))
      return
    }
    if (!isLast && now - shownAt < 250) return
    display(progressDisplay(progress, seen), id, shownAt !== Number.NEGATIVE_INFINITY)
    shownAt = now
  }
}

/** A SIGINT listener of ours: the cell that it serves and the signals that it fires. */
interface Listener {
  (): void
  readonly copylabCell: unknown
  readonly copylabControllers: AbortController[]
}

/**
 * A signal that fires when the notebook's stop button is pressed, or on Ctrl-C: tslab returns from
 * an interrupted cell but cannot stop its work. There is one listener in all: it serves the signals
 * of one cell, and goes when it has fired or another cell asks for a signal.
 */
export function interruptible(): AbortSignal {
  const cell = displayWriter()
  const controller = new AbortController()
  // While a cell runs synchronously, node:vm has taken all SIGINT listeners away, and one that is
  // added then loses its handler in the system: the stop button would end the kernel.
  queueMicrotask(() => listenFor(cell, controller))
  return controller.signal
}

function listenFor(cell: unknown, controller: AbortController): void {
  const ours = process.listeners('SIGINT').filter((listener) => 'copylabCell' in listener) as unknown as Listener[]
  const sameCell = ours.find((listener) => listener.copylabCell === cell)
  for (const listener of ours) if (listener !== sameCell) process.off('SIGINT', listener)
  if (sameCell) {
    sameCell.copylabControllers.push(controller)
    return
  }
  const controllers = [controller]
  const listener: Listener = Object.assign(
    () => {
      process.off('SIGINT', listener)
      for (const each of controllers) each.abort(new DOMException('Interrupted', 'AbortError'))
    },
    { copylabCell: cell, copylabControllers: controllers },
  )
  process.on('SIGINT', listener)
}

function plotlyPath(): string {
  return createRequire(import.meta.url).resolve('plotly.js-dist-min/plotly.min.js')
}
