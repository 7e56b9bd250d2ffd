import type { Table } from '../../../study/table/table.js'
import type { Encoding } from '../../../study/treatment.js'
import { makeBinaryEncoder } from './encode-binary.js'
import { makeTextEncoder } from './encode-text.js'
import type { Encoder } from './encoder.js'

export type { Encoder } from './encoder.js'
export { makePayloadBuffer, type PayloadBuffer } from './payload-buffer.js'

/** Makes an encoder for the table's columns: one writing function per column, chosen once. */
export function makeEncoder(table: Table, encoding: Encoding): Encoder {
  switch (encoding) {
    case 'text':
      return makeTextEncoder(table)
    case 'binary':
      return makeBinaryEncoder(table)
    default:
      throw new TypeError(
        `Expected \`encoding\` to be 'text' or 'binary', got ${JSON.stringify(encoding satisfies never)}`,
      )
  }
}
