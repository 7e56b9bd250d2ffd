import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { csv } from '../../../../../src/executor/input/csv/csv.js'
import type { CsvOptions } from '../../../../../src/executor/input/csv/csv-options.js'
import { inspectFolder } from '../../../../../src/executor/input/csv/inspect/inspect-folder.js'
import { survey } from '../../../../../src/executor/verify/survey.js'
import { writeOrders } from '../../../../fixtures/orders-folder.mjs'

const folder = mkdtempSync(join(tmpdir(), 'copylab-inspect-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
})

type Files = Readonly<Record<string, string | Buffer>>

/** Inspects files of these contents. */
async function inspected(files: Files, options: CsvOptions = {}) {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return (await inspectFolder(folder, options)).inspection
}

/** "id int4, sold date DD.MM.YYYY" */
async function columnsOf(files: Files, options: CsvOptions = {}): Promise<string> {
  const { columns, open } = await inspected(files, options)
  expect(open).toEqual([])
  return columns.map(({ name, type, format }) => [name, type, ...(format ? [format] : [])].join(' ')).join(', ')
}

describe('the export of an engineer', () => {
  test('is understood without an option, and loaded whole', async () => {
    writeOrders(folder, 1_200)
    const { inspection, words, code, ddl } = await inspectFolder(folder)
    expect(inspection).toMatchObject({
      delimiter: ';',
      quote: '"',
      header: true,
      encoding: 'utf-8',
      decimal: ',',
      files: 12,
      records: 1_200,
      primaryKeys: ['order_no', 'uid'],
      badRecords: [],
      open: [],
    })
    expect(inspection.columns.map(({ name, type, format }) => [name, type, format])).toEqual([
      ['order_no', 'text', null],
      ['customer_id', 'int4', null],
      ['ordered_on', 'date', 'DD.MM.YYYY'],
      ['shipped_at', 'timestamp', 'DD.MM.YYYY HH24:MI:SS'],
      ['qty', 'int4', null],
      ['price', 'numeric', null],
      ['paid', 'bool', 'ja/nein'],
      ['note', 'text', null],
      ['uid', 'uuid', null],
      ['details', 'jsonb', null],
    ])
    expect(words).toContain('orders-2026-07.csv.gz (gzip) is decompressed while read')
    expect(code).toContain(
      "formats: { ordered_on: 'DD.MM.YYYY', shipped_at: 'DD.MM.YYYY HH24:MI:SS', paid: 'ja/nein' },",
    )
    expect(ddl).toContain('"price" numeric NOT NULL,\n')
    const input = await csv(folder).inspect()
    const { facts } = await survey(input, input.fits, await input.files())
    expect(facts).toMatchObject({ records: 1_200, badRecords: 0, files: 12 })
  })

  test('has the same plan by what was found and by the call that states it', async () => {
    writeOrders(folder, 240)
    const { code } = await inspectFolder(folder)
    const options = new Function(`return ${code.slice(code.indexOf('{'), code.lastIndexOf(')'))}`)() as CsvOptions
    const [found, stated] = [await csv(folder).inspect(), await csv(folder, options).inspect()]
    expect(stated.describe()).toEqual(found.describe())
    expect(stated.found).toEqual(['orders-2026-07.csv.gz (gzip) is decompressed while read'])
  })
})

describe('exports of other programs', () => {
  const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
  test.each<[string, Files, string, object]>([
    [
      "Excel's with semicolons",
      {
        'a.csv':
          '\ufeffNr;Name;Betrag;Datum;Aktiv\r\n1;Müller;1.234,50;01.02.2024;WAHR\r\n2;"M; S";12,00;13.02.2024;FALSCH\r\n',
      },
      'Nr int4, Name text, Betrag numeric, Datum date DD.MM.YYYY, Aktiv bool wahr/falsch',
      { delimiter: ';', decimal: ',', thousands: '.', records: 2 },
    ],
    [
      "Excel's with a line sep=",
      { 'a.csv': 'sep=;\nid;v\n1;2,5\n2;3,5\n' },
      'id int4, v numeric',
      { delimiter: ';', decimal: ',', records: 2 },
    ],
    [
      "Excel's in Windows-1252",
      { 'a.csv': latin1('id;n\r\n1;caf\xe9 \x80\r\n2;x\r\n') },
      'id int4, n text',
      { encoding: 'windows-1252', records: 2 },
    ],
    [
      "PowerShell's in UTF-16",
      { 'a.csv': Buffer.from('\ufeff"id","n"\r\n"1","Ș"\r\n', 'utf16le') },
      'id int4, n text',
      { encoding: 'utf-16le', records: 1 },
    ],
    [
      "COPY's text format",
      { 'a.txt': '1\tAda\t2001-01-02 03:04:05.5+00\tt\t\\N\n2\tBob\\tTab\t\\N\tf\t"q\n' },
      'column1 int4, column2 text, column3 timestamptz, column4 bool, column5 text',
      { delimiter: '\t', quote: null, escape: 'backslash', header: false, records: 2 },
    ],
    [
      "COPY's CSV",
      { 'a.csv': 'id,at,ok,tags\n1,2001-01-02 03:04:05+00,t,"{1,2}"\n2,2002-01-02 03:04:05+00,f,{}\n' },
      'id int4, at timestamptz, ok bool, tags int4[]',
      { delimiter: ',', header: true, records: 2 },
    ],
    [
      "MySQL's dump",
      { 'a.tsv': '1\tAda\t2001-01-02 03:04:05\t12.50\t\\N\n2\tline\\\nbreak\t2001-01-03 00:00:00\t\\N\tx\n' },
      'column1 int4, column2 text, column3 timestamp, column4 numeric, column5 text',
      { delimiter: '\t', escape: 'backslash', header: false, records: 2 },
    ],
    [
      "MySQL's dump with quotes",
      { 'a.csv': '"1","Ada \\"A\\"","12.50",\\N\n"2","c:\\\\dir",\\N,"x"\n' },
      'column1 int4, column2 text, column3 numeric, column4 text',
      { delimiter: ',', quote: '"', escape: 'backslash', records: 2 },
    ],
    [
      'an American shop',
      { 'a.csv': 'No,Date,Time,Paid\n1,1/2/2024,1/2/2024 1:05:00 PM,Yes\n2,12/31/2024,1/15/2024 12:00:00 AM,No\n' },
      'No int4, Date date MM/DD/YYYY, Time timestamp MM/DD/YYYY HH12:MI:SS AM, Paid bool',
      { header: true, records: 2 },
    ],
    [
      'a log with tabs',
      { 'a.log': '2024-01-02T03:04:05.678Z\tINFO\tat "port" 80\t200\n2024-01-02T03:04:06Z\tWARN\tslow\t-\n' },
      'column1 timestamptz, column2 text, column3 text, column4 int4',
      { delimiter: '\t', header: false, nulls: ['', '-'], records: 2 },
    ],
    ['pandas, with its index', { 'a.csv': ',a,b\n0,1.5,x\n1,,y\n' }, 'column1 int4, a numeric, b text', { records: 2 }],
    [
      'a report with lines before its header',
      { 'a.csv': 'Report of January\n\nid,v\n1,2\n3,4\n' },
      'id int4, v int4',
      { records: 2, perFile: [{ name: 'a.csv', compression: null, header: true, skipLines: 2 }] },
    ],
    ['lines that end with a delimiter', { 'a.csv': 'id;v;\n1;2;\n3;4;\n' }, 'id int4, v int4', { records: 2 }],
  ])('%s', async (_, files, columns, found) => {
    expect(await columnsOf(files)).toBe(columns)
    expect(await inspected(files)).toMatchObject(found)
  })
})

describe('files of one folder', () => {
  test('have their columns by name, in whatever order', async () => {
    const inspection = await inspected({ 'a.csv': 'id,qty,price\n1,2,3.5\n', 'b.csv': 'price,id,qty\n4.5,2,9\n' })
    expect(inspection.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id int4',
      'qty int4',
      'price numeric',
    ])
    expect(inspection.found.join()).toContain('each value goes to the column of its name')
  })

  test('may be parts of a split one, of which the first alone has the header', async () => {
    const { records, perFile } = await inspected({ 'x-a.csv': 'id,t\n1,a\n2,b\n', 'x-b.csv': '3,c\n4,d\n' })
    expect(records).toBe(4)
    expect(perFile.map(({ header }) => header)).toEqual([true, false])
  })

  test.each<[string, Files, string]>([
    ['other columns', { 'a.csv': 'id,v\n1,2\n', 'b.csv': 'id,w\n3,4\n' }, 'b.csv:1: the first line, "id w"'],
    ['two columns of one name', { 'a.csv': 'c,c,d\n1,2,3\n' }, 'a.csv:1: two columns are called "c"'],
  ])('are refused by name for %s', async (_, files, message) => {
    await expect(inspected(files)).rejects.toThrow(message)
  })

  test('name the file of a wrong header, whichever is the first that has a line', async () => {
    const files = { 'a.csv': '', 'b.csv': 'c,c\n1,2\n' }
    await expect(inspected(files, { header: true })).rejects.toThrow('b.csv:1: two columns are called "c"')
  })

  test('of a split file are described as such, also where lines end with a delimiter', async () => {
    await inspected({ 'a.csv': 'id;v;\n1;2;\n', 'b.csv': '3;4;\n' })
    expect((await csv(folder).inspect()).describe()).toMatchObject({ header: 'some', delimiter: ';' })
  })

  test('leave open which of two encodings they have', async () => {
    const files = { 'a.csv': 'id,n\n1,é\n', 'b.csv': Buffer.from('id,n\n2,\xe9\n', 'latin1') }
    await expect(inspected(files)).rejects.toThrow(/a\.csv is utf-8 .* and b\.csv is latin1 .*`pattern`/)
  })
})

describe('what all records leave open', () => {
  test.each<[string, string, string, CsvOptions, string]>([
    [
      'the order of day and month',
      'id,d\n1,03/04/2019\n2,05/06/2019\n',
      'can be read as DD/MM/YYYY (day first) and as MM/DD/YYYY (month first)',
      { formats: { d: 'MM/DD/YYYY' } },
      'id int4, d date MM/DD/YYYY',
    ],
    [
      'a mark that may be one of decimals',
      'id;v\n1;1.234\n2;5.678\n',
      'can be read as 1.234 and as 1234',
      { decimal: ',' },
      'id int4, v int4',
    ],
    [
      'whether texts are a header',
      'name,city\nAda,London\nBob,Paris\n',
      'may be a header or a record, since all columns hold text: say `header: true` or `header: false`',
      { header: false },
      'column1 text, column2 text',
    ],
    [
      'the delimiter',
      'a;b,c\nd;e,f\n',
      '2 fields by commas as well as 2 fields by semicolons',
      { delimiter: ';', header: false },
      'column1 text, column2 text',
    ],
  ])('%s is refused with its readings, until it is stated', async (_, content, question, options, columns) => {
    const { open } = await inspected({ 'a.csv': content })
    expect(open.join()).toContain(question)
    await expect(csv(folder).inspect()).rejects.toThrow('The files leave open')
    expect(await columnsOf({ 'a.csv': content }, options)).toBe(columns)
  })
})

describe('a guess that some record contradicts', () => {
  test('is named with the record', async () => {
    const values = Array.from({ length: 100 }, (_, k) => `${k},${k === 70 ? 'five' : k}\n`)
    const { columns, found } = await inspected({ 'a.csv': `id,qty\n${values.join('')}` })
    const contradiction = { type: 'int4', count: 1, places: [{ file: 'a.csv', line: 72, text: 'five' }] }
    expect(columns[1]).toMatchObject({ name: 'qty', type: 'text', contradictions: [contradiction] })
    expect(found).toContain('Column `qty` is text: all but 1 value are int4: a.csv:72 "five"')
  })

  test('leaves leading zeros in a text', async () => {
    const { columns } = await inspected({ 'a.csv': 'zip,n\n00601,1\n90210,2\n' })
    expect(columns[0]).toMatchObject({ type: 'text', why: 'a number would lose the zeros of "00601" (a.csv:2)' })
  })

  test('is found in the last record of many', async () => {
    const values = Array.from({ length: 20_000 }, (_, k) => `${k},${k === 19_999 ? '13/01/2019' : '03/04/2019'}\n`)
    expect(await columnsOf({ 'a.csv': `id,d\n${values.join('')}` })).toBe('id int4, d date DD/MM/YYYY')
  })
})

test('records with other numbers of fields or wrong quotes are counted by kind, in all files', async () => {
  const { badRecords, records } = await inspected({
    'a.csv': 'a,b,c\n1,2,3\n5,6\n7,8,9\n',
    'b.csv': 'a,b,c\n1,2\n1,2,"3\n',
  })
  expect(records).toBe(4)
  expect(badRecords).toEqual([
    { reason: 'expected 3 fields, got 2', places: ['a.csv:3', 'b.csv:2'], lines: 2 },
    { reason: expect.stringContaining('a quote that is never closed'), places: ['b.csv:3'], lines: 1 },
  ])
})

describe('files that were inspected before', () => {
  test('are not read again by the same process, until one of them or an option changes', async () => {
    const steps: string[] = []
    const read = async (options: CsvOptions = {}): Promise<boolean> => {
      steps.length = 0
      await csv(folder, options).inspect({ onStep: (step) => steps.push(step) })
      return steps.length > 0
    }
    writeFileSync(join(folder, 'a.csv'), 'id;d\n1;2,5\n')
    expect(await read()).toBe(true)
    expect(await read()).toBe(false)
    expect(await read({ decimal: ',' })).toBe(true)
    expect(await read({ decimal: ',', quote: null })).toBe(true)
    expect(await read()).toBe(false)
    writeFileSync(join(folder, 'a.csv'), 'id;d\n1;2.5\n')
    expect(await read()).toBe(true)
    writeFileSync(join(folder, 'b.csv'), 'id;d\n2;3.5\n')
    expect(await read()).toBe(true)
  })

  test('are understood anew where they were left open', async () => {
    writeFileSync(join(folder, 'a.csv'), 'id;d\n1;03/04/2019\n')
    await expect(csv(folder).inspect()).rejects.toThrow('leave open')
    await expect(csv(folder).inspect()).rejects.toThrow('leave open')
    expect((await csv(folder, { formats: { d: 'DD/MM/YYYY' } }).inspect()).fits.columns[1]!.type).toBe('date')
  })
})

describe('values that are repeated', () => {
  test('count as often as they occur, contradict as often, and are not distinct', async () => {
    const lines = Array.from(
      { length: 40_000 },
      (_, k) => `${k},${k % 7},${k % 9_000 === 8_999 ? 'none at all' : k % 11},${k % 3 === 0 ? 'NA' : 'x'}\n`,
    )
    const { columns } = await inspected({ 'a.csv': `id,n,m,t\n${lines.join('')}` })
    expect(columns.map(({ name, type, distinct }) => [name, type, distinct])).toEqual([
      ['id', 'int4', true],
      ['n', 'int4', false],
      ['m', 'text', false],
      ['t', 'text', false],
    ])
    expect(columns[2]!.contradictions).toMatchObject([{ type: 'int4', count: 4 }])
    expect(columns[3]!.nulls).toBe(0)
  })
})

describe('the statement that creates the table', () => {
  test.each([
    ['a number before a text', 'g,t,n\nx,b,1\nx,a,2\n', '"n"'],
    ['a text in the first column where no number tells records apart', 't,n\nb,1\na,1\n', '"t"'],
    ['no text that differs by chance', 'n,t\n1,b\n1,a\n', null],
  ])('takes %s for the key', async (_name, content, key) => {
    writeFileSync(join(folder, 'a.csv'), content)
    const { ddl } = await inspectFolder(folder, { header: true })
    if (key === null) expect(ddl).not.toContain('PRIMARY KEY')
    else expect(ddl).toContain(`PRIMARY KEY (${key})`)
  })
})

describe('a stated delimiter', () => {
  test('by which all records have one field is refused where another makes a table of them', async () => {
    const { open } = await inspected({ 'a.csv': 'id,a,b\n1,x,y\n2,z,u\n' }, { delimiter: ';' })
    expect(open[0]).toBe(
      'the records of a.csv have one field by `delimiter: ";"`, and 3 by commas: say `delimiter: ","` (--delimiter)',
    )
    expect((await inspected({ 'a.csv': 'v\n1,5\n2,5\n' }, { delimiter: ';', decimal: ',' })).open).toEqual([])
  })
})

describe('what is stated of values', () => {
  test('is compared with all records, those that do not hold it are named', async () => {
    const files = { 'a.csv': 'id,d,n\n1,03/28/2023,x\n2,01/02/2023,7\n3,04/30/2023,8\n' }
    const { badRecords } = await inspected(files, { header: true, formats: { d: 'DD/MM/YYYY' } })
    expect(badRecords).toMatchObject([{ lines: 2, places: ['a.csv:2', 'a.csv:4'] }])
    expect(badRecords[0]!.reason).toContain('column `d`')
    const columns = { id: 'int4', d: 'text', n: 'int4' } as const
    expect((await inspected(files, { columns })).badRecords).toMatchObject([{ lines: 1, places: ['a.csv:2'] }])
    expect((await inspected(files, { header: true })).badRecords).toEqual([])
  })
})
