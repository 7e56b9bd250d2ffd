import { type PlacedFile, readBatches } from './input/batches.js'
import type { Input, InputFacts, InputFile } from './input/input.js'
import { positionAt } from './input/positions.js'
import { makeRecordHash } from './record-hash.js'
import { recordHashSql } from './record-hash-sql.js'
import type { Records } from './records/records.js'
import type { Table } from './records/types.js'

/** What a set of records amounts to, whatever their order. Records that are lost, doubled or changed show in it. */
export interface ContentSum {
  readonly records: number
  /** The sum of the records' hashes, each a signed 64-bit integer: exact, in decimal digits. */
  readonly checksum: string
}

/** Adds up records one by one. */
export interface Checksum {
  /** Adds the record at a position. Throws a TypeError for text that is no JSON in a `jsonb` column. */
  add(records: Records, position: number): void
  value(): ContentSum
}

/** So many sums of 32-bit halves stay exact in a double. */
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
 * The SELECT that yields one row with `records` (int8) and `checksum` (text) for the table's content, in one pass: equal to what
 * `makeChecksum` yields for the same records. `qualifiedName` is the table's name as SQL spells it, quoted.
 */
export function checksumSql(table: Table, qualifiedName: string): string {
  return `SELECT count(*) AS records, COALESCE(sum(${recordHashSql(table)}), 0)::text AS checksum FROM ${qualifiedName}`
}

/** Records between two looks at the signal and two reports. */
const surveyBatch = 10_000

/** What one pass over an input found. */
export interface Survey {
  /** The truth that every trial is verified against. */
  readonly facts: InputFacts
  /** The files that hold records of the window, in order: all that a trial reads. */
  readonly files: readonly PlacedFile[]
}

/**
 * Reads and analyses the whole input once: what its records amount to, and where its files stand. Throws `BadRecordError` as the input's policy
 * says, and a TypeError with the record's position for a value that its column cannot hold.
 */
export async function survey(
  input: Input,
  files: readonly InputFile[],
  options: { readonly signal?: AbortSignal; readonly onProgress?: (records: number) => void } = {},
): Promise<Survey> {
  const sum = makeChecksum(input.table)
  const reader = readBatches(input, files, { batchSize: surveyBatch, signal: options.signal })
  for await (const { records, runs, release } of reader) {
    for (let position = 0; position < records.length; position++) {
      try {
        sum.add(records, position)
      } catch (error) {
        throw new TypeError(`Record ${positionAt(runs, position)} of the input: ${(error as Error).message}`, {
          cause: error,
        })
      }
    }
    release()
    options.onProgress?.(sum.value().records)
  }
  const { badRecords, badRecordExamples, placed } = reader
  const facts = { name: input.name, files: files.length, ...sum.value(), badRecords, badRecordExamples }
  return { facts, files: placed }
}
