import { deepStrictEqual, equal, ok } from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { BadRecordError } from '#copylab/executor/errors.js'
import { readBatches } from '#copylab/executor/input/batches.js'
import { csvFile } from '#copylab/executor/input/csv/csv-file.js'
import {
  bare,
  type CsvSyntax,
  checkRecord,
  escapedNull,
  fieldTexts,
  headerAgain,
} from '#copylab/executor/input/csv/syntax/csv-records.js'
import { readCsv } from '#copylab/executor/input/csv/syntax/read-csv.js'
import { type CsvFormat, plainFormat } from '#copylab/executor/input/file-spec.js'
import type { ColumnType, Row, Table } from '#copylab/study/table/table.js'
import { temporaryFolder } from '../../places.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import { type Fuzzed, fuzzed } from './fuzzed.js'

type Syntax = Pick<CsvSyntax, 'delimiter' | 'quote' | 'escape' | 'comment' | 'skipLines' | 'header'>

/** A text that is read as CSV, and how. */
export interface CsvText extends Syntax, Pick<CsvFormat, 'nulls' | 'textNulls'> {
  readonly bytes: Uint8Array
  /** For each field the column's place among the types, null where it must be empty. */
  readonly targets: readonly (number | null)[] | null
  /** Bytes that are read at a time. */
  readonly pieces: readonly number[]
  readonly types: readonly ColumnType[]
  readonly batchSize: number
}

interface Cut {
  readonly line: number
  readonly fields: readonly string[]
  /** How each field is written. */
  readonly forms: readonly number[]
  /** What is wrong with its quotes; null for nothing. */
  readonly problem: string | null
}

/** The records, or the message of the error that ended the reading. */
type Read = { readonly records: readonly Cut[] } | { readonly refused: string }

const signs = [
  '"',
  '"',
  '""',
  ',',
  ';',
  '\t',
  '|',
  '\n',
  '\n',
  '\r\n',
  '\r',
  'a',
  '7',
  '-1',
  'é',
  '😀',
  ' ',
  '\0',
  '\\',
  '\\N',
  '\\.',
  "'",
  '#',
  '\ufeff',
]
const values = ['1', '-2147483648', '2001-02-03', 'true', '{1,2}', '{}', '{"x":1}', '1.50', 'x y', '\\x00ff']

const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...signs), maxLength: 160 }),
  fc.array(fc.constantFrom(...signs, ...values), { maxLength: 60 }).map((parts) => parts.join('')),
  // Mostly right, with quotes where they belong.
  fc
    .array(fc.array(fc.constantFrom(...values, '"a,b"', '"c""d"', '"e\nf"', '"g\r\nh"', '""'), { maxLength: 4 }), {
      maxLength: 20,
    })
    .map((rows) => rows.map((row) => row.join(',')).join('\n')),
)
const bytes = fc.oneof(
  { weight: 8, arbitrary: texts.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: texts.map((text) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 120 }) },
  // Well-formed, but for a byte.
  {
    weight: 2,
    arbitrary: fc.tuple(texts, fc.nat(), fc.integer({ min: 128, max: 255 })).map(([text, at, byte]) => {
      const own = Buffer.from(text)
      if (own.length > 0) own[at % own.length] = byte
      return own
    }),
  },
  // Long fields, and very many.
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('"', 'é', 'a,', '""', '",', 'b\n', '"\n'), fc.integer({ min: 1_000, max: 20_000 }), texts)
      .map(([unit, times, text]) => Buffer.from(`${text}${unit.repeat(times)}${text}`)),
  },
)

const csvTexts: fc.Arbitrary<CsvText> = fc
  .record({
    bytes,
    delimiter: fc.constantFrom(',', ',', ',', ';', '\t', '|', ' ', 'a', '\\', '\0'),
    quote: fc.constantFrom('"', '"', '"', "'", 'a', null),
    escape: fc.constantFrom('doubled', 'doubled', 'backslash'),
    comment: fc.constantFrom(null, null, null, '#', '7'),
    skipLines: fc.constantFrom(0, 0, 0, 1, 3),
    header: fc.boolean(),
    nulls: fc.constantFrom<readonly string[]>([''], [''], [], ['', 'a'], ['\\N', '7']),
    textNulls: fc.constantFrom<readonly string[]>([], [], [''], ['', 'a'], ['\\N', '7']),
    targets: fc.constantFrom('own', 'own', 'reversed', 'trailing'),
    pieces: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 200 })),
    types: fc.oneof(
      fc.constant<ColumnType[]>(['text', 'text']),
      fc.array(
        fc.constantFrom<ColumnType>(
          'text',
          'int4',
          'int8',
          'float8',
          'numeric',
          'date',
          'timestamptz',
          'jsonb',
          'bytea',
          'uuid',
          'bool',
          'int4[]',
          'text[]',
        ),
        { minLength: 1, maxLength: 4 },
      ),
    ),
    batchSize: fc.integer({ min: 1, max: 30 }),
  })
  .filter(({ delimiter, quote, comment, escape: use }) => {
    const marks = [delimiter, quote, comment, use === 'backslash' ? '\\' : null].filter((mark) => mark !== null)
    return new Set(marks).size === marks.length
  })
  .map(({ targets, ...text }) => ({ ...text, targets: targetsOf(targets, text.types.length) }))
  // Every piece is a call of the system.
  .map((text) => (text.bytes.length > 1_000 ? { ...text, pieces: text.pieces.map((piece) => piece * 500) } : text))

function targetsOf(order: 'own' | 'reversed' | 'trailing', columns: number): CsvText['targets'] {
  if (order === 'own') return null
  const own = Array.from({ length: columns }, (_, k) => k)
  return order === 'reversed' ? own.reverse() : [...own, null]
}

const file = 'input.csv'
/** What a text that cannot be cut is refused with. */
const refusals =
  /^input\.csv:[1-9]\d*: (the text is not UTF-8.*|the lines end in CR alone.*|(the header's )?field \d+ (has|ends in) .*(quote|backslash).*|expected \d+ lines to skip.*|there is text after the line `\\\.`.*)$/

/**
 * The CSV reader: what it reads does not depend on the pieces that it reads, is what another parser
 * reads, and what it refuses is a record that it names.
 */
export async function fuzzCsv(options: EnduranceOptions): Promise<Fuzzed> {
  mkdirSync(temporaryFolder, { recursive: true })
  const folder = mkdtempSync(join(temporaryFolder, 'csv-'))
  const path = join(folder, file)
  try {
    return await fuzzed(
      { name: 'CSV', inputs: csvTexts, count: shareOf(12_000, options), outcome: (text) => csvOutcome(text, path) },
      options,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * Reads a text from a file at `path`, which is overwritten, and says what came out. Throws where
 * that depends on the pieces, is not what csv-parse reads, or is an error that names no record.
 */
export async function csvOutcome(text: CsvText, path: string): Promise<string> {
  writeFileSync(path, text.bytes)
  const whole = await readWhole(path, text)
  for (const piece of text.pieces) deepStrictEqual(await readWhole(path, text, piece), whole, `in pieces of ${piece}`)
  if ('refused' in whole) {
    ok(refusals.test(whole.refused), whole.refused)
    if (/ has (a quote|text)/.test(whole.refused))
      ok(typeof otherRows(text) === 'string' || !isCommon(text), 'csv-parse reads it')
    for (const onBadRecord of ['stop', 'skip'] as const) {
      const typed = await readTyped(path, text, onBadRecord)
      ok(typed.refused !== null, 'what cannot be cut was read')
    }
    return 'refused'
  }
  await checkTyped(path, text, whole.records)
  return compareWithOther(text, whole.records)
}

async function readWhole(path: string, text: CsvText, chunkBytes?: number): Promise<Read> {
  const syntax: CsvSyntax = text
  const found: Cut[] = []
  try {
    for await (const records of readCsv(path, syntax, { name: file, ...(chunkBytes && { chunkBytes }) })) {
      for (let k = 0; k < records.count; k++) {
        const fields = fieldTexts(records, k)
        const first = records.firstFields[k]!
        found.push({
          line: records.lines[k]!,
          fields,
          forms: fields.map((_, field) => (records.hasForms ? records.forms[first + field]! : bare)),
          problem: problemOf(() => checkRecord(records, k)),
        })
      }
    }
  } catch (error) {
    if (error instanceof BadRecordError) return { refused: error.message }
    throw error
  }
  return { records: found }
}

function problemOf(check: () => void): string | null {
  try {
    check()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** Records are read or named, none is both or neither. */
async function checkTyped(path: string, text: CsvText, cut: readonly Cut[]): Promise<void> {
  const skipped = await readTyped(path, text, 'skip')
  equal(skipped.refused, null)
  equal(skipped.rows.length + skipped.bad, cut.length, 'records read, and bad ones')
  const stopped = await readTyped(path, text, 'stop')
  equal(stopped.refused === null, skipped.bad === 0, 'whether a bad record ends it')
  if (!text.types.every((type) => type === 'text')) return
  const expected = cut.map((one) => rowOf(one, text))
  deepStrictEqual(
    skipped.rows,
    expected.filter((row) => row !== null),
    'columns of text',
  )
  const bad = cut[expected.indexOf(null)]
  if (bad) ok(stopped.refused?.startsWith(`${file}:${bad.line}: `), `line ${bad.line}: ${stopped.refused}`)
}

/** The row of a record whose columns are all of text; null for a bad one. */
function rowOf({ fields, forms, problem }: Cut, { types, targets, textNulls }: CsvText): Row | null {
  const places = targets ?? types.map((_, k) => k)
  if (problem !== null || fields.length !== places.length || fields.join('').includes('\0')) return null
  if (places.some((place, k) => place === null && fields[k] !== '')) return null
  const isNull = (k: number): boolean =>
    forms[k] === escapedNull || (forms[k] === bare && textNulls.includes(fields[k]!))
  return types.map((_, column) => {
    const k = places.indexOf(column)
    return isNull(k) ? null : fields[k]!
  })
}

interface Typed {
  readonly rows: readonly Row[]
  readonly bad: number
  readonly refused: string | null
}

async function readTyped(path: string, text: CsvText, onBadRecord: 'stop' | 'skip'): Promise<Typed> {
  const {
    types,
    delimiter,
    quote,
    escape: use,
    comment,
    nulls,
    textNulls,
    skipLines,
    header,
    targets,
    batchSize,
  } = text
  const table: Table = { columns: types.map((type, k) => ({ name: `c${k}`, type })), primaryKey: [] }
  const format = { ...plainFormat(table), delimiter, quote, escape: use, comment, nulls, textNulls }
  const spec = { kind: 'csv', name: file, path, format, compression: null, skipLines, header, targets } as const
  const input = csvFile(spec, null)
  const batches = readBatches({ table, offset: 0, limit: null, onBadRecord }, [input], { batchSize })
  const rows: Row[] = []
  let refused: string | null = null
  try {
    for await (const { records, release } of batches) {
      for (let position = 0; position < records.length; position++) rows.push(records.row(position))
      release()
    }
  } catch (error) {
    if (!(error instanceof BadRecordError)) throw error
    refused = error.message
  }
  if (refused !== null) ok(/^input\.csv:[1-9]\d*: ./.test(refused), refused)
  for (const kind of batches.badRecords.words()) {
    ok(/^\d+ lines?(: .+, first in input\.csv:[1-9]| for other reasons$)/s.test(kind), kind)
  }
  return { rows, bad: batches.badRecords.count, refused }
}

/** The text that is read, without a byte order mark and without the lines to skip. */
function textOf({ bytes: own, skipLines }: CsvText): string {
  const text = Buffer.from(own)
    .toString()
    .replace(/^\ufeff/, '')
  return text.split('\n').slice(skipLines).join('\n')
}

/**
 * Whether csv-parse has the same grammar for a text: it knows no carriage return within a line, and
 * a NUL nowhere; backslashes within quotes alone, where they give no character another meaning, and
 * where no quote is doubled.
 */
function isCommon(given: CsvText): boolean {
  const text = textOf(given)
  // It takes one after a closing quote.
  if (/\r(?!\n)/.test(text) || text.includes('\0')) return false
  if (given.escape === 'doubled' || !text.includes('\\')) return true
  const { quote } = given
  if (quote === null || text.includes(quote + quote) || /\\[0-7bfnrtvxNZ]/.test(text)) return false
  const between = new RegExp(`${quote}(?:[^${quote}\\\\]|\\\\.)*${quote}`, 'gs')
  return !text.replace(between, '').includes('\\')
}

/** What csv-parse reads; the error's code where it reads nothing. */
function otherRows(given: CsvText): string[][] | string {
  const { delimiter, quote, comment } = given
  const text = textOf(given)
  try {
    return parse(text, {
      delimiter,
      quote,
      escape: given.escape === 'backslash' && text.includes('\\') ? '\\' : quote,
      ...(comment === null ? {} : { comment, comment_no_infix: true }),
      record_delimiter: ['\r\n', '\n'],
      skip_empty_lines: true,
      relax_column_count: true,
    })
  } catch (error) {
    if (error instanceof CsvError) return error.code
    throw error
  }
}

/** Compares the fields with those that csv-parse reads, where both read the same grammar. */
function compareWithOther(text: CsvText, records: readonly Cut[]): string {
  if (!isCommon(text)) return 'read, in a grammar of its own'
  const rows = otherRows(text)
  // The header once more is a record to csv-parse.
  const broken = records.some(({ problem }) => problem !== null && problem !== headerAgain)
  if (typeof rows === 'string') {
    // It knows no quote within a field that does not begin with one.
    if (rows === 'INVALID_OPENING_QUOTE') return broken ? 'named' : 'read, with quotes within a field'
    ok(broken, `csv-parse: ${rows}`)
    return 'named'
  }
  ok(!broken, 'csv-parse reads it')
  deepStrictEqual(
    records.map(({ fields }) => fields),
    rows.slice(text.header ? 1 : 0),
    'csv-parse',
  )
  return 'read, as by csv-parse'
}
