import type { Escape } from '../../../file-spec.js'
import { nullWords } from '../../fields/null-fields.js'
import { delimiters } from '../../syntax/delimiters.js'
import { isValue } from '../columns/evidence/is-value.js'
import { backslashesIn, telling } from './backslashes.js'
import { cutSample, type Part, type SampleRecord, type Syntax } from './sample.js'

/** What is stated of a syntax; undefined for what is to be found out. */
export interface StatedSyntax {
  readonly delimiter?: string
  readonly quote?: string | null
  readonly escape?: Escape
  readonly comment?: string | null
}

/** How parts of a folder's files look by one syntax. */
export interface SyntaxCandidate {
  readonly syntax: Syntax
  /** The number of fields that most records have. */
  readonly fields: number
  /** Share of the records that have it, 0 to 1. */
  readonly share: number
  /** Share of the records whose quotes are right, 0 to 1; one that has no end is not right. */
  readonly sound: number
  /** Share of the fields that are a number, a date or the like, 0 to 1. */
  readonly typed: number
}

/** Fields whose type is looked at, for each sample. */
const maxTyped = 2_000

/**
 * Looks at parts of the files by every syntax that is possible, the best first: quotes are right,
 * records have as many fields as there are columns, where these are stated, or one number of them,
 * and fields are values rather than text.
 */
export function syntaxCandidates(
  parts: readonly Part[],
  stated: StatedSyntax,
  columns: number | null,
): SyntaxCandidate[] {
  const texts = parts.map(({ bytes }) => bytes.toString('latin1'))
  const possible =
    stated.delimiter === undefined
      ? delimiters.filter((one) => texts.some((text) => text.includes(one)))
      : [stated.delimiter]
  const syntaxes = (possible.length === 0 ? [','] : possible).flatMap((delimiter): Syntax[] => {
    const quotes = quotesIn(texts, delimiter, stated)
    const doubled = quotes.map((quote): Syntax => ({ delimiter, quote, escape: 'doubled' }))
    return [...escaped(texts, delimiter, quotes, stated), ...(stated.escape === 'backslash' ? [] : doubled)]
  })
  const candidates = syntaxes.map((syntax) => candidateBy(syntax, parts, stated.comment ?? null))
  const fits = ({ fields }: SyntaxCandidate): number =>
    columns === null ? Number(fields > 1) : Number(fields === columns || fields === columns + 1)
  const order = [
    fits,
    (own: SyntaxCandidate) => own.sound,
    (own: SyntaxCandidate) => own.share,
    (own: SyntaxCandidate) => own.typed,
    (own: SyntaxCandidate) => own.fields,
  ]
  return candidates.sort((a, b) => {
    for (const by of order) if (by(a) !== by(b)) return by(b) - by(a)
    return 0
  })
}

/** Quotes that fields may have: the double one, unless others stand where quotes must stand. */
function quotesIn(texts: readonly string[], delimiter: string, { quote }: StatedSyntax): readonly (string | null)[] {
  if (quote !== undefined) return [quote]
  const begins = (mark: string): boolean =>
    texts.some((text) => text.includes(`${delimiter}${mark}`) || text.includes(`\n${mark}`) || text.startsWith(mark))
  const ends = (mark: string): boolean =>
    texts.some(
      (text) => text.includes(`${mark}${delimiter}`) || text.includes(`${mark}\n`) || text.includes(`${mark}\r\n`),
    )
  return begins("'") && ends("'") && !begins('"') ? ["'", '"'] : ['"']
}

/** Delimiters of COPY's text format, MySQL's dumps, and Hive: programs that quote no field. */
const dumpDelimiters = ['\t', '\x01']

/**
 * The syntaxes in which backslashes escape, before others that fit as well. They are possible where
 * no backslash is one that nobody writes who escapes, and some tell of it: a field `\N`, a quote or
 * a delimiter after one; in dumps, any.
 */
function escaped(
  texts: readonly string[],
  delimiter: string,
  quotes: readonly (string | null)[],
  stated: StatedSyntax,
): Syntax[] {
  const kinds = new Set(texts.flatMap((text) => backslashesIn(text, delimiter).map(({ kind }) => kind)))
  const isDump = dumpDelimiters.includes(delimiter)
  const isPossible = !kinds.has('text') && (isDump ? kinds.size > 0 : telling.some((kind) => kinds.has(kind)))
  if (stated.escape === 'doubled' || (stated.escape === undefined && !isPossible)) return []
  const isUnquoted = isDump && kinds.has('null') && stated.quote === undefined
  return (isUnquoted ? [null, ...quotes] : quotes).map((quote) => ({ delimiter, quote, escape: 'backslash' }))
}

function candidateBy(syntax: Syntax, parts: readonly Part[], comment: string | null): SyntaxCandidate {
  const cuts = parts.map((part) => cutSample(part, syntax, comment))
  const records = cuts.flatMap((cut) => cut.records)
  const all = records.length + cuts.filter(({ broken }) => broken).length
  const counts = new Map<number, number>()
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1)
  const [fields = 1, alike = 0] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? []
  const sound = records.filter(({ problem }) => problem === null).length
  return {
    syntax,
    fields,
    share: records.length === 0 ? 1 : alike / records.length,
    sound: all === 0 ? 1 : sound / all,
    typed: typedShare(records.filter((record) => record.fields.length === fields)),
  }
}

function typedShare(records: readonly SampleRecord[]): number {
  const fields = records
    .slice(1)
    .flatMap((record) => record.fields)
    .slice(0, maxTyped)
  const typed = fields.map((text) => text.trim()).filter((text) => text === '' || nullWords.has(text) || isValue(text))
  return fields.length === 0 ? 0 : typed.length / fields.length
}
