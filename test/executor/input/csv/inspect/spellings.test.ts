import { describe, expect, test } from 'vitest'
import { type Files, useExports } from './exports-folder.js'

const { inspected, loaded } = useExports()

describe('numbers of other programs and countries', () => {
  test.each<[string, string, object, readonly unknown[]]>([
    [
      "Switzerland's apostrophe",
      'id;v\n1;1’234.50\n2;-12.00\n',
      { decimal: '.', thousands: "'" },
      ['1234.50', '-12.00'],
    ],
    ['whole ones in groups', "id;v\n1;1'234\n2;5\n", { decimal: '.', thousands: "'" }, [1234, 5]],
    ["France's narrow space", 'id;v\n1;1\u202f234,5\n2;5\n', { decimal: ',', thousands: ' ' }, ['1234.5', '5']],
    [
      "SAP's minus at the end",
      'id\tv\n1\t1.234,56-\n2\t0,50-\n',
      { decimal: ',', thousands: '.' },
      ['-1234.56', '-0.50'],
    ],
    ["SAP's in English", 'id\tv\n1\t1,234.56-\n2\t12.00\n', { decimal: '.', thousands: ',' }, ['-1234.56', '12.00']],
  ])('%s', async (_, content, marks, values) => {
    expect(await inspected({ 'a.txt': content })).toMatchObject(marks)
    expect(await loaded({ 'a.txt': content })).toEqual(values.map((value, k) => [k + 1, value]))
  })

  test.each<[string, string, string | null]>([
    ['1;+491701234567\n2;+4917012345', '+491701234567', 'a number would lose the plus of "+491701234567" (a.csv:2)'],
    ['1;12\u00a0\n2;13\u00a0', '12\u00a0', null],
    ['1;12\n2;13\n3;14-', '12', null],
  ])('are text where one would lose something, or is none: %j', async (lines, first, why) => {
    const files = { 'a.csv': `id;v\n${lines}\n` }
    expect((await inspected(files)).columns[1]).toMatchObject({ type: 'text', why })
    expect((await loaded(files))[0]).toEqual([1, first])
  })

  test('with a plus are numbers where others have a minus', async () => {
    expect(await loaded({ 'a.csv': 'id,v\n1,+123456789\n2,-7\n' })).toEqual([
      [1, 123_456_789],
      [2, -7],
    ])
  })
})

test('numbers of two countries in one column are text, and said to be', async () => {
  const { columns } = await inspected({ 'a.csv': 'id;v\n1;2,5\n2;4,5\n', 'b.csv': 'id;v\n3;2.5\n4;6.5\n' })
  expect(columns[1]).toMatchObject({
    type: 'text',
    why: 'numbers are written in two ways, "2,5" (a.csv:2) and "2.5" (b.csv:2)',
  })
})

test('dates of two countries in one column too', async () => {
  const { columns } = await inspected({ 'a.csv': 'id,d\n1,2019-01-13\n2,13.01.2019\n' })
  expect(columns[1]).toMatchObject({
    type: 'text',
    why: 'dates are written in two ways, "2019-01-13" (a.csv:2) and "13.01.2019" (a.csv:3)',
  })
})

describe('times of Oracle', () => {
  test.each<[string, Files, string, number]>([
    [
      'of nine decimals',
      { 'a.csv': 'ID,AT\n1,13-JAN-19 12.00.00.123456500 PM\n2,14-FEB-20 01.30.00.500000000 AM\n' },
      'timestamp',
      Date.UTC(2019, 0, 13, 12) + 123.457,
    ],
    [
      'with a zone',
      { 'a.csv': 'ID,AT\n1,13-JAN-19 12.00.00.000000000 PM +01:00\n2,14-FEB-20 01.30.00.5 AM +01:00\n' },
      'timestamptz',
      Date.UTC(2019, 0, 13, 11),
    ],
  ])('%s', async (_, files, type, at) => {
    expect((await inspected(files)).columns[1]).toMatchObject({ type })
    expect((await loaded(files))[0]).toEqual([1, at])
  })
})

test.each(['VERDADEIRO/FALSO', 'WAAR/ONWAAR', 'SANT/FALSKT', 'ИСТИНА/ЛОЖЬ', 'PRAWDA/FAŁSZ'])(
  "Excel's words for true and false, %s, are booleans",
  async (words) => {
    const [yes, no] = words.split('/')
    const files = { 'a.csv': `id;ok\n1;${yes}\n2;${no}\n` }
    expect((await inspected(files)).columns[1]).toMatchObject({ type: 'bool', format: words.toLowerCase() })
    expect(await loaded(files)).toEqual([
      [1, true],
      [2, false],
    ])
  },
)
