import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type CsvOptions, csv } from '../../../src/executor/input/csv/csv.js'
import { survey } from '../../../src/executor/verify/survey.js'

const folder = mkdtempSync(join(tmpdir(), 'copylab-survey-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
})

/** Surveys files of these contents, of a number and a text, without a header. */
async function surveyOf(contents: Readonly<Record<string, string>>, options: Partial<CsvOptions> = {}) {
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content)
  const columns = { qty: 'int4', t: 'text' } as const
  const input = await csv(folder, { columns, delimiter: ',', quote: '"', header: false, ...options }).inspect()
  return survey(input, input.fits, await input.files())
}

describe("survey(input, table, files) with onBadRecord: 'stop'", () => {
  test('throws one error for all bad records of all files, those after a quote without its end too', async () => {
    const contents = { 'a.csv': '1,a\nna.,b\nx,c\n1;2\n', 'b.csv': '2,"d\n3,e\n', 'c.csv': '4,f\ny,g\n' }
    await expect(surveyOf(contents)).rejects.toMatchObject({
      name: 'BadRecordError',
      file: 'a.csv',
      line: 2,
      message: [
        'a.csv:2: column `qty` (int4) cannot hold "na.": it is no number such as -42',
        '5 records of csv are bad:',
        '  3 lines: column `qty` (int4) cannot hold "na.": it is no number such as -42, first in a.csv:2, a.csv:3, c.csv:2',
        "  1 line: expected 2 fields, got 1: it has as many with `delimiter: ';'`, first in a.csv:4",
        '  1 line: field 2 has a quote that is never closed: correct its quotes, or state `quote: null` where fields are never quoted, first in b.csv:1',
        "Correct them, or leave them out with `onBadRecord: 'skip'` (--on-bad-record skip)",
      ].join('\n'),
    })
  })

  test('throws the error of the only bad record as it is', async () => {
    await expect(surveyOf({ 'a.csv': '1,a\n2\n' })).rejects.toMatchObject({
      message: 'a.csv:2: expected 2 fields, got 1',
      line: 2,
    })
  })

  test('reads no further than the window', async () => {
    expect((await surveyOf({ 'a.csv': '1,a\n2,b\nx,c\n4,"d\n' }, { limit: 2 })).facts).toMatchObject({ records: 2 })
  })
})

describe("survey(input, table, files) with onBadRecord: 'skip'", () => {
  test('counts the bad records and names them by kind', async () => {
    const { facts } = await surveyOf({ 'a.csv': '1,a\n*,b\n+,c\n1\n' }, { onBadRecord: 'skip' })
    expect(facts).toMatchObject({
      records: 1,
      badRecords: 3,
      badRecordExamples: [
        '2 lines: column `qty` (int4) cannot hold "*": it is no number such as -42, first in a.csv:2, a.csv:3',
        '1 line: expected 2 fields, got 1, first in a.csv:4',
      ],
    })
  })

  test('c42: is refused with the reasons where all records are bad', async () => {
    await expect(surveyOf({ 'a.csv': '$40.00,a\n(33.52),b\n' }, { onBadRecord: 'skip' })).rejects.toThrow(
      [
        'a.csv:1: column `qty` (int4) cannot hold "$40.00": it is no number such as -42',
        'All 2 records of csv are bad:',
        '  2 lines: column `qty` (int4) cannot hold "$40.00": it is no number such as -42, first in a.csv:1, a.csv:2',
        'Correct them',
      ].join('\n'),
    )
  })

  test('ends at a quote that is never closed, and takes no record after it for a bad one', async () => {
    const good = Array.from({ length: 5_000 }, (_, k) => `${k},x\n`).join('')
    await expect(surveyOf({ 'a.csv': `${good}1,"x\n${good}` }, { onBadRecord: 'skip' })).rejects.toThrow(
      'a.csv:5001: field 2 has a quote that is never closed',
    )
  })
})

describe('survey(input, table, files) with a primary key', () => {
  const keyed = { primaryKey: ['qty'] }

  test('names records that have the key of another, by the first places', async () => {
    const contents = { 'a.csv': '1,a\n2,b\n1,c\n', 'b.csv': '3,d\n2,e\n1,f\n4,g\n4,h\n5,i\n5,j\n' }
    await expect(surveyOf(contents, keyed)).rejects.toThrow(
      '5 records have a primary key (`qty`) that another has: a.csv:1 and a.csv:3 have ["1"]; a.csv:2 and b.csv:2 have ["2"]; b.csv:4 and b.csv:5 have ["4"]: correct',
    )
  })

  test('takes keys of several columns together, and those of the window alone', async () => {
    const contents = { 'a.csv': '1,a\n1,b\n2,a\n1,a\n' }
    const both = { primaryKey: ['t', 'qty'] }
    await expect(surveyOf(contents, both)).rejects.toThrow(
      '(`t`, `qty`) that another has: a.csv:1 and a.csv:4 have ["a","1"]',
    )
    expect((await surveyOf(contents, { ...both, limit: 3 })).facts.records).toBe(3)
    expect((await surveyOf(contents, { ...both, offset: 1 })).facts.records).toBe(3)
  })

  test('compares 30,000 keys of which none is repeated', async () => {
    const lines = Array.from({ length: 30_000 }, (_, k) => `${k},t`)
    expect((await surveyOf({ 'a.csv': `${lines.join('\n')}\n` }, keyed)).facts.records).toBe(30_000)
  })
})
