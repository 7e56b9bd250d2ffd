import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readBatches } from '../../../../src/executor/input/batches.js'
import { type AnalyseFields, csvFile } from '../../../../src/executor/input/csv/csv-file.js'
import { type CsvFileSpec, type CsvFormat, plainFormat } from '../../../../src/executor/input/file-spec.js'
import type { OnBadRecord } from '../../../../src/executor/input/input.js'
import type { ColumnType, Row } from '../../../../src/study/table/table.js'
import { rowsOf } from '../../records-of.js'

const folder = mkdtempSync(join(tmpdir(), 'copylab-csv-file-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
})

interface Reading extends Partial<Omit<CsvFormat, 'table'>>, Partial<Pick<CsvFileSpec, 'skipLines' | 'targets'>> {
  readonly header?: boolean
  readonly onBadRecord?: OnBadRecord
  readonly fields?: AnalyseFields
}

/** Reads `a.csv` of this content, with a header unless stated otherwise. */
async function read(content: string, columns: Readonly<Record<string, ColumnType>>, reading: Reading = {}) {
  const path = join(folder, 'a.csv')
  writeFileSync(path, content)
  const { skipLines = 0, targets = null, header = true, onBadRecord = 'stop', fields = null, ...format } = reading
  const table = { columns: Object.entries(columns).map(([name, type]) => ({ name, type })), primaryKey: [] }
  const file = csvFile(
    {
      kind: 'csv',
      name: 'a.csv',
      path,
      format: { ...plainFormat(table), ...format },
      compression: null,
      skipLines,
      header,
      targets,
    },
    fields,
  )
  const batches = readBatches({ table, offset: 0, limit: null, onBadRecord }, [file], { batchSize: 2 })
  const rows: Row[] = []
  for await (const { records, release } of batches) {
    rows.push(...rowsOf(records))
    release()
  }
  return { rows, bad: batches.badRecords.words() }
}
const rows = async (...given: Parameters<typeof read>): Promise<Row[]> => (await read(...given)).rows

const idAndText = { id: 'int4', t: 'text' } as const
const numberAndText = { id: 'int4', n: 'int4', t: 'text' } as const
const three = { a: 'int4', b: 'text', c: 'text' } as const

describe('field cases', () => {
  test('c04, c04b: a NUL is refused and named, or left out and named', async () => {
    const content = 'id,t\n1,ok\n2,a\0b\n3,ok\n'
    await expect(read(content, idAndText)).rejects.toThrow('a.csv:3: column `t` (text) cannot hold "a\\u0000b"')
    const skipped = await read(content, idAndText, { onBadRecord: 'skip' })
    expect(skipped.rows).toHaveLength(2)
    expect(skipped.bad).toEqual([
      '1 line: column `t` (text) cannot hold "a\\u0000b": PostgreSQL cannot store the character NUL, first in a.csv:3',
    ])
  })

  test('c10: quoted newlines, CRLF and quotes are kept', async () => {
    const content = 'id,state,note\n1,failed,"---\n:image:\n- echo ""hi""\n"\n2,ok,"a\r\nb"\n3,ok,plain\n'
    expect(await rows(content, { id: 'int4', state: 'text', note: 'text' })).toEqual([
      [1, 'failed', '---\n:image:\n- echo "hi"\n'],
      [2, 'ok', 'a\r\nb'],
      [3, 'ok', 'plain'],
    ])
  })

  test('c11: the last line may lack its end, and line ends may differ', async () => {
    expect(await rows('id,t\r\n1,a\r\n2,b\n3,c', idAndText)).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ])
  })

  test('c12c: a carriage return within a line is kept', async () => {
    expect(await rows('id,t\n1,a\rb\n2,c\n', idAndText)).toEqual([
      [1, 'a\rb'],
      [2, 'c'],
    ])
  })

  test('c13, c13b: a quote within a field stands as it is; text after a closing quote costs its line alone', async () => {
    expect(await rows('id,t\n1,5" pipe\n2,a "b" c\n3,plain\n', idAndText)).toEqual([
      [1, '5" pipe'],
      [2, 'a "b" c'],
      [3, 'plain'],
    ])
    const content = 'id,t\n1,"A "B" C"\n2,plain\n'
    await expect(read(content, idAndText)).rejects.toThrow('a.csv:2: field 2 has text after its closing quote')
    expect((await read(content, idAndText, { onBadRecord: 'skip' })).rows).toEqual([[2, 'plain']])
    expect(await rows(content, idAndText, { quote: null })).toEqual([
      [1, '"A "B" C"'],
      [2, 'plain'],
    ])
  })

  test('c14: backslashes stand as they are where nothing else is stated', async () => {
    expect(await rows('id,t\n1,C:\\temp\\new\n2,ends\\\n3,\\N\n4,"\\"\n5,\\x41\\t\n', idAndText)).toEqual([
      [1, 'C:\\temp\\new'],
      [2, 'ends\\'],
      [3, '\\N'],
      [4, '\\'],
      [5, '\\x41\\t'],
    ])
  })

  test('c16: a null by its backslash is read as one where that is stated, and the refusal says so', async () => {
    const content = 'id,n,t\n1,5,a\n2,\\N,b\n'
    await expect(read(content, numberAndText)).rejects.toThrow(
      'a.csv:3: column `n` (int4) cannot hold "\\\\N": it is no number such as -42: state it in `null` where it stands for that',
    )
    for (const reading of [
      { nulls: ['\\N'], textNulls: ['\\N'] },
      { escape: 'backslash', quote: null },
    ] as const) {
      expect(await rows(content, numberAndText, reading)).toEqual([
        [1, 5, 'a'],
        [2, null, 'b'],
      ])
    }
  })

  test('c17: an empty text is kept unless null is stated as the empty spelling, and with quotes even then', async () => {
    const content = 'id,n,t\n1,,\n2,"",""\n3,0,NULL\n'
    expect(await rows(content, numberAndText)).toEqual([
      [1, null, ''],
      [2, null, ''],
      [3, 0, 'NULL'],
    ])
    expect(await rows('id,n,t\n1,,\n3,0,""\n', numberAndText, { textNulls: [''] })).toEqual([
      [1, null, null],
      [3, 0, ''],
    ])
    await expect(read(content, numberAndText, { textNulls: [''] })).rejects.toThrow(
      'a.csv:3: column `n` (int4) cannot hold ""',
    )
  })

  test('c18, c18c: empty lines are left out, a line of delimiters is a record, one of spaces is refused', async () => {
    expect(await rows('a,b,c\n100,xyz,uvw\n,,\n\n200,abc,mno\n\n', three)).toEqual([
      [100, 'xyz', 'uvw'],
      [null, '', ''],
      [200, 'abc', 'mno'],
    ])
    await expect(read('a,b\n1,x\n   \n2,y\n', idAndText)).rejects.toThrow('a.csv:3: expected 2 fields, got 1')
  })

  test('c21, c23: values go to the columns that the fields are for', async () => {
    const columns = { id: 'int4', price: 'int4', qty: 'int4' } as const
    expect(await rows('id,qty,price\n1,2,300\n2,5,700\n', columns, { targets: [0, 2, 1] })).toEqual([
      [1, 300, 2],
      [2, 700, 5],
    ])
    expect(await rows('c,c,d\n1,2,3\n4,5,6\n', { c: 'int4', c_1: 'int4', d: 'int4' }, { targets: [0, 1, 2] })).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
  })

  test('c26, c27: lines to skip and comments are neither header nor record', async () => {
    const texts = { id: 'text', v: 'text' } as const
    expect(await rows('sep=;\nid;v\n1;a\n2;b\n', texts, { delimiter: ';', skipLines: 1 })).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ])
    const content = '# Station 17\n# daily "means\nyr,mean\n1959,315.98\n#1960,0\n1960,316.91'
    expect(await rows(content, { yr: 'int4', mean: 'float8' }, { comment: '#' })).toEqual([
      [1959, 315.98],
      [1960, 316.91],
    ])
    await expect(read(content, { yr: 'int4', mean: 'float8' })).rejects.toThrow('a.csv:2: expected 2 fields, got 1')
  })

  test('c28: the field after a trailing delimiter must be empty', async () => {
    const columns = { t: 'timestamp', e: 'int4', u: 'float8' } as const
    const reading = { delimiter: ';', targets: [0, 1, 2, null] }
    const begin = 'Timestamp;Event;U;\n2018-09-13 00:00:00.000;1;0.00;\n2018-09-13 00:01:00.000;1;32.75;'
    expect(await rows(`${begin}\n`, columns, reading)).toEqual([
      [Date.UTC(2018, 8, 13), 1, 0],
      [Date.UTC(2018, 8, 13, 0, 1), 1, 32.75],
    ])
    await expect(read(`${begin}x\n`, columns, reading)).rejects.toThrow(
      'a.csv:3: expected field 4 to be empty, since it has no column, got "x"',
    )
  })

  test('c29, c30: another number of fields is refused, with the delimiter by which it would be right', async () => {
    await expect(read('A,B,C\n1,2,3\n5,6\n7,8,9\n', three)).rejects.toThrow('a.csv:3: expected 3 fields, got 2')
    await expect(read('id;t\n1;a\n2;b\n', idAndText)).rejects.toThrow(
      "a.csv:2: expected 2 fields, got 1: it has as many with `delimiter: ';'`",
    )
    await expect(read('id\tt\n1\ta\n', idAndText)).rejects.toThrow("as many with `delimiter: '\\t'`")
  })

  test('c31, c32: tabs and pipes delimit', async () => {
    const columns = { sku: 'int8', name: 'text', brand: 'text' } as const
    const tabs = 'sku\tname\tbrand\n3355574001\tPlush "Otter" toy\tAcme\n2\t5 or greater\tB\n'
    expect(await rows(tabs, columns, { delimiter: '\t' })).toEqual([
      [3355574001, 'Plush "Otter" toy', 'Acme'],
      [2, '5 or greater', 'B'],
    ])
    expect(await rows('a|b\n1|x,y\n2|"p|q"\n', idAndText, { delimiter: '|' })).toEqual([
      [1, 'x,y'],
      [2, 'p|q'],
    ])
  })
})

describe('csvFile(spec, analyse)', () => {
  test('reads each date for itself, whatever the dates before it were', async () => {
    const dates = ['2001-02-03', '2001-02-03', '2001-02-30', '2001-02-30', '2001-02-03', '2001-02-04', '2011-02-04']
    const content = dates.map((date) => `${date},${date} 04:05,${date}T04:05:06+01\n`).join('')
    const columns = { d: 'date', t: 'timestamp', z: 'timestamptz' } as const
    const { rows: found, bad } = await read(content, columns, { header: false, onBadRecord: 'skip' })
    const held = dates.filter((date) => date !== '2001-02-30')
    expect(found).toEqual(held.map((date) => [date, `${date}T04:05Z`, `${date}T03:05:06Z`].map(Date.parse)))
    expect(bad).toEqual([
      '2 lines: column `d` (date) cannot hold "2001-02-30": no calendar has this date, first in a.csv:3, a.csv:4',
    ])
  })

  test.each<[string, AnalyseFields | undefined]>([
    ['read by column', undefined],
    ['analysed', () => [0, '']],
  ])('refuses the header that stands among the records, which are %s', async (_, fields) => {
    const { rows: found, bad } = await read('id,t\n1,a\n2,b\nid,t\n3,c\n', idAndText, {
      fields,
      onBadRecord: 'skip',
    })
    expect(found).toHaveLength(3)
    expect(bad).toEqual([expect.stringMatching(/^1 line: the header stands here again: .*, first in a\.csv:4$/)])
  })

  test('takes spellings of null of fields without quotes and backslashes alone', async () => {
    const reading: Reading = { nulls: ['NULL', 'n/a'], textNulls: ['NULL', 'n/a'], header: false }
    expect(await rows('1,NULL,n/a\n2,n/a,"NULL"\n3,7,NULLs\n', numberAndText, reading)).toEqual([
      [1, null, null],
      [2, null, 'NULL'],
      [3, 7, 'NULLs'],
    ])
    await expect(read('1,,x\n', numberAndText, reading)).rejects.toThrow('a.csv:1: column `n` (int4) cannot hold ""')
    const escapes = { ...reading, escape: 'backslash' } as const
    expect(await rows('1,NULL,\\NULL\n2,\\N,"\\N"\n3,"7",\\\\N\n', numberAndText, escapes)).toEqual([
      [1, null, 'NULL'],
      [2, null, null],
      [3, 7, '\\N'],
    ])
  })

  test('names the null that a column does not hold', async () => {
    writeFileSync(join(folder, 'a.csv'), 'NULL\n')
    const table = { columns: [{ name: 'n', type: 'int4', notNull: true }], primaryKey: [] } as const
    const format = { ...plainFormat(table), nulls: ['NULL'], textNulls: ['NULL'] }
    const spec = { kind: 'csv', name: 'a.csv', path: join(folder, 'a.csv'), format } as const
    const file = csvFile({ ...spec, compression: null, skipLines: 0, header: false, targets: null }, null)
    const batches = readBatches({ table, offset: 0, limit: null, onBadRecord: 'stop' }, [file], { batchSize: 2 })
    await expect(batches[Symbol.asyncIterator]().next()).rejects.toThrow(
      'a.csv:1: column `n` (int4) is not null, and the field is NULL',
    )
  })

  test('hands a null by its backslash to `analyse` as it stands', async () => {
    const seen: (readonly string[])[] = []
    const fields: AnalyseFields = (own) => {
      seen.push(own)
      return [1]
    }
    await read('\\N,"a\\tb",c\\\nd\n', { n: 'int4' }, { escape: 'backslash', header: false, fields })
    expect(seen).toEqual([['\\N', 'a\tb', 'c\nd']])
  })

  test('counts the lines of bad records, and names each kind with its first places', async () => {
    const content = '1,a\nx,"b\nc"\ny,d\nz,"e"\n1,2,3\n5,"f\n\ng",h\nw,i\n'
    expect(await read(content, idAndText, { header: false, onBadRecord: 'skip' })).toEqual({
      rows: [[1, 'a']],
      bad: [
        '5 lines: column `id` (int4) cannot hold "x": it is no number such as -42, first in a.csv:2-3, a.csv:4, a.csv:5',
        '4 lines: expected 2 fields, got 3, first in a.csv:6, a.csv:7-9',
      ],
    })
  })

  test.each([
    [
      '1,a\n2,"b\n3,c\n4,d\n',
      'a.csv:2: field 2 has a quote that is never closed: correct its quotes, or state `quote: null`',
    ],
    [
      '1,a\n2,"b\n3,"c"\n4,d\n',
      'a.csv:2: field 2 has text after its closing quote, 1 line further on: correct its quotes',
    ],
    [
      '1,a\n"2\n","b"c\n4,d\n',
      'a.csv:2: field 2 has text after its closing quote, 1 line further on: correct its quotes',
    ],
  ])(
    'ends at the quotes of %o, since what follows cannot be told apart, whatever the policy',
    async (content, message) => {
      for (const onBadRecord of ['stop', 'skip'] as const) {
        await expect(read(content, idAndText, { header: false, onBadRecord })).rejects.toThrow(message)
      }
    },
  )
})
