import { deepStrictEqual, equal, ok } from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { BadRecordError } from '#copylab/executor/errors.js'
import { readBatches } from '#copylab/executor/input/batches.js'
import { csvFile } from '#copylab/executor/input/csv/csv-file.js'
import { type CsvSyntax, checkQuotes, fieldTexts } from '#copylab/executor/input/csv/syntax/csv-records.js'
import { readCsv } from '#copylab/executor/input/csv/syntax/read-csv.js'
import { plainFormat } from '#copylab/executor/input/file-spec.js'
import type { ColumnType, Row, Table } from '#copylab/study/table.js'
import { temporaryFolder } from '../../places.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import { type Fuzzed, fuzzed } from './fuzzed.js'

/** A text that is read as CSV, and how. */
export interface CsvText {
  readonly bytes: Uint8Array
  readonly delimiter: string
  readonly header: boolean
  /** Bytes that are read at a time. */
  readonly pieces: readonly number[]
  readonly types: readonly ColumnType[]
  readonly batchSize: number
}

interface Cut {
  readonly line: number
  readonly fields: readonly string[]
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
    header: fc.boolean(),
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
  // Every piece is a call of the system.
  .map((text) => (text.bytes.length > 1_000 ? { ...text, pieces: text.pieces.map((piece) => piece * 500) } : text))

const file = 'input.csv'

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
    ok(
      /^input\.csv:[1-9]\d*: (the text is not UTF-8.*|the lines end in CR alone.*|the header's field \d+ has .*quote.*)$/.test(
        whole.refused,
      ),
      whole.refused,
    )
    for (const onBadRecord of ['stop', 'skip'] as const) {
      const typed = await readTyped(path, text, onBadRecord)
      ok(typed.refused !== null, 'what cannot be cut was read')
    }
    return 'refused'
  }
  await checkTyped(path, text, whole.records)
  return compareWithOther(text, whole.records)
}

async function readWhole(path: string, { delimiter, header }: CsvText, chunkBytes?: number): Promise<Read> {
  const syntax: CsvSyntax = { delimiter, header, quoted: true }
  const found: Cut[] = []
  try {
    for await (const records of readCsv(path, syntax, { name: file, ...(chunkBytes && { chunkBytes }) })) {
      for (let k = 0; k < records.count; k++) {
        found.push({
          line: records.lines[k]!,
          fields: fieldTexts(records, k),
          problem: problemOf(() => checkQuotes(records, k)),
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
  const good = cut.filter(
    ({ fields, problem }) => problem === null && fields.length === text.types.length && !fields.join('').includes('\0'),
  )
  deepStrictEqual(
    skipped.rows,
    good.map(({ fields }) => fields),
    'columns of text',
  )
  const bad = cut.find((one) => !good.includes(one))
  if (bad) ok(stopped.refused?.startsWith(`${file}:${bad.line}: `), `line ${bad.line}: ${stopped.refused}`)
}

interface Typed {
  readonly rows: readonly Row[]
  readonly bad: number
  readonly refused: string | null
}

async function readTyped(path: string, text: CsvText, onBadRecord: 'stop' | 'skip'): Promise<Typed> {
  const { types, delimiter, header, batchSize } = text
  const table: Table = { columns: types.map((type, k) => ({ name: `c${k}`, type })), primaryKey: [] }
  const format = { ...plainFormat(table), delimiter }
  const spec = {
    kind: 'csv',
    name: file,
    path,
    format,
    compression: null,
    skipLines: 0,
    header,
    targets: null,
  } as const
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
  for (const message of [...batches.badRecordExamples, ...(refused === null ? [] : [refused])]) {
    ok(/^input\.csv:[1-9]\d*: ./.test(message), message)
  }
  return { rows, bad: batches.badRecords, refused }
}

/**
 * Fields that csv-parse reads, where both read the same grammar: it knows no quote within a field
 * that does not begin with one, no carriage return within a line, and
 * a NUL nowhere.
 */
function compareWithOther({ bytes: own, delimiter, header }: CsvText, records: readonly Cut[]): string {
  const text = Buffer.from(own)
    .toString()
    .replace(/^\ufeff/, '')
  if (/\r(?!\n)/.test(text)) return 'read, with a lone carriage return'
  // It takes one after a closing quote.
  if (text.includes('\0')) return 'read, with NUL'
  const broken = records.some(({ problem }) => problem !== null)
  let rows: string[][]
  try {
    rows = parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      skip_empty_lines: true,
      relax_column_count: true,
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    if (error.code === 'INVALID_OPENING_QUOTE') return broken ? 'named' : 'read, with quotes within a field'
    ok(broken, `csv-parse: ${error.message}`)
    return 'named'
  }
  ok(!broken, 'csv-parse reads it')
  deepStrictEqual(
    records.map(({ fields }) => fields),
    rows.slice(header ? 1 : 0),
    'csv-parse',
  )
  return 'read, as by csv-parse'
}
