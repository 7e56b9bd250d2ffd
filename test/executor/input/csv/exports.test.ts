import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { to as copyTo } from 'pg-copy-streams'
import { afterAll, describe, expect, it } from 'vitest'
import { csv, type Input, runTrial, type Table } from '../../../../src/entries/executor.js'
import { withClient } from '../../../../src/executor/connect.js'
import { readBatches } from '../../../../src/executor/input/batches.js'
import { csvFile } from '../../../../src/executor/input/csv/csv-file.js'
import { type CsvFormat, plainFormat } from '../../../../src/executor/input/file-spec.js'
import type { Row } from '../../../../src/study/table/table.js'
import { rowsOf } from '../../records-of.js'
import { useRunningServer } from '../../running-server.js'

const { server, connection } = useRunningServer()
const folder = mkdtempSync(join(tmpdir(), 'copylab-exports-'))
afterAll(() => rmSync(folder, { recursive: true }))

const table: Table = {
  columns: [
    { name: 'id', type: 'int4' },
    { name: 'n', type: 'int4' },
    { name: 't', type: 'text' },
  ],
  primaryKey: [],
}
const texts = [
  null,
  '',
  'NULL',
  '\\N',
  '\\.',
  'a\tb',
  'c\nd\r\ne\r',
  '\b\f\v',
  'C:\\temp\\new',
  '"q", \'r\'',
  'é😀',
  '#',
  ' ',
]
const rows: Row[] = texts.map((text, k) => [k, k % 2 === 0 ? null : -k, text])

/** What the server writes of the rows by `COPY … TO STDOUT`. */
async function exported(options: string): Promise<Buffer> {
  return withClient(connection().config, async (client) => {
    await client.query('CREATE TEMPORARY TABLE export (id int4, n int4, t text)')
    for (const row of rows) await client.query('INSERT INTO export VALUES ($1, $2, $3)', [...row])
    return buffer(client.query(copyTo(`COPY (SELECT * FROM export ORDER BY id) TO STDOUT WITH (${options})`)))
  })
}

async function read(content: Buffer, format: Partial<CsvFormat>, header: boolean): Promise<Row[]> {
  const path = join(folder, 'export.csv')
  writeFileSync(path, content)
  const spec = {
    kind: 'csv',
    name: 'export.csv',
    path,
    compression: null,
    skipLines: 0,
    header,
    targets: null,
  } as const
  const file = csvFile({ ...spec, format: { ...plainFormat(table), ...format } }, null)
  const found: Row[] = []
  const window = { table, offset: 0, limit: null, onBadRecord: 'stop' } as const
  for await (const { records } of readBatches(window, [file], { batchSize: 100 })) found.push(...rowsOf(records))
  return found
}

describe('files that the server writes', () => {
  it.each<[string, Partial<CsvFormat>]>([
    ['FORMAT text', { delimiter: '\t', quote: null, escape: 'backslash', nulls: [] }],
    ["FORMAT text, DELIMITER '|'", { delimiter: '|', quote: null, escape: 'backslash', nulls: [] }],
    ['FORMAT csv', { textNulls: [''] }],
    [
      "FORMAT csv, DELIMITER ';', QUOTE '''', NULL 'n/a', HEADER",
      { delimiter: ';', quote: "'", nulls: ['n/a'], textNulls: ['n/a'] },
    ],
    ["FORMAT csv, NULL '\\N', FORCE_QUOTE (t)", { nulls: ['\\N'], textNulls: ['\\N'] }],
  ])('by COPY with %s are read as the rows that they hold', async (options, format) => {
    expect(await read(await exported(options), format, options.includes('HEADER'))).toEqual(rows)
  })
})

describe('c71: records of one primary key', () => {
  const duplicated = async (
    onBadRecord: 'stop' | 'skip',
    type: 'float8' | 'numeric' = 'float8',
    again = '"5"',
  ): Promise<Input> => {
    const lines = ['1,B1,a', '5,B2,x', '6,B3,y', `${again},B2,z`]
    const own = mkdtempSync(join(folder, 'keys-'))
    writeFileSync(join(own, 'a.csv'), `line,code,label\n${lines.slice(0, 2).join('\n')}\n`)
    writeFileSync(
      join(own, 'b.csv'),
      `line,code,label\n${lines.slice(2).join('\n')}\n${onBadRecord === 'skip' ? 'x\n' : ''}`,
    )
    const columns = { line: type, code: 'text', label: 'text' } as const
    return csv(own, {
      columns,
      delimiter: ',',
      header: true,
      quote: '"',
      primaryKey: ['line', 'code'],
      onBadRecord,
    }).inspect()
  }

  it.each(['stop', 'skip'] as const)(
    'are refused before any trial, with key, file and line, onBadRecord %s',
    async (policy) => {
      const running = runTrial({ server, input: await duplicated(policy), treatment: { workers: 2 }, probes: false })
      await expect(running).rejects.toMatchObject({
        name: 'InputError',
        message:
          '1 record has a primary key (`line`, `code`) that another has: a.csv:3 and b.csv:3 have ["5","B2"]: correct the records, or state another `primaryKey` (--primary-key)',
      })
    },
  )

  it.each([
    ['event-loop', 'text', 10_000],
    ['event-loop', 'binary', 1],
    ['threads', 'text', 1],
    ['threads', 'binary', 10_000],
  ] as const)(
    'that the server alone takes for equal are named with key, file and line by client %s in %s, batches of %i',
    async (client, encoding, batchSize) => {
      for (const onBadRecord of ['stop', 'skip'] as const) {
        const treatment = { workers: 2, batchSize, client, encoding }
        const trial = await runTrial({
          server,
          input: await duplicated(onBadRecord, 'numeric', '5.0'),
          treatment,
          probes: false,
        })
        expect(trial).toMatchObject({ state: 'failed', error: { name: 'CopyError', sqlState: '23505' } })
        expect(trial.state === 'failed' && trial.error.message).toMatch(
          /^Worker \d failed in batch \d, .*: duplicate key value violates unique constraint "records_pkey"\. Key \(line, code\)=\(5(\.0)?, B2\) already exists\. a\.csv:3 and b\.csv:3 have it: correct the records, or state another `primaryKey`$/,
        )
      }
    },
  )
})
