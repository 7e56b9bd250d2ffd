import type { Table } from '../../study/table/table.js'
import type { Records } from '../records/records.js'
import { makeRecordHash } from './record-hash.js'
import { recordHashSql } from './record-hash-sql.js'

/**
 * Count and checksum of a set of records, independent of their order. Records that are lost,
 * doubled or changed alter it.
 */
export interface ContentSum {
  readonly records: number
  /** The sum of the records' hashes, each a signed 64-bit integer: exact, in decimal digits. */
  readonly checksum: string
}

/** Adds up records one by one. */
export interface Checksum {
  /**
   * Adds the record at a position. Throws a TypeError for text that is no JSON in a `jsonb` column.
   */
  add(records: Records, position: number): void
  value(): ContentSum
}

/** Number of 32-bit halves whose sum stays exact in a double. */
const exactAdditions = 2 ** 20

/** A checksum for records of the table, computed without the server. */
export function makeChecksum(table: Table): Checksum {
  const hashOf = makeRecordHash(table)
  let records = 0
  let highs = 0
  let lows = 0
  let total = 0n
  const carry = (): void => {
    total += (BigInt(highs) << 32n) + BigInt(lows)
    highs = 0
    lows = 0
  }
  return {
    add(from, position) {
      const { high, low } = hashOf(from, position)
      highs += high
      lows += low >>> 0
      if (++records % exactAdditions === 0) carry()
    },
    value() {
      carry()
      return { records, checksum: String(total) }
    },
  }
}

/**
 * The SELECT that yields one row with `records` (int8) and `checksum` (text) for the table's
 * content, in one pass: equal to what `makeChecksum` yields for the same records. `qualifiedName`
 * is the table's name as SQL spells it, quoted.
 */
export function checksumSql(table: Table, qualifiedName: string): string {
  return `SELECT count(*) AS records, COALESCE(sum(${recordHashSql(table)}), 0)::text AS checksum FROM ${qualifiedName}`
}
