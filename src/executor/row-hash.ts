import type { Column, Row, Table, Value } from './input/input.js'
import {
  type Microseconds,
  misfit,
  toBoolean,
  toBytes,
  toDays,
  toFloat,
  toInteger,
  toInteger8,
  toMicroseconds,
  toText,
  toUuidDigits,
} from './load/column-values.js'
import { checkWidth } from './load/encoder.js'
import { jsonbText } from './load/jsonb-text.js'
import { numericText, toNumeric } from './load/numeric.js'
import { firstSeed, mayBeNull, nullStandIns } from './null-stand-ins.js'
import {
  type Hash,
  type HashInput,
  hashBytes,
  hashFloat,
  hashFolded,
  hashInteger,
  hashShortAscii,
  hashText,
  makeHashInput,
} from './seeded-hash.js'

/**
 * The hash of one record, 64 bits: what `rowHashSql` computes in the server. Each column's hash is the seed of the next column's, so that
 * values swapped between columns or between records change it; nulls count and have stand-ins. As in SQL, `-0` equals `0`, and two
 * spellings of one jsonb value are equal. The object returned is overwritten by the next call.
 */
export type RowHash = (row: Row) => Readonly<Hash>

/** A hash for the table's records: one hashing function per column, chosen once. Throws a TypeError for what a column cannot hold. */
export function makeRowHash(table: Table): RowHash {
  const { columns } = table
  const input = makeHashInput()
  const steps = columns.map((column, index) => stepOf(column, index, input))
  const nullSteps = columns.map((column, index) => nullStepOf(column, mayBeNull(table, column), steps[index]!, input))
  const hash: Hash = { high: 0, low: 0 }
  return (row) => {
    if (row.length !== columns.length) checkWidth(columns, row)
    let nulls = 0
    for (let c = 0; c < row.length; c++) if (row[c] === null) nulls++
    hash.high = 0
    hash.low = firstSeed + nulls
    for (let c = 0; c < row.length; c++) {
      const value = row[c]!
      if (value === null) nullSteps[c]!(value, hash)
      else steps[c]!(value, hash)
    }
    return hash
  }
}

type Step = (value: Value, hash: Hash) => void

function stepOf(column: Column, index: number, input: HashInput): Step {
  switch (column.type) {
    case 'int2':
    case 'int4':
      return (value, hash) => hashInteger(input, toInteger(column, value), hash)
    case 'int8':
      return (value, hash) => {
        const integer = toInteger8(column, value)
        const wide = typeof integer === 'bigint'
        const high = wide ? Number(integer >> 32n) : Math.floor(integer / 0x1_0000_0000)
        const low = wide ? Number(BigInt.asIntN(32, integer)) : integer | 0
        hashFolded(input, high, low, hash)
        // The fold makes -1 and 2^32 - 1 equal, and more such pairs; the upper half parts them.
        hashInteger(input, high, hash)
      }
    case 'float4':
    case 'float8':
      return floatStep(column, index, input)
    case 'bool':
      return (value, hash) => hashInteger(input, toBoolean(column, value) ? 1 : 0, hash)
    case 'date':
      return (value, hash) => hashInteger(input, toDays(column, value), hash)
    case 'timestamp':
    case 'timestamptz':
      return timestampStep(column, input)
    case 'text':
      return (value, hash) => {
        if (typeof value === 'string' && hashShortAscii(input, value, hash)) return
        hashText(input, toText(column, value), hash)
      }
    case 'numeric':
      return (value, hash) => hashText(input, numericText(toNumeric(column, value)), hash)
    case 'jsonb':
      return (value, hash) => hashText(input, toJsonbText(column, value), hash)
    case 'uuid':
      return (value, hash) => {
        input.bytes.write(toUuidDigits(column, value), 'hex')
        hashBytes(input, 16, hash)
      }
    case 'bytea':
      return (value, hash) => {
        const bytes = toBytes(column, value)
        hashText(input, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex'), hash)
      }
  }
}

/** The column's number goes in before, so that a zero, which `hashfloat8extended` passes by, does not vanish. */
function floatStep(column: Column, index: number, input: HashInput): Step {
  return (value, hash) => {
    const float = toFloat(column, value)
    hashInteger(input, index, hash)
    hashFloat(input, float, hash)
  }
}

/** Microseconds from 4714-11-24 BC to 2000-01-01, as two halves. */
const beforeEpochMicros = 211_813_488_000_000_000n
const beforeEpoch = { high: Number(beforeEpochMicros >> 32n), low: Number(beforeEpochMicros & 0xffff_ffffn) }
/** Microseconds from 1970-01-01 to 2000-01-01. */
const unixEpochMicros = 946_684_800_000_000

/** `interval_hash_extended` of the time since 4714-11-24 BC, which folds its halves, then the seconds since 1970, which part what the fold makes equal. */
function timestampStep(column: Column, input: HashInput): Step {
  const micros: Microseconds = { high: 0, low: 0 }
  return (value, hash) => {
    toMicroseconds(column, value, micros)
    const { high, low } = micros
    const lowSum = low + beforeEpoch.low
    hashFolded(input, high + beforeEpoch.high + (lowSum >= 0x1_0000_0000 ? 1 : 0), lowSum | 0, hash)
    const exact = high > -0x10_0000 && high < 0x10_0000
    const sinceUnix = exact
      ? high * 0x1_0000_0000 + low + unixEpochMicros
      : Number((BigInt(high) << 32n) + BigInt(low) + BigInt(unixEpochMicros))
    hashFloat(input, sinceUnix / 1e6, hash)
  }
}

function nullStepOf(column: Column, allowed: boolean, step: Step, input: HashInput): Step {
  if (!allowed) {
    return (value) => {
      throw misfit(column, 'a value, since the column is not null', value)
    }
  }
  switch (column.type) {
    case 'int2':
    case 'int4':
    case 'bool':
      return (_, hash) => hashInteger(input, nullStandIns.integer, hash)
    case 'int8':
      return (_, hash) => step(nullStandIns.integer, hash)
    case 'float4':
    case 'float8':
      return (_, hash) => step(nullStandIns.float, hash)
    case 'date':
    case 'timestamp':
    case 'timestamptz': {
      const standIn = new Date(nullStandIns.timestamp)
      return (_, hash) => step(standIn, hash)
    }
    case 'text':
    case 'numeric':
    case 'jsonb':
    case 'bytea':
      return (_, hash) => hashText(input, nullStandIns.text, hash)
    case 'uuid':
      return (_, hash) => step(nullStandIns.uuid, hash)
  }
}

function toJsonbText(column: Column, value: Value): string {
  const text = toText(column, value)
  try {
    return jsonbText(text)
  } catch (error) {
    throw misfit(column, `JSON (${(error as Error).message})`, value)
  }
}
