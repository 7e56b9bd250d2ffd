import type { Encoding } from '../../../study/treatment.js'
import type { Records } from '../../records/records.js'
import type { PayloadBuffer } from './payload-buffer.js'

/** Turns records into complete payloads of `COPY … FROM STDIN`. */
export interface Encoder {
  readonly encoding: Encoding
  /**
   * Encodes the records from position `from` up to but without `to` into `target`, from its
   * beginning, and returns a view of what was written: valid until the next `encode` into the same
   * target.
   */
  encode(records: Records, from: number, to: number, target: PayloadBuffer): Buffer
}
