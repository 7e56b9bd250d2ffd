import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnTypes, orNull, sources } from '../../../bench/endurance/fuzz/any-value.js'
import { fieldReader } from '../../../src/executor/input/csv/fields/field-values.js'
import { ownFormat } from '../../../src/executor/input/csv/fields/value-reader.js'
import { synthetic } from '../../../src/executor/input/synthetic/synthetic.js'
import { Records } from '../../../src/executor/records/records.js'
import { type ContentSum, checksumSql, makeChecksum } from '../../../src/executor/verify/checksum.js'
import {
  type Hash,
  hashFolded,
  hashInteger,
  hashText,
  makeHashInput,
} from '../../../src/executor/verify/seeded-hash.js'
import { survey } from '../../../src/executor/verify/survey.js'
import type { Column, ColumnType, Row, Table } from '../../../src/study/table/table.js'
import { changedFile, recordsOf } from '../records-of.js'
import { loadRows, useScratchDatabase } from '../scratch-server.js'

const database = useScratchDatabase()

const everyType: Table = { columns: columnTypes.map((type): Column => ({ name: `a "${type}"`, type })), primaryKey: [] }
const rowOfEveryType = fc
  .tuple(...columnTypes.map((type) => orNull(sources[type].samples)))
  .map((samples): Row => samples.map(({ value }) => value))

function sumOf(table: Table, rows: readonly Row[]): ContentSum {
  const sum = makeChecksum(table)
  const records = recordsOf(table, rows)
  for (let position = 0; position < rows.length; position++) sum.add(records, position)
  return sum.value()
}

async function storedSum(table: Table, name: string): Promise<ContentSum> {
  const { rows } = await database().query(checksumSql(table, name))
  return { records: Number(rows[0].records), checksum: rows[0].checksum }
}

test.each(['text', 'binary'] as const)(
  'makeChecksum(table) equals checksumSql(table, name) after COPY %s of columns of every type',
  async (encoding) => {
    await fc.assert(
      fc.asyncProperty(fc.array(rowOfEveryType, { maxLength: 30 }), async (rows) => {
        await loadRows(database(), 'every_type', everyType, rows, encoding)
        expect(await storedSum(everyType, 'every_type')).toEqual(sumOf(everyType, rows))
      }),
      { numRuns: 25 },
    )
  },
)

test.each(['text', 'binary'] as const)(
  'makeChecksum(table) equals checksumSql(table, name) after COPY %s of what columns with a limit hold',
  async (encoding) => {
    const table: Table = {
      columns: [
        { name: 'n', type: 'numeric', declared: 'numeric(6,2)' },
        { name: 'c', type: 'text', declared: 'varchar(3)' },
        { name: 'ns', type: 'numeric[]', declared: 'numeric(6,2)[]' },
        { name: 'cs', type: 'text[]', declared: 'varchar(3)[]' },
      ],
      primaryKey: [],
    }
    const rows = [
      ['1.005', 'é😀x  ', ['-2.5', null], ['abc ', null, '']],
      ['NaN', '', [], []],
      [null, null, null, null],
    ]
    await loadRows(database(), 'limited', table, rows, encoding)
    expect((await database().query('SELECT n, c, ns::text, cs::text FROM limited')).rows[0]).toEqual({
      n: '1.01',
      c: 'é😀x',
      ns: '{-2.50,NULL}',
      cs: '{abc,NULL,""}',
    })
    expect(await storedSum(table, 'limited')).toEqual(sumOf(table, rows))
  },
)

test.each(['infinity', '-infinity', '280000-01-01', '279999-12-31 23:59:59.999999', '294276-12-31 23:59:59.999999'])(
  'checksumSql(table, name) tells the timestamp %s from others, which makeChecksum(table) reads as it does',
  async (text) => {
    const table: Table = { columns: [{ name: 'v', type: 'timestamp' }], primaryKey: [] }
    const sumOfText = (): ContentSum => {
      const records = new Records(table)
      const bytes = Buffer.from(text)
      fieldReader(table.columns[0]!, ownFormat)(bytes, 0, bytes.length, records.columns[0]!, false)
      records.complete()
      const sum = makeChecksum(table)
      sum.add(records, 0)
      return sum.value()
    }
    await database().query('DROP TABLE IF EXISTS far; CREATE TABLE far (v timestamp)')
    await database().query('INSERT INTO far VALUES ($1)', [text])
    expect(await storedSum(table, 'far')).toEqual(sumOfText())
    expect(sumOfText()).not.toEqual(sumOf(table, [[null]]))
  },
)

test('makeChecksum(table) equals checksumSql(table, name) in a table with more than 100 nullable columns', async () => {
  const columns = Array.from({ length: 230 }, (_, k): Column => ({ name: `c${k}`, type: 'int4' }))
  const table: Table = { columns, primaryKey: [] }
  const rows = [columns.map((_, k) => (k % 3 === 0 ? null : k)), columns.map(() => null)]
  await loadRows(database(), 'wide', table, rows, 'binary')
  expect(await storedSum(table, 'wide')).toEqual(sumOf(table, rows))
})

test('checksumSql does not depend on the time zone, the float format or parallel workers', async () => {
  const client = database()
  const rows = fc.sample(rowOfEveryType, { numRuns: 200, seed: 1 })
  await loadRows(client, 'settings', everyType, rows, 'binary')
  await client.query(
    `SET timezone = 'Asia/Kathmandu'; SET extra_float_digits = -10; SET datestyle = 'German'; SET bytea_output = 'escape';
     SET intervalstyle = 'iso_8601'; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0`,
  )
  try {
    expect(await storedSum(everyType, 'settings')).toEqual(sumOf(everyType, rows))
  } finally {
    await client.query('RESET ALL')
  }
})

describe('the hash of PostgreSQL', () => {
  const halves = (seed: bigint): Hash => ({ high: Number(seed >> 32n), low: Number(BigInt.asIntN(32, seed)) })
  const whole = ({ high, low }: Hash): string => String((BigInt(high) << 32n) + BigInt(low >>> 0))
  const int8 = fc.oneof(fc.constant(0n), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))

  test('hashText, hashInteger and hashFolded equal hashtextextended, hashint4extended and hashint8extended', async () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 6000, size: 'max' })
      .filter((s) => !s.includes('\0') && !/\p{Surrogate}/u.test(s))
    const input = makeHashInput()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(text, fc.string({ maxLength: 70 })),
        fc.integer(),
        int8,
        int8,
        async (t, int4, wide, seed) => {
          const { rows } = await database().query(
            'SELECT hashtextextended($1, $4) AS text, hashint4extended($2, $4) AS int4, hashint8extended($3, $4) AS int8',
            [t, int4, String(wide), String(seed)],
          )
          const [a, b, c] = [halves(seed), halves(seed), halves(seed)]
          hashText(input, t, a)
          hashInteger(input, int4, b)
          hashFolded(input, Number(wide >> 32n), Number(BigInt.asIntN(32, wide)), c)
          expect({ text: whole(a), int4: whole(b), int8: whole(c) }).toEqual(rows[0])
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('makeChecksum(table) differs', () => {
  const table: Table = {
    columns: [
      { name: 'a', type: 'int8' },
      { name: 'b', type: 'int8' },
      { name: 'x', type: 'float8' },
      { name: 'y', type: 'float8' },
      { name: 's', type: 'text' },
      { name: 't', type: 'text' },
    ],
    primaryKey: [],
  }
  const one: Row = [1, 2, 0, 0.5, 'p', 'q']
  const two: Row = [3, 4, 1.5, 0, 'r', '']

  test.each<[string, Row[], Row[]]>([
    ['when a record is lost', [one, two], [one]],
    ['when a record is doubled', [one, two], [one, two, two]],
    ['when one record stands for another', [one, two], [one, one]],
    [
      'when two records swap a value',
      [one, two],
      [
        [3, 2, 0, 0.5, 'p', 'q'],
        [1, 4, 1.5, 0, 'r', ''],
      ],
    ],
    ['when two columns swap their values', [one], [[2, 1, 0, 0.5, 'p', 'q']]],
    ['when zero changes places with another float', [one], [[1, 2, 0.5, 0, 'p', 'q']]],
    ['when text moves to the next column', [two], [[3, 4, 1.5, 0, '', 'r']]],
    ['between null and the empty string', [two], [[3, 4, 1.5, 0, 'r', null]]],
    ['between null and 0', [[0, 2, 0, 0, '', '']], [[null, 2, 0, 0, '', '']]],
    ['when a null changes places', [[null, 2, 0, 0, '', '']], [[2, null, 0, 0, '', '']]],
    ['between -1 and 2^32 - 1', [[-1, 2, 0, 0, '', '']], [[4_294_967_295, 2, 0, 0, '', '']]],
    ['between x and x * 2^32 + x', [[0, 2, 0, 0, '', '']], [[7 * 2 ** 32 + 7, 2, 0, 0, '', '']]],
  ])('%s', (_, before, after) => {
    expect(sumOf(table, before).checksum).not.toBe(sumOf(table, after).checksum)
  })

  test('by microseconds and by 2^32 microseconds around 2000-01-01', () => {
    const times: Table = { columns: [{ name: 'at', type: 'timestamp' }], primaryKey: [] }
    const epoch = 946_684_800_000
    const moments = [0, 0.001, -0.001, 4_294_967.296, -4_294_967.296, 4_294_967.295].map((ms) => epoch + ms)
    expect(new Set(moments.map((ms) => sumOf(times, [[ms]]).checksum)).size).toBe(moments.length)
  })
})

describe('makeChecksum(table)', () => {
  const table: Table = {
    columns: [
      { name: 'id', type: 'int4' },
      { name: 'note', type: 'jsonb' },
    ],
    primaryKey: ['id'],
  }

  test('is the same in any order', () => {
    fc.assert(
      fc.property(fc.array(rowOfEveryType, { maxLength: 20 }), (rows) => {
        expect(sumOf(everyType, [...rows].reverse())).toEqual(sumOf(everyType, rows))
      }),
      { numRuns: 30 },
    )
  })

  test.each<[ColumnType, string]>([
    ['date', '2438168041500430106'],
    ['timestamp', '4638936832156523998'],
    ['timestamptz', '4638936832156523998'],
    ['date[]', '-6170983931978053864'],
    ['timestamp[]', '22122316911213049377'],
  ])('of finite values of %s is that of the journals that keep it', (type, checksum) => {
    const instants = [
      -210_866_803_200_000,
      Date.UTC(1, 0, 1),
      -1,
      0,
      946_684_800_000,
      1e12 + 0.125,
      253_402_300_799_999,
    ]
    const rows = [...instants, 8.64e15, null].map((ms) => [type.endsWith('[]') && ms !== null ? [ms, null] : ms])
    expect(sumOf({ columns: [{ name: 'v', type }], primaryKey: [] }, rows).checksum).toBe(checksum)
  })

  test('of no records is 0', () => {
    expect(sumOf(table, [])).toEqual({ records: 0, checksum: '0' })
  })

  test('add refuses JSON that is none', () => {
    const sum = makeChecksum(table)
    expect(() => sum.add(recordsOf(table, [[1, '{']]), 0)).toThrow('Column `note` (jsonb): expected JSON')
    expect(sum.value().records).toBe(0)
  })

  test('value() may be asked between additions', () => {
    const sum = makeChecksum(table)
    const records = recordsOf(table, [
      [1, null],
      [2, '1'],
    ])
    sum.add(records, 0)
    sum.value()
    sum.add(records, 1)
    expect(sum.value()).toEqual(
      sumOf(table, [
        [2, ' 1'],
        [1, null],
      ]),
    )
  })
})

describe('survey(input, input.fits, files)', () => {
  test('reads the window and adds up its records', async () => {
    const input = synthetic({ records: 25_000, offset: 40_000 })
    const seen: number[] = []
    const { facts } = await survey(input, input.fits, await input.files(), {
      onProgress: (records) => seen.push(records),
    })
    expect(facts).toMatchObject({ name: 'synthetic', files: 13, records: 25_000, badRecords: 0, badRecordExamples: [] })
    expect(seen).toEqual([10_000, 20_000, 25_000])
  })

  test('names the record that its table cannot hold', async () => {
    const table: Table = { columns: [{ name: 'note', type: 'jsonb' }], primaryKey: [] }
    const made = synthetic({ records: 3 })
    const [file] = await made.files()
    const files = [changedFile(file!, made.fits, ([id]) => [[id === 1 ? '{' : '{}']])]
    await expect(survey(made, table, files)).rejects.toThrow(
      'Record 1 of the input: Column `note` (jsonb): expected JSON',
    )
  })

  test('ends with the reason of its signal', async () => {
    const input = synthetic({ records: 3 })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(survey(input, input.fits, await input.files(), { signal })).rejects.toThrow('enough')
  })
})
