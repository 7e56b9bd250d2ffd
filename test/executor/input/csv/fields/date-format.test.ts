import { describe, expect, test } from 'vitest'
import { checkFormat } from '../../../../../src/executor/input/csv/fields/check-format.js'
import { compileDateFormat } from '../../../../../src/executor/input/csv/fields/date-format.js'
import { formatsOf, knownFormats } from '../../../../../src/executor/input/csv/fields/date-formats.js'
import { columnOf } from '../../../../../src/executor/input/csv/fields/type-spelling.js'
import { readField } from './read-field.js'

const at = (text: string): number => Date.parse(text)

describe('a field of a column with a format', () => {
  test.each<[type: string, format: string, field: string, value: number]>([
    ['date', 'DD/MM/YYYY', '13/01/2019', at('2019-01-13')],
    ['date', 'DD/MM/YYYY', '3/4/2019', at('2019-04-03')],
    ['date', 'MM/DD/YYYY', '03/04/2019', at('2019-03-04')],
    ['date', 'dd.mm.yyyy', ' 29.02.2020 ', at('2020-02-29')],
    ['date', 'DD.MM.YY', '31.12.69', at('2069-12-31')],
    ['date', 'DD.MM.YY', '01.01.70', at('1970-01-01')],
    ['date', 'YYYYMMDD', '20190113', at('2019-01-13')],
    ['date', 'DD-Mon-YYYY', '08-jAN-1999', at('1999-01-08')],
    ['date', 'DD Month YYYY', '8 MAY 1999', at('1999-05-08')],
    ['date', 'Month DD, YYYY', 'September 8, 1999', at('1999-09-08')],
    ['date', '"am "DD.MM.YYYY', 'am 13.01.2019', at('2019-01-13')],
    ['timestamp', 'MM/DD/YYYY HH24:MI:SS', '4/13/2014 0:01:00', at('2014-04-13T00:01Z')],
    ['timestamp', 'MM/DD/YYYY HH12:MI:SS AM', '4/13/2014 12:01:00 AM', at('2014-04-13T00:01Z')],
    ['timestamp', 'MM/DD/YYYY HH12:MI:SS AM', '4/13/2014 12:01:00 PM', at('2014-04-13T12:01Z')],
    ['timestamp', 'MM/DD/YYYY HH12:MIAM', '4/13/2014 1:05p.m.', at('2014-04-13T13:05Z')],
    ['timestamp', 'YYYY-MM-DDTHH24:MI:SS.US', '2014-04-13T01:02:03.5', at('2014-04-13T01:02:03.500Z')],
    ['timestamp', 'YYYY-MM-DDTHH24:MI:SS.US', '2014-04-13T01:02:03', at('2014-04-13T01:02:03Z')],
    ['timestamp', 'DD.MM.YYYY HH24:MI:SS,US', '13.04.2014 01:02:03,000001', at('2014-04-13T01:02:03Z') + 0.001],
    ['timestamp', 'DD.MM.YYYY', '13.04.2014', at('2014-04-13')],
    ['timestamptz', 'DD.MM.YYYY HH24:MI TZH:TZM', '13.04.2014 01:02 +05:45', at('2014-04-12T19:17Z')],
    ['timestamptz', 'DD.MM.YYYY HH24:MITZH:TZM', '13.04.2014 01:02-0330', at('2014-04-13T04:32Z')],
    ['timestamptz', 'DD.MM.YYYY HH24:MITZH', '13.04.2014 01:02-03', at('2014-04-13T04:02Z')],
    ['timestamptz', 'DD.MM.YYYY HH24:MITZH:TZM', '13.04.2014 01:02Z', at('2014-04-13T01:02Z')],
    ['timestamptz', 'DD.MM.YYYY HH24:MI', '13.04.2014 01:02', at('2014-04-13T01:02Z')],
  ])('of %s %s reads %o', (type, format, field, value) => {
    expect(readField(type, field, { format })).toBe(value)
  })

  test.each<[type: string, format: string, field: string]>([
    ['date', 'DD/MM/YYYY', '01/13/2019'],
    ['date', 'DD/MM/YYYY', '29/02/2019'],
    ['date', 'DD/MM/YYYY', '13/01/19'],
    ['date', 'DD/MM/YYYY', '13/01/20190'],
    ['date', 'DD/MM/YYYY', '13.01.2019'],
    ['date', 'DD/MM/YYYY', '13/01'],
    ['date', 'DD/MM/YYYY', '01/01/0000'],
    ['date', 'DD/MM/YY', '13/01/2019'],
    ['date', 'DD/MM/YY', '13/01/9'],
    ['date', 'YYYYMMDD', '2019113'],
    ['date', 'DD Mon YYYY', '8 Mai 1999'],
    ['date', 'DD Month YYYY', '8 Sep 1999'],
    ['timestamp', 'MM/DD/YYYY HH12:MI AM', '4/13/2014 13:01 PM'],
    ['timestamp', 'MM/DD/YYYY HH12:MI AM', '4/13/2014 0:01 AM'],
    ['timestamp', 'MM/DD/YYYY HH12:MI AM', '4/13/2014 1:01'],
    ['timestamp', 'MM/DD/YYYY HH12:MI AM', '4/13/2014 1:01 a.m'],
    ['timestamp', 'MM/DD/YYYY HH24:MI', '4/13/2014 24:01'],
    ['timestamp', 'MM/DD/YYYY HH24:MI:SS.US', '4/13/2014 01:02:03.'],
    ['timestamp', 'MM/DD/YYYY HH24:MI:SS.US', '4/13/2014 01:02:03.1234567890'],
    ['timestamptz', 'DD.MM.YYYY HH24:MI TZH:TZM', '13.04.2014 01:02'],
    ['timestamptz', 'DD.MM.YYYY HH24:MI TZH:TZM', '13.04.2014 01:02 +16:00'],
  ])('of %s %s refuses %o', (type, format, field) => {
    const { example } = compileDateFormat(format)
    expect(() => readField(type, field, { format })).toThrow(
      `values are read by the format ${format}, such as ${example}`,
    )
    expect(() => readField(type, example, { format })).not.toThrow()
  })

  test('names an example of the format', () => {
    expect(() => readField('date', '2019-01-13', { format: 'DD.MM.YYYY' })).toThrow(
      'column `v` (date) cannot hold "2019-01-13": values are read by the format DD.MM.YYYY, such as 31.12.2019',
    )
  })
})

describe('checkFormat(column, format)', () => {
  test.each<[type: string, format: string, reason: string]>([
    ['date', 'DD.MM', '"DD.MM" lacks the year'],
    ['date', '', '"" lacks the year'],
    ['timestamp', 'DD.MM.YYYY HH:MI', '"DD.MM.YYYY HH:MI" has HH: take HH24, or HH12 with AM'],
    ['timestamp', 'DD.MM.YYYY HH24:mm', 'has the month twice: MM are months, MI minutes'],
    ['timestamp', 'DD.MM.YYYY HH12:MI', 'has HH12 without AM: take HH24, or add AM'],
    ['timestamp', 'DD.MM.YYYY HH24:MI AM', 'has AM without HH12'],
    ['timestamp', 'DD.MM.YYYY MI', 'has the minute without the hour'],
    ['timestamp', 'DD.MM.YYYY HH24:MI:SS.MS', 'has MS: take US, which reads one to nine digits'],
    [
      'date',
      'Day, DD.MM.YYYY',
      'has Day: the patterns are YYYY, YY, MM, Mon, Month, DD, HH24, HH12, MI, SS, US, AM, TZH:TZM; other letters stand in double quotes',
    ],
    ['date', 'DD.MM.YYYY HH24:MI', 'without a time, got "DD.MM.YYYY HH24:MI": take timestamp'],
    ['timestamp', 'DD.MM.YYYY HH24:MI TZH:TZM', 'without a zone, got "DD.MM.YYYY HH24:MI TZH:TZM": take timestamptz'],
    ['bool', 'ja', `the words for true and false, such as 'ja/nein', got "ja"`],
    ['bool', 'ja/JA', `the words for true and false, such as 'ja/nein', got "ja/JA"`],
    ['int4', 'DD.MM.YYYY', 'left out: dates, times and booleans have one; numbers have `decimal` and `thousands`'],
  ])('refuses for %s %o: %s', (type, format, reason) => {
    const check = (): void => checkFormat(columnOf('v', type), format)
    expect(check).toThrow(TypeError)
    expect(check).toThrow(`Expected \`format\` of column \`v\` (${type}) to be `)
    expect(check).toThrow(reason)
  })

  test.each([
    ['date[]', 'DD.MM.YYYY'],
    ['boolean', 'wahr/falsch'],
  ])('takes for %s %o', (type, format) => {
    expect(() => checkFormat(columnOf('v', type), format)).not.toThrow()
  })
})

describe('formatsOf(bytes, from, to, knownFormats())', () => {
  const known = knownFormats()
  const templates = (text: string): string[] => {
    const bytes = Buffer.from(text)
    return formatsOf(bytes, 0, bytes.length, known).map(({ template }) => template)
  }

  test.each<[string, string[]]>([
    ['03/04/2019', ['DD/MM/YYYY', 'MM/DD/YYYY']],
    ['13/01/2019', ['DD/MM/YYYY']],
    ['13.01.19', ['YY.MM.DD', 'DD.MM.YY']],
    ['01.02.03', ['YY.MM.DD', 'DD.MM.YY', 'MM.DD.YY']],
    ['20190113', ['YYYYMMDD']],
    ['8-Jan-1999', ['DD-Mon-YYYY']],
    ['2019-01-13', ['YYYY-MM-DD']],
    ['4/13/2014 0:01:00', ['MM/DD/YYYY HH24:MI:SS', 'MM/DD/YYYY HH24:MI:SS.US', 'MM/DD/YYYY HH24:MI:SS,US']],
    ['4/13/2014 1:01 PM', ['MM/DD/YYYY HH12:MI AM']],
    ['13.04.2014, 01:02', ['DD.MM.YYYY, HH24:MI']],
    ['13.04.2014 01:02:03,5', ['DD.MM.YYYY HH24:MI:SS,US']],
    ['13.04.2014 01:02 +02:00', ['DD.MM.YYYY HH24:MI TZH:TZM']],
    ['12345678', []],
    ['1.5', []],
    ['', []],
  ])('of %o are %o', (text, expected) => {
    expect(templates(text)).toEqual(expected)
  })

  test('narrows formats value by value', () => {
    const [first, second] = [Buffer.from('03/04/2019'), Buffer.from('04/13/2019')]
    const open = formatsOf(first, 0, first.length, known)
    expect(formatsOf(second, 0, second.length, open)).toMatchObject([{ template: 'MM/DD/YYYY', order: 'month first' }])
  })

  test('are each another, and read their own example', () => {
    expect(new Set(known.map(({ template }) => template)).size).toBe(known.length)
    for (const { template, example } of known) expect(templates(example)).toContain(template)
  })
})
