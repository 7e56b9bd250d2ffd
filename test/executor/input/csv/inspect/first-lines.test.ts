import { describe, expect, test } from 'vitest'
import { type Files, useExports } from './exports-folder.js'

const { inspected, loaded, codeOf } = useExports()

describe('lines before the header', () => {
  test.each<[string, Files, number, readonly unknown[]]>([
    [
      "a bank's, with fewer fields than the records",
      {
        'a.csv':
          '"Girokonto";"DE89"\n""\n"Kontostand vom 14.01.2024:";"1.234,56 €"\n\n"Tag";"Status";"An";"Betrag";"Nr"\n"31.12.2024";"Gebucht";"X";"-12,5";"1"\n"14.01.2024";"Gebucht";"Y";"1.234";"2"\n',
      },
      4,
      [
        [Date.UTC(2024, 11, 31), 'Gebucht', 'X', '-12.5', 1],
        [Date.UTC(2024, 0, 14), 'Gebucht', 'Y', '1234', 2],
      ],
    ],
    [
      'notes after #, also with as many fields',
      { 'a.csv': '# made by x\n# units: m, s\nid,v\n1,2.5\n2,3.5\n' },
      2,
      [
        [1, '2.5'],
        [2, '3.5'],
      ],
    ],
    [
      'none where the header begins with #',
      { 'a.tsv': '#id\tv\n1\t2.5\n2\t3.5\n' },
      0,
      [
        [1, '2.5'],
        [2, '3.5'],
      ],
    ],
  ])('%s', async (_, files, skipLines, rows) => {
    expect((await inspected(files)).perFile).toMatchObject([{ header: true, skipLines }])
    expect(await loaded(files)).toEqual(rows)
  })

  test('are said, empty ones too', async () => {
    const { found } = await inspected({ 'a.csv': '\nid,v\n1,2\n', 'b.csv': 'Report\n\nid,v\n1,2\n' })
    expect(found).toContain('a.csv begins with 1 empty line')
    expect(found).toContain('b.csv begins with 2 lines that are no record: "Report"')
  })

  test('are in question where the records come without a header', async () => {
    const { open } = await inspected({ 'a.csv': '7,8\n1,2,3,4.5\n2,3,4,5.5\n3,4,1,6.5\n' })
    expect(open.join()).toContain(
      'the lines before the records of a.csv, such as "7 8", have fewer fields and may be records: say `skipLines: 1`',
    )
  })
})

describe('a header', () => {
  test.each<[string, Files]>([
    ['in the middle of files put together', { 'a.csv': 'id,v\n1,2\nid,v\n3,4\n' }],
    ['of texts alone', { 'a.csv': 'name,city\na,b\nname,city\nc,d\n', 'b.csv': 'name,city\n' }],
    ['with quotes', { 'a.csv': '"id","v"\n1,"x"\n"id","v"\n3,"y"\n' }],
  ])('that stands again is no record: %s', async (_, files) => {
    const { columns, badRecords } = await inspected(files)
    expect(badRecords).toMatchObject([{ reason: expect.stringMatching(/^the header stands here again/), lines: 1 }])
    expect(columns.every(({ contradictions }) => contradictions.length === 0)).toBe(true)
    const rows = await loaded(files)
    expect(rows).toHaveLength(3)
    expect(rows[2]).toMatch(/^1 line: the header stands here again: .*, first in a\.csv:3$/)
  })

  test('is a record where no record is another one', async () => {
    expect(await loaded({ 'a.csv': '0,0\n0,0\n1,5\n0,0\n' })).toEqual([
      [0, 0],
      [0, 0],
      [1, 5],
      [0, 0],
    ])
  })

  test('is known by most values, although some are of another kind', async () => {
    const { header, columns } = await inspected({ 'a.csv': 'time,speed\ns,m/s\n1,2.5\n2,3.5\n' })
    expect(header).toBe(true)
    expect(columns).toMatchObject([
      { name: 'time', type: 'text', contradictions: [{ type: 'int4', places: [{ line: 2, text: 's' }] }] },
      { name: 'speed', type: 'text', contradictions: [{ type: 'numeric', places: [{ line: 2, text: 'm/s' }] }] },
    ])
  })

  test.each<[string, Files, unknown]>([
    ['by pandas', { 'a.csv': ',a,b\n0,1.5,x\n1,,y\n' }, [0, '1.5', 'x']],
    ['by R', { 'a.csv': '"","a","b"\n"1",1.5,"x"\n"2",NA,"y"\n' }, [1, '1.5', 'x']],
    ['in a spreadsheet', { 'a.csv': 'id,,v,\n1,2,3,4\n' }, [1, 2, 3, 4]],
  ])('whose first names are missing is read by the call that states it too: %s', async (_, files, row) => {
    const options = await codeOf(files)
    expect(options).toMatchObject({ header: true })
    expect((await loaded(files, options))[0]).toEqual(row)
    expect(await loaded(files, options)).toEqual(await loaded(files))
  })

  test.each<[string, Files, RegExp]>([
    [
      "has fewer names than there are fields, as R's write.table",
      { 'a.txt': 'a\tb\nr1\t1.5\tx\nr2\tNA\ty\n' },
      /^a\.txt:1: the first line, "a b", has 2 fields, and the records have 3: name each column in it, or say `header: false` and `skipLines: 1` with `columns` of your own; R leaves out/,
    ],
    [
      'has more',
      { 'a.csv': 'id,v,w\n1,2\n3,4\n' },
      /^a\.csv:1: the first line, "id v w", has 3 fields, and the records have 2/,
    ],
    [
      'has a name that PostgreSQL would cut',
      { 'a.csv': `id,${'How satisfied are you? '.repeat(3)}\n1,5\n` },
      /^a\.csv:1: Expected another name for column `How .*: change it in the file, or say `header: false`/,
    ],
    [
      'has the name of a system column',
      { 'a.csv': 'id,xmin\n1,5\n' },
      /^a\.csv:1: Expected another name for column `xmin`/,
    ],
  ])('is refused with its place: it %s', async (_, files, message) => {
    await expect(inspected(files)).rejects.toThrow(message)
  })
})

describe('a first line of which the records do not tell', () => {
  test.each<[string, Files, string]>([
    [
      'years that name columns',
      { 'a.csv': 'region,2019,2020\nnorth,10,20\nsouth,5,7\n' },
      '"2019" and what follows may name columns',
    ],
    ['numbers that pandas gives', { 'a.csv': ',0,1\n0,0.5,0.25\n1,1.5,2\n' }, '"0" and what follows may name columns'],
    ['texts, one of them empty', { 'a.csv': ',a,b\nr1,foo,x\nr2,bar,y\n' }, 'all columns hold text'],
    [
      'values that begin several files',
      { 'a.csv': '0,start,1.5\n1,x,2.5\n', 'b.csv': '0,start,1.5\n2,y,3.5\n' },
      'the first line of a.csv, "0 start 1.5", is that of other files too, as a header is, and a record by its values',
    ],
  ])('is refused until it is stated: %s', async (_, files, question) => {
    const { open } = await inspected(files)
    expect(open).toEqual([expect.stringContaining(question)])
    const lines = Object.values(files).join('').trim().split('\n')
    expect(await loaded(files, { header: false })).toHaveLength(lines.length)
    expect(await loaded(files, { header: true })).toHaveLength(lines.length - Object.keys(files).length)
  })
})

describe('files with a first line alone', () => {
  test.each<[string, Files]>([
    ['one column', { 'a.csv': 'id\n' }],
    ['several', { 'a.csv': '"id","v"\r\n' }],
    ['several files', { 'a.csv': 'id,v\n', 'b.csv': 'id,v\n' }],
  ])('hold no records: %s', async (_, files) => {
    expect(await inspected(files)).toMatchObject({ header: true, records: 0, open: [] })
    await expect(loaded(files)).rejects.toThrow(
      'The files hold no records: where their first line is one, say `header: false` (--no-header)',
    )
    expect(await loaded(files, { header: false })).toHaveLength(Object.keys(files).length)
  })

  test('hold a record where a field of it is a value', async () => {
    expect(await loaded({ 'a.csv': '1,x\n' })).toEqual([[1, 'x']])
  })
})

test('records of fields between spaces leave the delimiter open', async () => {
  const files = { 'a.txt': '"a" "b c" 1.5\n"d" "e" 2\n"f" "g" NA\n' }
  expect((await inspected(files)).open.join()).toContain(
    'the records of a.txt have 1 field by commas as well as 3 fields by spaces: say `delimiter: ","` or `delimiter: " "`',
  )
  expect((await loaded(files, { delimiter: ' ' }))[0]).toEqual(['a', 'b c', '1.5'])
})

test.each<[string, Files, RegExp]>([
  [
    'lines that end in CR CR LF',
    { 'a.csv': 'id,v\r\r\n1,x\r\r\n2,y\r\r\n' },
    /^No record can be read: 2 lines: its line ends in CR CR LF: write line ends once, .*, first in a\.csv:2, a\.csv:3$/,
  ],
  [
    'a quote that is never closed',
    { 'a.csv': 'id,v\n1,"x\n2,y\n' },
    /^No record can be read: 1 line: field 2 has a quote that is never closed/,
  ],
])('files of bad records alone are refused with the reasons: %s', async (_, files, message) => {
  expect(await inspected(files)).toMatchObject({ header: true, open: [], columns: [{ name: 'id' }, { name: 'v' }] })
  await expect(loaded(files)).rejects.toThrow(message)
})

test('a single letter in a column is no word for true or false', async () => {
  const { open } = await inspected({ 'a.csv': 'A Street,X\nB Street,Y\n' })
  expect(open).toEqual([expect.stringContaining('all columns hold text')])
})
