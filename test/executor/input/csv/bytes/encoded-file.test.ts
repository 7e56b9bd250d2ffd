import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { readBatches } from '../../../../../src/executor/input/batches.js'
import { compressionOf } from '../../../../../src/executor/input/csv/bytes/compression-of.js'
import { csvFile } from '../../../../../src/executor/input/csv/csv-file.js'
import { type FileEncoding, plainFormat } from '../../../../../src/executor/input/file-spec.js'
import type { OnBadRecord } from '../../../../../src/executor/input/input.js'
import type { Row, Table } from '../../../../../src/study/table/table.js'
import { rowsOf } from '../../../records-of.js'

const folder = mkdtempSync(join(tmpdir(), 'copylab-csv-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const table: Table = {
  columns: [
    { name: 'id', type: 'int4' },
    { name: 't', type: 'text' },
  ],
  primaryKey: [],
}

async function read(
  bytes: Buffer,
  encoding: FileEncoding = 'utf-8',
  onBadRecord: OnBadRecord = 'skip',
): Promise<Row[]> {
  const path = join(folder, 'a.csv')
  writeFileSync(path, bytes)
  const format = { ...plainFormat(table), encoding }
  const compression = compressionOf(bytes, 'a.csv')
  const file = csvFile(
    { kind: 'csv', name: 'a.csv', path, format, compression, skipLines: 0, header: true, targets: null },
    null,
  )
  const rows: Row[] = []
  const window = { table, offset: 0, limit: null, onBadRecord }
  for await (const batch of readBatches(window, [file], { batchSize: 10 })) rows.push(...rowsOf(batch.records))
  return rows
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('csvFile(spec, analyse) of encoded files', () => {
  test('c01: reads UTF-8 with a byte order mark, which is no part of a name', async () => {
    expect(await read(Buffer.from('\ufeff"id",title\n1,north\n2,south\n'))).toEqual([
      [1, 'north'],
      [2, 'south'],
    ])
  })

  const utf16 = Buffer.from('\ufeffid,title\n1,north\n', 'utf16le')

  test('c02: refuses UTF-16 as UTF-8 by that name, and reads it where that is stated', async () => {
    await expect(read(utf16)).rejects.toThrow("a.csv:1: the text is not UTF-8 but UTF-16: state `encoding: 'utf-16le'`")
    expect(await read(utf16, 'utf-16le')).toEqual([[1, 'north']])
    expect(await read(Buffer.from(utf16).swap16(), 'utf-16be')).toEqual([[1, 'north']])
  })

  const spanish = latin1('id,place\n1,Lund\n2,Pe\xf1aranda\n3,Ost\n')

  test('c03: refuses Latin-1 as UTF-8 with its line, and reads it where that is stated', async () => {
    await expect(read(spanish)).rejects.toThrow(
      "a.csv:3: the text is not UTF-8: state its `encoding`, such as 'windows-1252'",
    )
    for (const encoding of ['latin1', 'windows-1252'] as const) {
      expect(await read(spanish, encoding)).toEqual([
        [1, 'Lund'],
        [2, 'Peñaranda'],
        [3, 'Ost'],
      ])
    }
  })

  test('c12: refuses lines that end in CR alone as such, in every encoding', async () => {
    const text = 'id,t\r1,a\r2,b\r3,c\r'
    const reason = "a.csv:1: the lines end in CR alone: write them with LF or CRLF, such as by tr '\\r' '\\n' < old.csv"
    await expect(read(Buffer.from(text))).rejects.toThrow(reason)
    await expect(read(Buffer.from(text, 'utf16le'), 'utf-16le')).rejects.toThrow(reason)
  })

  test('c12c: keeps a CR within a field of a file whose lines end in LF', async () => {
    expect(await read(Buffer.from('id,t\n1,a\rb\n2,c\n'))).toEqual([
      [1, 'a\rb'],
      [2, 'c'],
    ])
  })

  test('c66: reads a gzipped file, of text in whatever encoding', async () => {
    expect(await read(gzipSync('id,t\n1,a\n2,b\n'))).toEqual([
      [1, 'a'],
      [2, 'b'],
    ])
    expect(await read(gzipSync(utf16), 'utf-16le')).toEqual([[1, 'north']])
    await expect(read(gzipSync(spanish))).rejects.toThrow('a.csv:3: the text is not UTF-8')
  })

  test('refuses a gzipped file that is cut off, also where bad records are left out', async () => {
    await expect(read(gzipSync('id,t\n1,a\n2,b\n').subarray(0, -4))).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('a.csv is damaged or cut off: unexpected end of file'),
    })
  })

  test('shows what nobody sees in a field by its code point', async () => {
    await expect(read(Buffer.from('id,t\n1\u00a0234\u200b,a\n'), 'utf-8', 'stop')).rejects.toThrow(
      'a.csv:2: column `id` (int4) cannot hold "1<U+00A0>234<U+200B>"',
    )
  })
})
