import type { StatedCsv } from '../csv-options.js'
import { namedDelimiter } from './first-lines.js'
import { looksOf, type SyntaxLook } from './guess-syntax.js'
import type { Sample, Syntax } from './sample.js'
import { delimiterText } from './words.js'

/** The syntax of a folder's files. */
export interface DecidedSyntax extends Syntax {
  /** The number of fields that most records of the samples have. */
  readonly fields: number
  /** The delimiter that a line `sep=;` names; null for none. */
  readonly named: string | null
  readonly open: readonly string[]
}

/** Files whose beginnings are looked at. */
const maxSamples = 20

/** Decides on delimiter, quotes and backslashes by the beginnings of the files. */
export function decideSyntax(samples: readonly Sample[], stated: StatedCsv): DecidedSyntax {
  const own = samples.filter(({ bytes }) => bytes.length > 0).slice(0, maxSamples)
  const named = own.map(({ bytes }) => namedDelimiter(firstLine(bytes))).find((one) => one !== null) ?? null
  const columns = stated.columns !== null && stated.analyse === null ? stated.columns.length : null
  const looks = looksOf(
    own,
    {
      delimiter: stated.delimiter ?? named ?? undefined,
      quote: stated.quote,
      escape: stated.escape ?? undefined,
      comment: stated.comment,
    },
    columns,
  )
  const [best] = looks
  if (!best)
    return { delimiter: stated.delimiter ?? ',', quote: '"', escape: 'doubled', fields: columns ?? 1, named, open: [] }
  const rival = looks.find((look) => look.syntax.delimiter !== best.syntax.delimiter && isAsGood(look, best))
  const open = rival ? [delimiterQuestion(best, rival, own[0]!)] : []
  return { ...best.syntax, fields: best.fields, named, open }
}

function firstLine(bytes: Buffer): string {
  const end = bytes.indexOf(10)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

function isAsGood(look: SyntaxLook, best: SyntaxLook): boolean {
  return look.fields > 1 && look.sound === best.sound && look.share === best.share && look.typed >= best.typed
}

function delimiterQuestion(best: SyntaxLook, rival: SyntaxLook, { file }: Sample): string {
  const one = ({ syntax, fields }: SyntaxLook): string => `${fields} fields by ${delimiterText(syntax.delimiter)}`
  const option = ({ syntax }: SyntaxLook): string => `\`delimiter: ${JSON.stringify(syntax.delimiter)}\``
  return `the records of ${file} have ${one(best)} as well as ${one(rival)}: say ${option(best)} or ${option(rival)} (--delimiter)`
}
