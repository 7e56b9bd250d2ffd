import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readBatches, windowOf } from '../../../../src/executor/input/batches.js'
import { type FlightsOptions, flights, flightsData } from '../../../../src/executor/input/flights/flights.js'
import { dayFile } from '../../../../src/executor/input/flights/read-day.js'
import { ensureDaysWritten } from '../../../../src/executor/input/flights/write-days.js'
import type { Input } from '../../../../src/executor/input/input.js'
import { survey } from '../../../../src/executor/verify/survey.js'
import type { Row } from '../../../../src/study/table/table.js'
import { rowsOf as rowsIn } from '../../records-of.js'

async function rowsOf(input: Input): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of readBatches(windowOf(input, input.fits), await input.files(), { batchSize: 1000 }))
    rows.push(...rowsIn(batch.records))
  return rows
}

describe('ensureDaysWritten(options)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-flights-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('writes 3,000,000 flights as 182 days, by two at once, and again only when a file is broken', async () => {
    const steps: string[] = []
    const ensure = () => ensureDaysWritten({ folder, onStep: (message) => steps.push(message) })
    const [files, others] = await Promise.all([ensure(), ensure()])
    expect(others).toEqual(files)
    expect(files).toHaveLength(182)
    expect(files.every(({ name }) => name.includes(`flights-${flightsData.year}-`))).toBe(true)
    expect(files.reduce((sum, { records }) => sum + records, 0)).toBe(3_000_000)
    expect(files[0]!.name).toBe('flights-2001-01-01.csv')
    expect(files.at(-1)!.name).toBe('flights-2001-07-01.csv')
    expect(readdirSync(folder).sort()).toEqual([...files.map(({ name }) => name), 'manifest.json'].sort())
    const first = readFileSync(join(folder, files[0]!.name), 'utf8')
    expect(first.slice(0, 71)).toBe('date,delay,distance,origin,destination\n2001-01-01 00:01,33,2176,LAS,PHL')
    expect(first.split('\n')).toHaveLength(files[0]!.records + 2)

    steps.length = 0
    expect(await ensure()).toEqual(files)
    expect(steps).toEqual([])

    truncateSync(join(folder, files[0]!.name), 100)
    await ensure()
    expect(steps[0]).toBe('writing the flights as one CSV file per day, once')
    expect(readFileSync(join(folder, files[0]!.name), 'utf8')).toBe(first)
  }, 240_000)

  test('leaves neither files nor folders when it is aborted', async () => {
    writeFileSync(join(folder, 'manifest.json'), '{}')
    const before = readdirSync(folder)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(ensureDaysWritten({ folder, signal })).rejects.toThrow('enough')
    expect(readdirSync(folder)).toEqual(before)
    expect(existsSync(join(folder, 'flights-2001-07-02.csv'))).toBe(false)
  })
})

describe('flights(options)', () => {
  test('analyses flights into the columns of its table', async () => {
    const input = flights({ records: 20_000 })
    const rows = await rowsOf(input)
    const columns = input.fits.columns.map(({ name }) => name)
    expect(rows).toHaveLength(20_000)
    expect(Object.fromEntries(columns.map((name, k) => [name, rows[0]![k]]))).toEqual({
      flight_id: 2_001_010_100_002,
      departed_at: Date.UTC(2001, 0, 1, 0, 1),
      hour: 0,
      weekday: 1,
      origin: 'LAS',
      destination: 'PHL',
      route: 'LAS-PHL',
      delay: 33,
      delay_class: 'late',
      distance: 2176,
      distance_class: 'long',
      origin_mean_delay: 33,
    })
    expect(new Set(rows.map((row) => row[0])).size).toBe(20_000)
    expect((await input.files()).length).toBe(2)
  })

  test('gives a flight the same values whatever the offset', async () => {
    const all = await rowsOf(flights({ records: 40_000 }))
    expect(await rowsOf(flights({ records: 3_000, offset: 30_000 }))).toEqual(all.slice(30_000, 33_000))
  })

  test('reads the last flight that there is', async () => {
    const input = flights({ records: 10, offset: 2_999_990 })
    expect((await survey(input, input.fits, await input.files())).facts).toMatchObject({
      files: 182,
      records: 10,
      badRecords: 0,
    })
  })

  test('describe() is JSON without a path', () => {
    expect(flights({ records: 5 }).describe()).toEqual({ kind: 'flights', records: 5, offset: 0, onBadRecord: 'stop' })
  })

  test.each<[string, FlightsOptions]>([
    ['at most 3000000, the number of flights in the data set, got 0 + 3000001', { records: 3_000_001 }],
    ['at most 3000000, the number of flights in the data set, got 2999999 + 2', { offset: 2_999_999, records: 2 }],
    ['Expected `records` to be a whole number from 1, got 1.5', { records: 1.5 }],
  ])('throws: %s', (message, options) => {
    expect(() => flights(options)).toThrow(message)
  })
})

describe('dayFile(spec)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-day-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Records that the analysis makes of lines which stand in a day's file after its header. */
  async function analyse(...lines: readonly string[]): Promise<Row[]> {
    const name = 'flights-2001-01-07.csv'
    const path = join(folder, name)
    writeFileSync(path, ['date,delay,distance,origin,destination', ...lines].join('\n'))
    const file = dayFile({ kind: 'flights', name, path, records: lines.length })
    const rows: Row[] = []
    for await (const batch of readBatches(windowOf(flights(), flights().fits), [file], { batchSize: 1000 }))
      rows.push(...rowsIn(batch.records))
    return rows
  }

  test('runs the mean delay per origin within its file', async () => {
    const rows = await analyse(
      ...['10,1,LAX,JFK', '20,1,JFK,LAX', '-4,1,LAX,SFO'].map((text) => `2001-01-07 23:59,${text}`),
    )
    expect(rows.map((row) => row[11])).toEqual([10, 20, 3])
    expect(rows[0]!.slice(2, 4)).toEqual([23, 7])
  })

  test.each([
    [-1, 'early'],
    [0, 'on time'],
    [14, 'on time'],
    [15, 'late'],
    [59, 'late'],
    [60, 'very late'],
  ])('calls a delay of %d minutes %s', async (delay, name) => {
    expect((await analyse(`2001-01-07 00:00,${delay},1,LAX,JFK`))[0]![8]).toBe(name)
  })

  test.each([
    [499, 'short'],
    [500, 'medium'],
    [1499, 'medium'],
    [1500, 'long'],
  ])('calls a distance of %d miles %s', async (distance, name) => {
    expect((await analyse(`2001-01-07 00:00,0,${distance},LAX,JFK`))[0]![10]).toBe(name)
  })

  test.each([
    ['2001-01-07 00:00,0,1,LAX', 'expected 5 fields, got 4'],
    ['2001-01-08 00:00,0,1,LAX,JFK', 'expected a date of 2001-01-07, got "2001-01-08 00:00"'],
    ['2001-01-07 24:00,0,1,LAX,JFK', 'expected a date like 2001-01-07 07:45, got "2001-01-07 24:00"'],
    ['2001-01-07 0x:00,0,1,LAX,JFK', 'expected a date like'],
    ['2001-01-07,0,1,LAX,JFK', 'expected a date like'],
    ['2001-01-07 00:00,,1,LAX,JFK', 'expected the delay to be whole minutes, got ""'],
    ['2001-01-07 00:00,1e3,1,LAX,JFK', 'expected the delay to be whole minutes, got "1e3"'],
    ['2001-01-07 00:00,99999,1,LAX,JFK', 'expected a delay between a day early and a week late, got 99999 minutes'],
    ['2001-01-07 00:00,0,-,LAX,JFK', 'expected the distance to be whole miles, got "-"'],
    ['2001-01-07 00:00,0,-5,LAX,JFK', 'expected a distance of up to half the Earth, got -5 miles'],
    ['2001-01-07 00:00,0,1,lax,JFK', 'expected the origin to be an airport\'s code, got "lax"'],
    ['2001-01-07 00:00,0,1,LAX,JFKX', 'expected the destination to be an airport\'s code, got "JFKX"'],
  ])('refuses %o', async (text, reason) => {
    await expect(analyse(text)).rejects.toThrow(`flights-2001-01-07.csv:2: ${reason}`)
  })
})
