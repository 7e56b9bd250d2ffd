import type { BytesColumn, Int64Column } from '../../records/values.js'
import type { SyntheticFileSpec } from '../file-spec.js'
import type { InputFile } from '../input.js'
import { withSpec } from '../with-spec.js'

/** 64 characters, so that six random bits make one. */
const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')

/**
 * Makes a source of synthetic records, which are stored nowhere: they are computed whenever they
 * are read.
 */
export function syntheticFile(spec: SyntheticFileSpec): InputFile {
  const { name, first, records, widths, seed } = spec
  const file: InputFile = {
    name,
    records,
    async *read() {
      const text = Buffer.alloc(widths.reduce((sum, width) => sum + width, 0))
      yield {
        count: records,
        lines: (position) => [position + 1, position + 1],
        analyse(from, end, to) {
          const [ids, ...texts] = to.columns as [Int64Column, ...BytesColumn[]]
          for (let position = from; position < end; position++) {
            fillTexts(text, widths, seed, first + position)
            ids.pushSafe(first + position)
            let at = 0
            for (let c = 0; c < widths.length; c++) {
              texts[c]!.push(text, at, at + widths[c]!)
              at += widths[c]!
            }
            to.complete()
          }
        },
      }
    },
  }
  return withSpec(file, spec)
}

function fillTexts(bytes: Buffer, widths: readonly number[], seed: number, record: number): void {
  let state = scramble(scramble(seed | 0) ^ scramble((record / 0x1_0000_0000) | 0)) ^ record
  let at = 0
  for (const width of widths) {
    for (let left = width; left > 0; left -= 5) {
      state = (state + 0x9e3779b9) | 0
      let bits = scramble(state)
      for (let i = Math.min(5, left); i > 0; i--) {
        bytes[at++] = alphabet[bits & 63]!
        bits >>>= 6
      }
    }
  }
}

/**
 * The finaliser of MurmurHash3 (Appleby 2011), which spreads every bit of its argument over all of
 * the result.
 */
function scramble(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
