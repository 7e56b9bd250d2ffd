import { listed } from '../../../../../names.js'
import type { StatedCsv } from '../../csv-options.js'
import type { DecidedColumns, KeptWord } from '../columns/decide-all.js'
import type { Contradiction } from '../columns/decide-columns.js'
import type { DecidedHeaders, RecordsRead } from '../headers/decide-headers.js'
import type { InspectedColumn, Inspection } from '../inspection.js'
import type { DecidedEncoding } from '../syntax/decide-encoding.js'
import type { DecidedSyntax } from '../syntax/decide-syntax.js'
import { counted, delimiterText, noRecords, placeText } from './words.js'

/** What was decided, and by what. */
interface Decisions {
  readonly encoded: Pick<DecidedEncoding, 'by'>
  readonly syntax: DecidedSyntax
  readonly read: RecordsRead
  readonly headers: DecidedHeaders
  readonly decided: DecidedColumns
}

/** Returns a sentence about each thing that is not stated and was found out. */
export function foundWords(
  inspection: Inspection,
  stated: StatedCsv,
  { encoded, syntax, read, headers, decided }: Decisions,
): string[] {
  const words: string[] =
    inspection.records + inspection.badRecords.length === 0 ? [noRecords(inspection.header, stated)] : []
  const say = (sentence: string): number => words.push(sentence)
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
    say(`The encoding is ${encoding}: ${encoded.by ?? 'a byte order mark'}`)
  if (stated.delimiter === null && columns.length > 1) {
    say(`Fields are delimited by ${delimiterText(delimiter)}${syntax.named === null ? '' : ', as a line sep= says'}`)
  }
  if (stated.quote === undefined && quote !== '"')
    say(quote === null ? 'Fields are never quoted' : `Fields are quoted by ${quote}`)
  if (stated.escape === null && inspection.escape === 'backslash')
    say('Backslashes escape, as in dumps of COPY and MySQL')
  for (const { file, passed, skipLines } of headers.files) {
    if (stated.skipLines !== null || skipLines === 0) continue
    const shown = listed(
      passed.map(({ text }) => JSON.stringify(text.slice(0, 40))),
      3,
    )
    say(
      passed.length === 0
        ? `${file.name} begins with ${counted(skipLines, 'empty line')}`
        : `${file.name} begins with ${counted(skipLines, 'line')} that ${skipLines === 1 ? 'is' : 'are'} no record: ${shown}`,
    )
  }
  if (stated.header === null) say(headerText(headers))
  const [empty] = read.emptyLines
  if (empty) {
    const lines = counted(read.emptyLines.length, 'empty line')
    say(
      `${lines} between the records, first ${empty.file}:${empty.line}, ${read.emptyLines.length === 1 ? 'is' : 'are'} left out: write a null as "" or NULL`,
    )
  }
  const { numbers } = decided
  const { decimal, thousands } = decided.reading
  const isFound = stated.decimal === null || (stated.thousands === undefined && thousands !== null)
  if (numbers.state === 'decided' && numbers.by && isFound) {
    const groups =
      thousands === null ? '' : `, groups of three by ${thousands === ' ' ? 'a space' : JSON.stringify(thousands)}`
    say(`Numbers have the decimal mark ${JSON.stringify(decimal)}${groups}: ${placeText(numbers.by)}`)
  }
  const nulls = inspection.nulls.filter((spelling) => spelling !== '')
  if (stated.nulls === null && nulls.length > 0)
    say(`Null is written ${listed(nulls.map((word) => JSON.stringify(word)))} in columns of other types than text`)
  if (decided.keptWords.length > 0)
    say(
      `Words that may stand for null stay text: ${listed(decided.keptWords.map(keptWordText), 5)}; state \`null\` (--null) where they do`,
    )
  const told = columns.filter(
    ({ name, format }) => stated.columns === null || (format !== null && stated.formats[name] === undefined),
  )
  if (told.length > 0) say(`Columns: ${listed(told.map(columnText))}`)
  for (const column of columns) words.push(...doubtsOf(column))
  if (stated.columns === null && stated.primaryKey.length === 0 && inspection.primaryKeys.length > 0) {
    const names = inspection.primaryKeys.map((name) => `\`${name}\``)
    say(
      `${listed(names)} ${names.length === 1 ? 'tells' : 'tell'} all records apart; the table has no primary key unless \`primaryKey\` (--primary-key) states one`,
    )
  }
  const { offset, limit } = stated
  if (limit !== null && offset + limit < inspection.records) {
    const which = offset === 0 ? 'the first' : `after ${counted(offset, 'record')} the next`
    say(`Of ${counted(inspection.records, 'record')}, ${which} ${limit.toLocaleString('en-US')} are loaded`)
  }
  return words
}

function headerText({ files, header, by }: DecidedHeaders): string {
  if (header === false) return 'No file has a header: the first line of each is a record'
  const without = files.filter((file) => !file.header && file.first !== null)
  if (header === 'some')
    return `${listed(
      without.map(({ file }) => file.name),
      5,
    )} ${without.length === 1 ? 'has' : 'have'} no header: parts of a split file`
  const order = files.some(({ targets }) => targets?.some((target, k) => target !== null && target !== k))
  const why = by === null ? '' : `, since ${placeText(by)} is no value of its column`
  return `The first line of each file names the columns${why}${order ? '; their order differs, and each value goes to the column of its name' : ''}`
}

/** `` `sold` date as DD.MM.YYYY (12 null) `` */
function columnText({ name, type, format, nulls }: InspectedColumn): string {
  const spelled = format === null ? '' : ` as ${format}`
  return `\`${name}\` ${type}${spelled}${nulls === 0 ? '' : ` (${nulls.toLocaleString('en-US')} null)`}`
}

/** `` "NULL" in `name` (a.csv:3, 12 in all) `` */
function keptWordText({ column, word, first, count }: KeptWord): string {
  const all = count === 1 ? '' : `, ${count.toLocaleString('en-US')} in all`
  return `${JSON.stringify(word)} in \`${column}\` (${first.file}:${first.line}${all})`
}

/** Sentences about a column that is of another type than most of its values would have. */
function doubtsOf({ name, type, contradictions, why }: InspectedColumn): string[] {
  const reasons = [...(why === null ? [] : [why]), ...contradictions.map(contradictionText)]
  return reasons.map((reason) => `Column \`${name}\` is ${type}: ${reason}`)
}

/** `all but 2 values are int4: a.csv:12 "n/a", b.csv:3 "?"` */
function contradictionText({ type, count, places }: Contradiction): string {
  const shown = places.slice(0, 3).map(placeText).join(', ')
  const more = count > Math.min(3, places.length) ? ' and others' : ''
  return `all but ${counted(count, 'value')} are ${type}: ${shown}${more}`
}
