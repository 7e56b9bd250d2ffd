import { escapeHtml } from '../../format.js'
import { display } from '../cell-display.js'
import type { Json } from '../file/json.js'
import type { Notebook } from '../file/notebook-file.js'

/** Fields of the title page of an exported chapter. */
export interface TitlePage {
  readonly title?: string
  readonly authors?: readonly string[]
  /** Markdown. */
  readonly abstract?: string
  readonly keywords?: readonly string[]
  /** Printed as it is given. */
  readonly date?: string
}

const titlePageMime = 'application/vnd.copylab.title-page+json'
const texts = ['title', 'abstract', 'date'] as const
const lists = ['authors', 'keywords'] as const
const fields: readonly string[] = ['title', 'authors', 'abstract', 'keywords', 'date']

/**
 * Sets the title page of the chapter that is made of this notebook, in all its formats, and shows
 * it. A field that is left out keeps its value from the notebook's metadata; of several calls the
 * last one counts for each field.
 *
 * @throws `TypeError` for an unknown field and for a wrong value.
 * @example
 * const abstract = 'What was asked, and what came out.'
 * showTitlePage({ title: 'How many workers?', authors: ['Ada Byron'], abstract })
 */
export function showTitlePage(page: TitlePage): void {
  checkTitlePage(page)
  const { title, authors = [], abstract, keywords = [], date } = page
  const lines = [title, authors.join(', '), date, abstract, keywords.join(', ')].filter((line) => line)
  const [first = '', ...rest] = lines.map((line) => escapeHtml(line ?? ''))
  const html = `<div style="max-width:42em"><small>The chapter's title page</small><div><b>${first}</b></div>${rest
    .map((line) => `<div style="margin-top:0.4em">${line}</div>`)
    .join('')}</div>`
  const data = { [titlePageMime]: page, 'text/html': html, 'text/plain': lines.join('\n') }
  display({ data })
}

/**
 * The title page that a notebook states: in its cells, else in its metadata (`title`,
 * `authors: [{ name }]`, `date`, `abstract`, `keywords`).
 */
export function titlePageOf({ metadata, cells }: Notebook): TitlePage {
  const { title, authors, date, abstract, keywords } = metadata
  const outputs = cells.flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []))
  const stated = outputs.flatMap((output) =>
    'data' in output && saysTitlePage(output.data) ? [wellFormed(output.data[titlePageMime])] : [],
  )
  const own = {
    title,
    authors: Array.isArray(authors)
      ? authors.map((author: Json) => (author as { readonly name?: Json } | null)?.name ?? author)
      : undefined,
    date,
    abstract,
    keywords,
  }
  return Object.assign(wellFormed(own), ...stated)
}

/** The fields of a title page that are as they must be: a notebook may hold anything. */
function wellFormed(stated: unknown): TitlePage {
  const given = (typeof stated === 'object' && stated !== null ? stated : {}) as Readonly<Record<string, unknown>>
  const isRight = (name: string): boolean =>
    (lists as readonly string[]).includes(name) ? isTexts(given[name]) : isText(given[name])
  return Object.fromEntries(fields.filter(isRight).map((name) => [name, given[name]]))
}

/** Whether an output is a title page, which is no part of the text. */
export function saysTitlePage(data: Readonly<Record<string, unknown>>): boolean {
  return data[titlePageMime] !== undefined
}

function checkTitlePage(page: TitlePage): void {
  if (typeof page !== 'object' || page === null || Array.isArray(page)) {
    throw new TypeError(
      `Expected a title page \`{ title, authors, abstract, keywords, date }\`, got ${JSON.stringify(page)}`,
    )
  }
  const given = page as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find((name) => !fields.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(
      `Expected a title page to have ${fields.map((name) => `\`${name}\``).join(', ')}, got \`${unknown}\``,
    )
  }
  const wrong = (name: string, what: string): never => {
    throw new TypeError(`Expected \`${name}\` to be ${what}, got ${JSON.stringify(given[name])}`)
  }
  for (const name of texts) if (given[name] !== undefined && !isText(given[name])) wrong(name, 'text')
  for (const name of lists) {
    const list = given[name]
    if (list === undefined) continue
    if (!isTexts(list)) wrong(name, "a list of texts such as ['Ada Byron']")
  }
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}
