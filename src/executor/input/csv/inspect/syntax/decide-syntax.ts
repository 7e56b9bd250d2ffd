import type { StatedCsv } from '../../csv-options.js'
import { namedDelimiter } from '../headers/first-lines.js'
import { delimiterText } from '../words/words.js'
import type { Sample, Syntax } from './sample.js'
import { type SyntaxCandidate, syntaxCandidates } from './syntax-candidates.js'

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
  const candidates = syntaxCandidates(
    own,
    {
      delimiter: stated.delimiter ?? named ?? undefined,
      quote: stated.quote,
      escape: stated.escape ?? undefined,
      comment: stated.comment,
    },
    columns,
  )
  const [best] = candidates
  if (!best)
    return { delimiter: stated.delimiter ?? ',', quote: '"', escape: 'doubled', fields: columns ?? 1, named, open: [] }
  const rival = candidates.find((own) => own.syntax.delimiter !== best.syntax.delimiter && isAsGood(own, best))
  const open = rival ? [delimiterQuestion(best, rival, own[0]!)] : []
  return { ...best.syntax, fields: best.fields, named, open }
}

function firstLine(bytes: Buffer): string {
  const end = bytes.indexOf(10)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

function isAsGood(own: SyntaxCandidate, best: SyntaxCandidate): boolean {
  return own.fields > 1 && own.sound === best.sound && own.share === best.share && own.typed >= best.typed
}

function delimiterQuestion(best: SyntaxCandidate, rival: SyntaxCandidate, { file }: Sample): string {
  const one = ({ syntax, fields }: SyntaxCandidate): string => `${fields} fields by ${delimiterText(syntax.delimiter)}`
  const option = ({ syntax }: SyntaxCandidate): string => `\`delimiter: ${JSON.stringify(syntax.delimiter)}\``
  return `the records of ${file.name} have ${one(best)} as well as ${one(rival)}: say ${option(best)} or ${option(rival)} (--delimiter)`
}
