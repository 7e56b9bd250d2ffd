import { listed } from '../../../../../names.js'
import type { StatedCsv } from '../../csv-options.js'
import type { DecidedColumns } from '../columns/decide-all.js'
import type { Contradiction } from '../columns/decide-columns.js'
import type { DecidedHeaders } from '../headers/decide-headers.js'
import type { InspectedColumn, Inspection } from '../inspection.js'
import type { DecidedEncoding } from '../syntax/decide-encoding.js'
import type { DecidedSyntax } from '../syntax/decide-syntax.js'
import { counted, delimiterText, placeText } from './words.js'

/** What was decided, and by what. */
interface Decisions {
  readonly encoded: Pick<DecidedEncoding, 'by'>
  readonly syntax: DecidedSyntax
  readonly headers: DecidedHeaders
  readonly decided: DecidedColumns
}

/** Returns a sentence about each thing that is not stated and was found out. */
export function foundWords(
  inspection: Inspection,
  stated: StatedCsv,
  { encoded, syntax, headers, decided }: Decisions,
): string[] {
  const words: string[] = []
  const say = (sentence: string): number => words.push(`${sentence[0]!.toUpperCase()}${sentence.slice(1)}`)
  const { encoding, perFile, delimiter, quote, columns } = inspection
  const compressed = perFile.filter(({ compression }) => compression !== null)
  if (compressed.length > 0) {
    say(
      `${listed(
        compressed.map(({ name, compression }) => `${name} (${compression})`),
        5,
      )} ${compressed.length === 1 ? 'is' : 'are'} decompressed while read`,
    )
  }
  if (stated.encoding === null && encoding !== 'utf-8')
    say(`the encoding is ${encoding}: ${encoded.by ?? 'a byte order mark'}`)
  if (stated.delimiter === null && columns.length > 1) {
    say(`fields are delimited by ${delimiterText(delimiter)}${syntax.named === null ? '' : ', as a line sep= says'}`)
  }
  if (stated.quote === undefined && quote !== '"')
    say(quote === null ? 'fields are never quoted' : `fields are quoted by ${quote}`)
  if (stated.escape === null && inspection.escape === 'backslash')
    say('backslashes escape, as in dumps of COPY and MySQL')
  for (const { file, passed, skipLines } of headers.files) {
    if (stated.skipLines === null && skipLines > 0) {
      say(
        `${file.name} begins with ${counted(skipLines, 'line')} that ${skipLines === 1 ? 'is' : 'are'} no record: ${listed(
          passed.map((text) => JSON.stringify(text.slice(0, 40))),
          3,
        )}`,
      )
    }
  }
  if (stated.header === null) say(headerText(headers))
  const { numbers } = decided
  if (numbers.state === 'decided' && numbers.by && (stated.decimal === null || stated.thousands === undefined)) {
    const { decimal, thousands } = numbers.reading
    const groups =
      thousands === null ? '' : `, groups of three by ${thousands === ' ' ? 'a space' : JSON.stringify(thousands)}`
    say(`numbers have the decimal mark ${JSON.stringify(decimal)}${groups}: ${placeText(numbers.by)}`)
  }
  const nulls = inspection.nulls.filter((spelling) => spelling !== '')
  if (stated.nulls === null && nulls.length > 0)
    say(`null is written ${listed(nulls.map((word) => JSON.stringify(word)))} in columns of other types than text`)
  for (const column of columns) {
    if (stated.columns === null || (column.format !== null && stated.formats[column.name] === undefined))
      say(columnText(column))
  }
  return words
}

function headerText({ files, header, by }: DecidedHeaders): string {
  if (header === false) return 'no file has a header: the first line of each is a record'
  const without = files.filter((file) => !file.header && file.first !== null)
  if (header === 'some')
    return `${listed(
      without.map(({ file }) => file.name),
      5,
    )} ${without.length === 1 ? 'has' : 'have'} no header: parts of a split file`
  const order = files.some(({ targets }) => targets?.some((target, k) => target !== null && target !== k))
  const why = by === null ? '' : `, since ${placeText(by)} is no value of its column`
  return `the first line of each file names the columns${why}${order ? '; their order differs, and each value goes to the column of its name' : ''}`
}

function columnText({ name, type, format, nulls, contradictions, why }: InspectedColumn): string {
  const spelled = format === null ? '' : ` as ${format}`
  const lacking = nulls === 0 ? '' : `, ${nulls.toLocaleString('en-US')} null`
  const but = contradictions.map((one) => `; ${contradictionText(one)}`).join('')
  return `column \`${name}\` is ${type}${spelled}${lacking}${why === null ? '' : `: ${why}`}${but}`
}

/** `all but 2 values are int4: a.csv:12 "n/a", b.csv:3 "?"` */
function contradictionText({ type, count, places }: Contradiction): string {
  const shown = places.slice(0, 3).map(placeText).join(', ')
  const more = count > Math.min(3, places.length) ? ' and others' : ''
  return `all but ${counted(count, 'value')} are ${type}: ${shown}${more}`
}
