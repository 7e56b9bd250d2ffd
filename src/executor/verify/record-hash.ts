import {
  type Column,
  elementOf,
  elementTypeOf,
  mayBeNull,
  type Table,
  verifiedColumns,
} from '../../study/table/table.js'
import { dayNumber } from '../records/calendar.js'
import { invalidValue } from '../records/column-values.js'
import { dayMicros, epochDays, epochMs } from '../records/epoch.js'
import { signOfTime } from '../records/infinity.js'
import { jsonbText } from '../records/jsonb-text.js'
import type { Records } from '../records/records.js'
import {
  type BytesColumn,
  type Float64Column,
  type Int32Column,
  type Int64Column,
  type ListColumn,
  type ValueColumn,
  wideBigInt,
  wideNumber,
} from '../records/values.js'
import {
  type Hash,
  type HashInput,
  hashBytes,
  hashFloat,
  hashFolded,
  hashInteger,
  hashText,
  makeHashInput,
} from './seeded-hash.js'
import { firstSeed, sentinelDay, sentinels, spanEndYear } from './sentinels.js'

/**
 * The hash of one record, 64 bits: what `recordHashSql` computes in the server. Each column's hash
 * is the seed of the next column's, so that values swapped between columns or between records
 * change it; nulls count and have sentinels. As in SQL, `-0` equals `0`, and two spellings of one
 * jsonb value are equal. The object returned is overwritten by the next call.
 */
export type RecordHash = (records: Pick<Records, 'columns'>, row: number) => Readonly<Hash>

/**
 * A hash for the table's records: one hashing function per column, chosen once. Throws a TypeError
 * for text that is no JSON in a `jsonb` column.
 */
export function makeRecordHash(table: Table): RecordHash {
  const compared = verifiedColumns(table)
  const input = makeHashInput()
  const places = compared.map(([, place]) => place)
  const steps = compared.map(([column, place]) => stepOf(column, place, input))
  const nullSteps = compared.map(([column, place]) =>
    mayBeNull(table, column) ? nullStepOf(column, place, input) : null,
  )
  const hash: Hash = { high: 0, low: 0 }
  return (records, row) => {
    let nulls = 0
    for (let c = 0; c < steps.length; c++) if (records.columns[places[c]!]!.isNull(row)) nulls++
    hash.high = 0
    hash.low = firstSeed + nulls
    for (let c = 0; c < steps.length; c++) {
      const rows = records.columns[places[c]!]!
      if (nulls > 0 && rows.isNull(row)) nullSteps[c]!(hash)
      else steps[c]!(rows, row, hash)
    }
    return hash
  }
}

type Step = (rows: ValueColumn, row: number, hash: Hash) => void

function stepOf(column: Column, index: number, input: HashInput): Step {
  if (elementTypeOf(column.type) !== null) return listStep(column, input)
  switch (column.type) {
    case 'int2':
    case 'int4':
    case 'bool':
    case 'date':
      return (rows, row, hash) => hashInteger(input, (rows as Int32Column).values[row]!, hash)
    case 'int8':
      return (rows, row, hash) =>
        hashWide(input, (rows as Int64Column).high[row]!, (rows as Int64Column).low[row]!, hash)
    case 'float4':
    case 'float8':
      return (rows, row, hash) => hashPlacedFloat(input, index, (rows as Float64Column).values[row]!, hash)
    case 'timestamp':
    case 'timestamptz':
      return (rows, row, hash) =>
        hashTimestamp(input, (rows as Int64Column).high[row]!, (rows as Int64Column).low[row]!, hash)
    case 'jsonb':
      return (rows, row, hash) => hashText(input, canonicalJson(column, rows as BytesColumn, row), hash)
    case 'bytea':
      return (rows, row, hash) => hashText(input, (rows as BytesColumn).textAt(row, 'hex'), hash)
    default:
      return (rows, row, hash) => {
        const { bytes, offsets } = rows as BytesColumn
        hashBytes(input, bytes, (rows as BytesColumn).startOf(row), offsets[row]!, hash)
      }
  }
}

/**
 * `hashint8extended` folds both halves into 32 bits, which makes -1 and 2^32 - 1 equal, and more
 * such pairs; the upper half distinguishes them.
 */
function hashWide(input: HashInput, high: number, low: number, hash: Hash): void {
  hashFolded(input, high, low, hash)
  hashInteger(input, high, hash)
}

/**
 * Hashes the column's number first, so that a zero, for which `hashfloat8extended` returns its
 * seed, changes the hash.
 */
function hashPlacedFloat(input: HashInput, index: number, value: number, hash: Hash): void {
  hashInteger(input, index, hash)
  hashFloat(input, value, hash)
}

const halvesOf = (micros: bigint): Hash => ({ high: Number(micros >> 32n), low: Number(micros & 0xffff_ffffn) })
/** Microseconds from 4714-11-24 BC to 2000-01-01. */
const beforeEpoch = halvesOf(211_813_488_000_000_000n)
/** Microseconds from 1970-01-01 to 2000-01-01. */
const unixEpochMicros = epochMs * 1000
const sentinelTime = halvesOf(BigInt(Date.parse(sentinels.timestamp) - epochMs) * 1000n)
const endOfSpans = halvesOf(BigInt(dayNumber(spanEndYear, 1, 1) - epochDays) * BigInt(dayMicros))

/**
 * `interval_hash_extended` of the time since 4714-11-24 BC, which folds its halves, then the
 * seconds since 1970, which distinguish what the fold makes equal. Infinite times, and those from
 * `spanEndYear` on, have the span of the sentinel: their seconds alone distinguish them.
 */
function hashTimestamp(input: HashInput, high: number, low: number, hash: Hash): void {
  if (hasSpan(high, low)) hashSpan(input, high, low, hash)
  else hashSpan(input, sentinelTime.high, sentinelTime.low, hash)
  hashFloat(input, secondsOf(high, low), hash)
}

function hasSpan(high: number, low: number): boolean {
  const { high: endHigh, low: endLow } = endOfSpans
  return high < endHigh ? high !== -0x8000_0000 : high === endHigh && low >>> 0 < endLow
}

function hashSpan(input: HashInput, high: number, low: number, hash: Hash): void {
  const lowSum = (low >>> 0) + beforeEpoch.low
  hashFolded(input, high + beforeEpoch.high + (lowSum >= 0x1_0000_0000 ? 1 : 0), lowSum | 0, hash)
}

/** Seconds since 1970 as `date_part('epoch', …)` computes them. */
function secondsOf(high: number, low: number): number {
  const sign = signOfTime(high, low)
  if (sign !== 0) return sign * Number.POSITIVE_INFINITY
  if (high > -0x10_0000 && high < 0x10_0000) return (wideNumber(high, low) + unixEpochMicros) / 1e6
  const micros = wideBigInt(high, low)
  const sinceUnix = micros + BigInt(unixEpochMicros)
  // Where 64 bits do not hold the sum, the server adds doubles.
  return (sinceUnix < 2n ** 63n - 1n ? Number(sinceUnix) : Number(micros) + unixEpochMicros) / 1e6
}

/**
 * `hash_array_extended` with the seed 0 (utils/adt/arrayfuncs.c): from 1 on, 31 times the hash so
 * far plus the element's, 0 for a null. What it yields is then hashed like an `int8`, since it
 * ignores its seed when there are no elements.
 */
function listStep(column: Column, input: HashInput): Step {
  const element = elementStepOf(elementOf(column)!, input)
  const own: Hash = { high: 0, low: 0 }
  return (rows, row, hash) => {
    const { elements, offsets } = rows as ListColumn
    let sum = 1n
    for (let e = (rows as ListColumn).startOf(row); e < offsets[row]!; e++) {
      own.high = 0
      own.low = 0
      if (!elements.isNull(e)) element(elements, e, own)
      sum = sum * 31n + wideBigInt(own.high, own.low)
    }
    hashWide(input, Number(BigInt.asIntN(32, sum >> 32n)), Number(BigInt.asIntN(32, sum)), hash)
  }
}

/** Returns the hash step that PostgreSQL defines for values of the column's own type. */
function elementStepOf(column: Column, input: HashInput): Step {
  switch (column.type) {
    case 'int8':
    case 'timestamp':
    case 'timestamptz':
      return (rows, row, hash) =>
        hashFolded(input, (rows as Int64Column).high[row]!, (rows as Int64Column).low[row]!, hash)
    case 'float4':
    case 'float8':
      return (rows, row, hash) => hashFloat(input, (rows as Float64Column).values[row]!, hash)
    case 'bytea':
      return stepOf({ ...column, type: 'uuid' }, 0, input)
    default:
      return stepOf(column, 0, input)
  }
}

function nullStepOf(column: Column, index: number, input: HashInput): (hash: Hash) => void {
  if (elementTypeOf(column.type) !== null) return (hash) => hashWide(input, 0, 1, hash)
  switch (column.type) {
    case 'int2':
    case 'int4':
    case 'bool':
      return (hash) => hashInteger(input, sentinels.integer, hash)
    case 'int8':
      return (hash) => hashWide(input, 0, sentinels.integer, hash)
    case 'float4':
    case 'float8':
      return (hash) => hashPlacedFloat(input, index, sentinels.float, hash)
    case 'date':
      return (hash) => hashInteger(input, sentinelDay, hash)
    case 'timestamp':
    case 'timestamptz': {
      const { high, low } = sentinelTime
      return (hash) => hashTimestamp(input, high, low, hash)
    }
    case 'uuid': {
      const bytes = Buffer.from(sentinels.uuid.replaceAll('-', ''), 'hex')
      return (hash) => hashBytes(input, bytes, 0, bytes.length, hash)
    }
    default:
      return (hash) => hashText(input, sentinels.text, hash)
  }
}

function canonicalJson(column: Column, rows: BytesColumn, row: number): string {
  const text = rows.textAt(row, 'utf8')
  try {
    return jsonbText(text)
  } catch (error) {
    throw invalidValue(column, `JSON (${(error as Error).message})`, text)
  }
}
