import { type ColumnType, type Encoding, flights, type Table, type Value } from 'copylab/executor'
import { readBatches, windowOf } from '#copylab/executor/input/batches.js'
import { makeEncoder, makePayloadBuffer } from '#copylab/executor/load/encode/encode.js'
import { Records } from '#copylab/executor/records/records.js'
import type { BenchOptions, Part } from '../part.js'
import { seededOrder } from '../rounds/seeded-order.js'
import { type Spread, spreadOf, spreadText } from '../rounds/spread.js'

const encodings: readonly Encoding[] = ['text', 'binary']
/** Rows of one pass over the values of a type, and how often a measurement makes it. */
const rows = 10_000
const passes = 20

/** A value of each type for a row's number: of normal size, none equal to the next. */
const values: Readonly<Record<string, (row: number) => Value>> = {
  int2: (row) => (row * 7) % 30_000,
  int4: (row) => row * 20_011,
  int8: (row) => 2_001_010_100_000 + row,
  float4: (row) => row / 8,
  float8: (row) => row / 7,
  numeric: (row) => `${row}.${String(row % 100).padStart(2, '0')}`,
  text: (row) => `text number ${row}`,
  bool: (row) => row % 3 === 0,
  date: (row) => Date.UTC(2001, 0, 1 + (row % 180)),
  timestamp: (row) => Date.UTC(2001, 0, 1) + row * 1_234.567,
  timestamptz: (row) => Date.UTC(2001, 0, 1) + row * 1_234.567,
  uuid: (row) => `6e756c6c-6e75-4c6c-8e75-${String(row).padStart(12, '0')}`,
  jsonb: (row) => `{"id": ${row}, "name": "row ${row}"}`,
  bytea: (row) => Buffer.from(`bytes of ${row}`),
  'int4[]': (row) => [row, row + 1, row + 2],
  'text[]': (row) => [`row ${row}`, 'b'],
}

export interface EncoderSpeed {
  /** A column type; `flights` is a whole record of twelve columns. */
  readonly of: string
  readonly encoding: Encoding
  /** Values per second, of `flights` records per second. */
  readonly perSecond: Spread
}

export interface Encoders {
  readonly rounds: number
  /** Each value of a table of one column; and the flights. */
  readonly speeds: readonly EncoderSpeed[]
  /** Flights per second that are read from their files, cut and analysed, without encoding. */
  readonly analysedPerSecond: Spread
}

/**
 * How fast the encoders are on one thread, by type: values that are records already, into a buffer
 * that has room. Takes about a minute.
 */
export const encoders: Part<Encoders> = {
  name: 'encoders',
  title: 'Encoders',
  run: measure,
  show: ({ speeds, analysedPerSecond }) => [
    'Millions per second on one thread, text and binary: median [range]',
    ...[...new Set(speeds.map((speed) => speed.of))].map((of) => {
      const texts = encodings.map((encoding) => {
        const { perSecond } = speeds.find((speed) => speed.of === of && speed.encoding === encoding)!
        return spreadText(perSecond, { scale: 1e-6, digits: 1 }).padEnd(22)
      })
      return `${of.padEnd(12)} ${texts.join('')}`
    }),
    `flights read, cut and analysed: ${spreadText(analysedPerSecond, { scale: 1e-6, digits: 1 })}`,
  ],
}

async function measure({ rounds, records, progress, signal }: BenchOptions): Promise<Encoders> {
  const tasks = Object.keys(values).map((type) => ({ of: type, filled: filledWith(type as ColumnType) }))
  tasks.push({ of: 'flights', filled: await someFlights() })
  const contestants = tasks.flatMap((task) => encodings.map((encoding) => ({ ...task, encoding })))
  const found = new Map(contestants.map((contestant) => [contestant, [] as number[]]))
  const analysed: number[] = []
  for (let round = 0; round <= rounds; round++) {
    progress(`encoders: round ${round} of ${rounds}`)
    for (const contestant of seededOrder(contestants, round)) {
      signal.throwIfAborted()
      const perSecond = encodePerSecond(contestant.filled, contestant.encoding)
      if (round > 0) found.get(contestant)!.push(perSecond)
    }
    const perSecond = await analysePerSecond(records, signal)
    if (round > 0) analysed.push(perSecond)
  }
  return {
    rounds,
    speeds: contestants.map((contestant) => ({
      of: contestant.of,
      encoding: contestant.encoding,
      perSecond: spreadOf(found.get(contestant)!),
    })),
    analysedPerSecond: spreadOf(analysed),
  }
}

function filledWith(type: ColumnType): Records {
  const table: Table = { columns: [{ name: 'v', type }], primaryKey: [] }
  const records = new Records(table)
  for (let row = 0; row < rows; row++) records.append([values[type]!(row)])
  return records
}

async function someFlights(): Promise<Records> {
  const input = flights({ records: rows })
  for await (const batch of readBatches(windowOf(input, input.fits), await input.files(), { batchSize: rows }))
    return batch.records
  throw new Error('There are no flights')
}

function encodePerSecond(records: Records, encoding: Encoding): number {
  const encoder = makeEncoder(records.table, encoding)
  const buffer = makePayloadBuffer()
  const startedAt = performance.now()
  for (let pass = 0; pass < passes; pass++) encoder.encode(records, 0, records.length, buffer)
  return (passes * records.length * 1000) / (performance.now() - startedAt)
}

async function analysePerSecond(records: number, signal: AbortSignal): Promise<number> {
  const input = flights({ records })
  const files = await input.files({ signal })
  const startedAt = performance.now()
  for await (const { release } of readBatches(windowOf(input, input.fits), files, { batchSize: 10_000, signal }))
    release()
  return (records * 1000) / (performance.now() - startedAt)
}
