import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { stripVTControlCharacters } from 'node:util'
import { checkedOptions } from '../../check.js'
import { escapeHtml } from '../../format.js'
import { plotlyMime } from '../../notebook/figure-display.js'
import type { Json } from '../../notebook/file/json.js'
import {
  type Cell,
  type CodeCell,
  cellTags,
  type ErrorOutput,
  type MimeBundle,
  type Notebook,
  type Output,
  withAttachments,
} from '../../notebook/file/notebook-file.js'
import { scriptJson, scriptSource, textOfHtml } from '../../notebook/html-text.js'
import { withoutPasswords } from '../../notebook/without-passwords.js'
import { writeWhole } from '../../writable.js'
import { highlight } from './highlight.js'
import { pageHtml } from './html-page.js'
import { pageScript } from './html-script.js'
import { pageStyle } from './html-style.js'
import { type Heading, markdownWriter } from './markdown.js'

export interface HtmlOptions {
  /**
   * Title of the window and of search results.
   *
   * @default the notebook's first heading
   */
  readonly title?: string
}

/**
 * Content security policy: the page may run what it holds and load nothing: no script, font or
 * image from anywhere.
 */
const policy =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"

/**
 * An executed notebook as one self-contained page: figures by plotly.js, which it holds once, code
 * in a fold, passwords masked. It begins with what the cells that are tagged `answer` show.
 */
export function notebookHtml(notebook: Notebook, options: HtmlOptions = {}): string {
  const { title } = checkedOptions(options, { title: true })
  const markdown = markdownWriter()
  const { cells } = withoutPasswords(notebook)
  const written = cells.map((cell) => cellHtml(cell, markdown.write)).join('\n')
  const answer = cells
    .filter(isAnswer)
    .map((cell) => answerHtml(cell, markdown.write))
    .join('\n')
  const body = written.includes('</h1>') ? written.replace('</h1>', () => `</h1>\n${answer}`) : `${answer}${written}`
  const name = title ?? textOfHtml(markdown.headings[0]?.html ?? 'Notebook')
  const plotly = body.includes('<div class="figure"') ? `<script>${plotlySource()}</script>\n` : ''
  const page = `<div class="page">
${contentsHtml(markdown.headings)}
<main>
${body}
</main>
</div>
${plotly}<script>${pageScript}</script>`
  return pageHtml({ title: name, policy, style: pageStyle, body: page })
}

/** Writes the page of `notebookHtml`. */
export async function writeHtml(notebook: Notebook, path: string, options: HtmlOptions = {}): Promise<void> {
  writeWhole(path, notebookHtml(notebook, options))
}

function contentsHtml(headings: readonly Heading[]): string {
  const items = headings
    .filter(({ level }) => level === 2 || level === 3)
    .map(
      ({ level, html, id }) =>
        `<li class="level-${level}"><a href="#${id}">${html.replace(/<\/?a\b[^>]*>/g, '')}</a></li>`,
    )
  const list =
    items.length > 0 ? `<details open><summary>Contents</summary><ol>\n${items.join('\n')}\n</ol></details>\n` : ''
  return `<nav aria-label="Contents">${list}<button type="button">Show all code</button></nav>`
}

/** Whether a cell is tagged `answer`: the page begins with what such cells show. */
function isAnswer(cell: Cell): cell is CodeCell {
  return cell.cell_type === 'code' && cellTags(cell).includes('answer')
}

function answerHtml({ outputs }: CodeCell, markdown: (text: string) => string): string {
  const shown = outputs.map((output) => `<div class="output">${outputHtml(output, markdown)}</div>`)
  return `<section class="answer" aria-label="The answer">${shown.join('\n')}</section>`
}

function cellHtml(cell: Cell, markdown: (text: string) => string): string {
  switch (cell.cell_type) {
    case 'markdown':
      return `<section class="text">${markdown(withAttachments(cell))}</section>`
    case 'raw':
      return ''
    case 'code': {
      const code = `<details class="code"><summary>Code</summary><pre>${highlight(cell.source)}</pre></details>`
      const outputs = cell.outputs.map((output) => `<div class="output">${outputHtml(output, markdown)}</div>`)
      return cell.source.trim() === '' ? '' : `<section>${[code, ...outputs].join('\n')}</section>`
    }
  }
}

function outputHtml(output: Output, markdown: (text: string) => string): string {
  switch (output.output_type) {
    case 'stream':
      return `<pre class="${output.name}">${escapeHtml(output.text)}</pre>`
    case 'error':
      return `<pre class="error">${escapeHtml(errorText(output))}</pre>`
    default:
      return bundleHtml(output.data, markdown)
  }
}

/** The text of an error, without the colours that a traceback has in Jupyter. */
function errorText({ ename, evalue, traceback }: ErrorOutput): string {
  return stripVTControlCharacters(traceback.join('\n')) || `${ename}: ${evalue}`
}

/** An output as HTML, of the richest type that a page can show. */
function bundleHtml(data: MimeBundle, markdown: (text: string) => string): string {
  const text = (mime: string) => (data[mime] === undefined ? null : String(data[mime]))
  const figure = data[plotlyMime]
  if (figure !== undefined) return figureHtml(figure)
  const html = text('text/html')
  if (html !== null) return html
  const svg = text('image/svg+xml')
  // As an image, so that the ids of two drawings cannot meet.
  if (svg !== null) return imageHtml('image/svg+xml', Buffer.from(svg).toString('base64'))
  for (const mime of ['image/png', 'image/jpeg', 'image/gif']) {
    const image = text(mime)
    if (image !== null) return imageHtml(mime, image.replace(/\s/g, ''))
  }
  const prose = text('text/markdown')
  if (prose !== null) return `<div class="markdown">${markdown(prose)}</div>`
  return `<pre>${escapeHtml(text('text/plain') ?? '')}</pre>`
}

function imageHtml(mime: string, base64: string): string {
  return `<img alt="" src="data:${mime};base64,${base64}">`
}

function figureHtml(figure: Json): string {
  const height = (figure as { layout?: { height?: number } })?.layout?.height ?? 450
  return `<div class="figure" style="min-height:${height}px"></div><script type="application/json">${scriptJson(figure)}</script>`
}

function plotlySource(): string {
  return scriptSource(readFileSync(createRequire(import.meta.url).resolve('plotly.js-dist-min/plotly.min.js'), 'utf8'))
}
