import type { Column, Row, Value } from '../input/input.js'
import type { Encoding } from '../types.js'
import type { PayloadBuffer } from './payload-buffer.js'

/** Turns records into complete payloads of `COPY … FROM STDIN`. */
export interface Encoder {
  readonly encoding: Encoding
  /**
   * Encodes `rows[from]` up to but without `rows[to]` into `target`, from its beginning, and returns a view of what was written: valid until
   * the next `encode` into the same target. A value that its column cannot hold throws a TypeError that names column and value.
   */
  encode(rows: readonly Row[], from: number, to: number, target: PayloadBuffer): Buffer
}

/** Writes one value that is not null at the end of `out`, where at least `slack` bytes are free. */
export type WriteValue = (value: Exclude<Value, null>, out: PayloadBuffer) => void

/** Throws a TypeError when a record does not have one value for each column. */
export function checkWidth(columns: readonly Column[], row: Row): void {
  if (row.length === columns.length) return
  throw new TypeError(`Expected a record of ${columns.length} values, one for each column, got ${row.length}`)
}
