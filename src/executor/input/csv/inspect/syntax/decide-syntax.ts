import { isDeepStrictEqual } from 'node:util'
import { inMessage } from '../../../../../check.js'
import { newlinesIn } from '../../bytes/newlines.js'
import type { StatedCsv } from '../../csv-options.js'
import { namedDelimiter } from '../headers/first-lines.js'
import { counted, delimiterText } from '../words/words.js'
import { type BackslashKind, backslashesIn, telling } from './backslashes.js'
import type { Part, Syntax } from './sample.js'
import { type SyntaxCandidate, syntaxCandidates } from './syntax-candidates.js'

const dot = 46

/** The syntax of a folder's files. */
export interface DecidedSyntax extends Syntax {
  /** The number of fields that most records of the samples have. */
  readonly fields: number
  /** The delimiter that a line `sep=;` names; null for none. */
  readonly named: string | null
  readonly open: readonly string[]
}

/**
 * Decides on delimiter, quotes and backslashes by parts of the files: the beginnings of some, and
 * those in which a first decision was found to be contradicted.
 */
export function decideSyntax(parts: readonly Part[], stated: StatedCsv): DecidedSyntax {
  const named = parts.map(({ bytes }) => namedDelimiter(firstLine(bytes))).find((one) => one !== null) ?? null
  const columns = stated.columns !== null && stated.analyse === null ? stated.columns.length : null
  const delimiter = stated.delimiter ?? named ?? undefined
  const syntax = { quote: stated.quote, escape: stated.escape ?? undefined, comment: stated.comment }
  const candidates = syntaxCandidates(parts, { ...syntax, delimiter }, columns)
  const [best] = candidates
  if (!best)
    return { delimiter: stated.delimiter ?? ',', quote: '"', escape: 'doubled', fields: columns ?? 1, named, open: [] }
  const rival =
    delimiter === undefined && best.fields === 1
      ? syntaxCandidates(parts, { ...syntax, delimiter: ' ' }, columns).find(isTable)
      : candidates.find((own) => own.syntax.delimiter !== best.syntax.delimiter && isAsGood(own, best))
  const other =
    stated.delimiter !== null && best.fields === 1 && columns !== 1
      ? syntaxCandidates(parts, syntax, columns).find(isTable)
      : undefined
  const open = [
    ...(other ? [otherDelimiter(stated.delimiter!, other, parts[0]!)] : []),
    ...(rival ? [delimiterQuestion(best, rival, parts[0]!)] : []),
    ...(stated.escape === null && best.syntax.escape === 'backslash' ? escapeQuestion(best, parts, candidates) : []),
  ]
  return { ...best.syntax, fields: best.fields, named, open }
}

function firstLine(bytes: Buffer): string {
  const end = bytes.indexOf(10)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

function isAsGood(own: SyntaxCandidate, best: SyntaxCandidate): boolean {
  return own.fields > 1 && own.sound === best.sound && own.share === best.share && own.typed >= best.typed
}

/** Whether a syntax without escapes makes records that are as good as those of another one. */
function isAsGoodWithout(own: SyntaxCandidate, { syntax, fields, share, sound }: SyntaxCandidate): boolean {
  const isItself = isDeepStrictEqual(own.syntax, { ...syntax, escape: 'doubled' })
  return isItself && own.fields === fields && own.share === share && own.sound === sound
}

/** Whether spaces delimit rather than stand in text: nearly all records have as many fields. */
function isTable({ fields, share, sound }: SyntaxCandidate): boolean {
  return fields >= 3 && share > 0.9 && sound === 1
}

function delimiterQuestion(best: SyntaxCandidate, rival: SyntaxCandidate, { file }: Part): string {
  const one = ({ syntax, fields }: SyntaxCandidate): string =>
    `${counted(fields, 'field')} by ${delimiterText(syntax.delimiter)}`
  const option = ({ syntax }: SyntaxCandidate): string => `\`delimiter: ${JSON.stringify(syntax.delimiter)}\``
  return `the records of ${file.name} have ${one(best)} as well as ${one(rival)}: say ${option(best)} or ${option(rival)} (--delimiter)`
}

/**
 * What is wrong with a stated delimiter by which records have one field, and by another several.
 */
function otherDelimiter(stated: string, { fields, syntax }: SyntaxCandidate, { file }: Part): string {
  return `the records of ${file.name} have one field by \`delimiter: ${JSON.stringify(stated)}\`, and ${fields} by ${delimiterText(syntax.delimiter)}: say \`delimiter: ${JSON.stringify(syntax.delimiter)}\` (--delimiter)`
}

/**
 * The question whether backslashes escape, where all may as well be text: in `C:\\temp` without
 * dumps' `\N`, in quoted fields, where COPY writes none and MySQL writes `\t` as it is, or where
 * the records are as good without, as those of a quoted field in which a line ends with one.
 */
function escapeQuestion(
  best: SyntaxCandidate,
  parts: readonly Part[],
  candidates: readonly SyntaxCandidate[],
): string[] {
  const { quote, delimiter } = best.syntax
  const texts = parts.map(({ bytes }) => bytes.toString('latin1'))
  const found = parts.flatMap((part, k) => backslashesIn(texts[k]!, delimiter).map((one) => ({ ...one, part })))
  const has = (kind: BackslashKind): boolean => found.some((one) => one.kind === kind)
  const isDump = has('null') && (quote === null || !texts.some((text) => text.includes(quote)))
  // Within quotes a line `\.` is text.
  const hasNull = found.some(({ kind, at, part }) => kind === 'null' && part.bytes[at + 1] !== dot)
  const isTold = telling.some(has) && (hasNull || !candidates.some((own) => isAsGoodWithout(own, best)))
  if (isDump || (isTold && !has('letter'))) return []
  const { part, at } = found.find(({ kind }) => kind === 'letter') ?? found[0]!
  const line = part.line + newlinesIn(part.bytes.subarray(0, at))
  const shown = inMessage(
    part.bytes
      .toString('utf8', part.bytes.lastIndexOf(10, at) + 1)
      .slice(0, 40)
      .split(/\r?\n/, 1)[0]!,
  )
  return [
    `the backslash in ${shown} (${part.file.name}:${line}) may be text, or give the character after it another meaning, as in dumps of COPY and MySQL: say \`escape: 'doubled'\` or \`escape: 'backslash'\` (--escape)`,
  ]
}
