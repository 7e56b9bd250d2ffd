import { deepStrictEqual, equal } from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { readBatches } from '#copylab/executor/input/batches.js'
import { csvFile } from '#copylab/executor/input/csv/csv-file.js'
import { type CsvFormat, plainFormat } from '#copylab/executor/input/file-spec.js'
import type { Row, Table } from '#copylab/study/table/table.js'
import { temporaryFolder } from '../../places.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import { type Fuzzed, fuzzed } from './fuzzed.js'

/** How a program writes rows of texts and nulls. */
interface Dialect {
  readonly name: string
  readonly format: Partial<CsvFormat>
  /** Writes a text, with quotes where `quoted` asks for them. */
  text(value: string, quoted: boolean): string
  /** Writes null. */
  readonly nothing: string
}

/** Letters that COPY's text format writes for control characters. */
const letters: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\\': '\\\\',
}

const dialects: readonly Dialect[] = [
  {
    name: 'RFC 4180',
    format: { textNulls: [''] },
    text: (value, quoted) => (quoted || /^$|[",\r\n#]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value),
    nothing: '',
  },
  {
    name: 'single quotes and semicolons, NULL for null',
    format: { delimiter: ';', quote: "'", nulls: ['NULL'], textNulls: ['NULL'] },
    text: (value, quoted) => (quoted || /^NULL$|^$|[';\r\n#]/.test(value) ? `'${value.replaceAll("'", "''")}'` : value),
    nothing: 'NULL',
  },
  {
    name: "COPY's text format",
    format: { delimiter: '\t', quote: null, escape: 'backslash', nulls: [] },
    text: (value) => value.replace(/[\b\t\n\v\f\r\\]/g, (character) => letters[character]!).replace(/^#/, '\\#'),
    nothing: '\\N',
  },
  {
    name: "MySQL's tabs",
    format: { delimiter: '\t', quote: null, escape: 'backslash', nulls: [] },
    text: (value) => value.replace(/[\t\n\\#]/g, '\\$&').replaceAll('\r', '\\r'),
    nothing: '\\N',
  },
  {
    name: "MySQL's quotes",
    format: { escape: 'backslash', nulls: ['NULL'], textNulls: ['NULL'] },
    text: (value) => `"${value.replace(/["\n\\]/g, '\\$&')}"`,
    nothing: '\\N',
  },
]

/** Rows, and how a program writes them. */
interface Written {
  readonly rows: readonly (readonly [string | null, string | null, string | null])[]
  readonly dialect: number
  readonly lineEnd: '\n' | '\r\n'
  readonly header: boolean
  readonly comment: boolean
  readonly skipLines: number
  /** Whether a delimiter follows the last field. */
  readonly trailing: boolean
  readonly order: readonly [number, number, number]
  readonly quoted: boolean
  readonly ended: boolean
}

const text = fc.oneof(
  fc.constantFrom('', 'NULL', '\\N', '\\.', 'a', '#', '0'),
  fc.string({
    unit: fc.constantFrom('a', 'é', '😀', '"', "'", ',', ';', '\t', '\n', '\r', '\\', '#', ' ', 'N', '.', '\b', '\f'),
    maxLength: 12,
  }),
)
const cell = fc.option(text, { freq: 4 })

const written: fc.Arbitrary<Written> = fc.record({
  rows: fc.array(fc.tuple(cell, cell, cell), { maxLength: 12 }),
  dialect: fc.nat({ max: dialects.length - 1 }),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  header: fc.boolean(),
  comment: fc.boolean(),
  skipLines: fc.constantFrom(0, 0, 2),
  trailing: fc.boolean(),
  order: fc.constantFrom([0, 1, 2], [2, 0, 1], [1, 0, 2]),
  quoted: fc.boolean(),
  ended: fc.boolean(),
})

const table: Table = {
  columns: ['a', 'b', 'c'].map((name) => ({ name, type: 'text' })),
  primaryKey: [],
}

/** What other programs write is read as the rows that they wrote. */
export async function fuzzDialects(options: EnduranceOptions): Promise<Fuzzed> {
  mkdirSync(temporaryFolder, { recursive: true })
  const folder = mkdtempSync(join(temporaryFolder, 'dialects-'))
  const path = join(folder, 'written.csv')
  try {
    const outcome = (own: Written): Promise<string> => outcomeOf(own, path)
    return await fuzzed({ name: 'dialects', inputs: written, count: shareOf(12_000, options), outcome }, options)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function outcomeOf(own: Written, path: string): Promise<string> {
  const dialect = dialects[own.dialect]!
  const format = { ...plainFormat(table), ...dialect.format, comment: own.comment ? '#' : null }
  writeFileSync(path, writtenText(own, dialect, format.delimiter))
  const { skipLines, header } = own
  const targets = own.trailing ? [...own.order, null] : own.order
  const spec = {
    kind: 'csv',
    name: 'written.csv',
    path,
    format,
    compression: null,
    skipLines,
    header,
    targets,
  } as const
  const batches = readBatches({ table, offset: 0, limit: null, onBadRecord: 'stop' }, [csvFile(spec, null)], {
    batchSize: 5,
  })
  const read: Row[] = []
  for await (const { records } of batches) {
    for (let position = 0; position < records.length; position++) read.push(records.row(position))
  }
  deepStrictEqual(read, own.rows, dialect.name)
  equal(batches.badRecords.count, 0)
  return dialect.name
}

function writtenText(own: Written, { text: write, nothing }: Dialect, delimiter: string): string {
  const { rows, lineEnd, order, trailing, quoted } = own
  const line = (fields: readonly string[]): string => [...fields, ...(trailing ? [''] : [])].join(delimiter)
  const records = rows.map((row) =>
    line(
      order.map((column) => {
        const value = row[column]!
        return value === null ? nothing : write(value, quoted)
      }),
    ),
  )
  const lines = [
    ...Array.from({ length: own.skipLines }, (_, k) => `title "${k}`),
    ...(own.comment ? ['# "comment\\'] : []),
    ...(own.header ? [line(order.map((column) => 'abc'[column]!))] : []),
    ...records.flatMap((record) => (own.comment ? [record, '#'] : [record])),
  ]
  return lines.join(lineEnd) + (own.ended && lines.length > 0 ? lineEnd : '')
}
