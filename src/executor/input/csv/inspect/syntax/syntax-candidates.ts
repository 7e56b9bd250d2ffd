import type { Escape } from '../../../file-spec.js'
import { DateCandidate } from '../columns/evidence/date-candidate.js'
import { readingsOf } from '../columns/evidence/number-readings.js'
import { nullWords } from '../columns/evidence/words.js'
import { cutSample, type Sample, type SampleRecord, type Syntax } from './sample.js'

/** What is stated of a syntax; undefined for what is to be found out. */
export interface StatedSyntax {
  readonly delimiter?: string
  readonly quote?: string | null
  readonly escape?: Escape
  readonly comment?: string | null
}

/** How the samples of a folder's files look by one syntax. */
export interface SyntaxCandidate {
  readonly syntax: Syntax
  /** The number of fields that most records have. */
  readonly fields: number
  /** Share of the records that have it, 0 to 1. */
  readonly share: number
  /** Share of the records whose quotes are right, 0 to 1. */
  readonly sound: number
  /** Share of the fields that are a number, a date or the like, 0 to 1. */
  readonly typed: number
}

const delimiters = [',', ';', '\t', '|', '\x1f', '\x01', '^', '~']

/** Fields whose type is looked at, for each sample. */
const maxTyped = 2_000

/**
 * Looks at the samples by every syntax that is possible, the best first: quotes are right, records
 * have as many fields as there are columns, where these are stated, or one number of them, and
 * fields are values rather than text.
 */
export function syntaxCandidates(
  samples: readonly Sample[],
  stated: StatedSyntax,
  columns: number | null,
): SyntaxCandidate[] {
  const texts = samples.map(({ bytes }) => bytes.toString('latin1'))
  const possible =
    stated.delimiter === undefined
      ? delimiters.filter((one) => texts.some((text) => text.includes(one)))
      : [stated.delimiter]
  const syntaxes = (possible.length === 0 ? [','] : possible).flatMap((delimiter) => [
    ...dumped(texts, delimiter, stated),
    ...quotesIn(texts, delimiter, stated).flatMap((quote) =>
      escapesIn(texts, quote, stated).map((use) => ({ delimiter, quote, escape: use })),
    ),
  ])
  const candidates = syntaxes.map((syntax) => candidateBy(syntax, samples, stated.comment ?? null))
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

/**
 * The syntax of COPY's text format and of MySQL's dumps, before others that fit as well: tabs, no
 * quotes, and nulls by a backslash.
 */
function dumped(texts: readonly string[], delimiter: string, stated: StatedSyntax): readonly Syntax[] {
  const isStated = stated.quote != null || stated.escape === 'doubled'
  const isDump = delimiter === '\t' && texts.some((text) => /(^|\t)\\N(?=[\t\r\n]|$)/m.test(text))
  return isDump && !isStated ? [{ delimiter, quote: null, escape: 'backslash' }] : []
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

/** Uses of backslashes: that of COPY and MySQL only where `\N` or `\"` stands. */
function escapesIn(texts: readonly string[], quote: string | null, stated: StatedSyntax): readonly Escape[] {
  if (stated.escape !== undefined) return [stated.escape]
  const isEscaped = texts.some(
    (text) => (quote !== null && text.includes(`\\${quote}`)) || /(^|[,;\t|])\\N(?=[,;\t|\r\n]|$)/m.test(text),
  )
  return isEscaped ? ['doubled', 'backslash'] : ['doubled']
}

function candidateBy(syntax: Syntax, samples: readonly Sample[], comment: string | null): SyntaxCandidate {
  const records = samples.flatMap((sample) => cutSample(sample, syntax, comment))
  const counts = new Map<number, number>()
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1)
  const [fields = 1, alike = 0] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? []
  const sound = records.filter(({ problem }) => problem === null).length
  return {
    syntax,
    fields,
    share: records.length === 0 ? 1 : alike / records.length,
    sound: records.length === 0 ? 1 : sound / records.length,
    typed: typedShare(records.filter((record) => record.fields.length === fields)),
  }
}

function typedShare(records: readonly SampleRecord[]): number {
  const fields = records
    .slice(1)
    .flatMap((record) => record.fields)
    .slice(0, maxTyped)
  const typed = fields.filter((text) => isValue(text.trim()))
  return fields.length === 0 ? 0 : typed.length / fields.length
}

/** Whether a text is rather a value than text: a number, a date, a word for null. */
function isValue(text: string): boolean {
  return text === '' || nullWords.has(text) || readingsOf(text).number !== 0 || new DateCandidate().fits(text)
}
