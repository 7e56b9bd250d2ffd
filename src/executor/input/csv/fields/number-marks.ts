import { inMessage } from '../../../../check.js'
import type { ThousandsMark } from '../../file-spec.js'
import type { ReadValue, ValueFormat } from './value-reader.js'

const point = 46
const space = 32
const minus = 45
const plus = 43
const apostrophe = 39

/**
 * Returns a reader of numbers that have other marks than a point before their decimals: those are
 * replaced, and the marks between groups of three digits are taken out, before `read`. Groups of
 * another length are refused, and a first one that begins with 0: `12,34` is not 1234, nor `0.123`
 * 123. A minus may stand at the end, as SAP writes it.
 */
export function withMarks(read: ReadValue, { decimal, thousands }: ValueFormat): ReadValue {
  if (decimal === '.' && thousands === null) return read
  const decimalByte = decimal.charCodeAt(0)
  const groupByte = thousands?.charCodeAt(0) ?? -1
  const problem = `numbers are read with ${inMessage(decimal)} before their decimals and ${groupWords(thousands)}`
  let plain = Buffer.allocUnsafeSlow(64)
  return (bytes, given, end, rows) => {
    let [from, to] = [given, end]
    while (from < to && bytes[from] === space) from++
    while (to > from && bytes[to - 1] === space) to--
    if (to - from > plain.length) plain = Buffer.allocUnsafeSlow(2 * (to - from))
    let length = 0
    if (to - from > 1 && bytes[to - 1] === minus && bytes[from] !== minus && bytes[from] !== plus) {
      plain[length++] = minus
      to--
    }
    // Digits since the last mark; whether there was one; where the whole number begins and ends.
    let digits = 0
    let grouped = false
    let firstDigit = -1
    let isWhole = true
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!
      if (byte >= 48 && byte <= 57) {
        if (digits++ === 0 && !grouped && firstDigit < 0) firstDigit = byte
        plain[length++] = byte
        continue
      }
      const markBytes = isWhole ? markAt(bytes, at, to, groupByte) : 0
      if (markBytes > 0) {
        if (grouped ? digits !== 3 : digits < 1 || digits > 3 || firstDigit === 48) return problem
        grouped = true
        digits = 0
        at += markBytes - 1
        continue
      }
      if (isWhole && digits > 0) {
        if (grouped && digits !== 3) return problem
        isWhole = false
      }
      if (byte === decimalByte) {
        isWhole = false
        plain[length++] = point
      } else if (byte === point) return problem
      else plain[length++] = byte
    }
    if (grouped && isWhole && digits !== 3) return problem
    const other = read(plain, 0, length, rows)
    return other === null ? null : `${other}; ${problem}`
  }
}

/** Returns the bytes of the mark between groups that stands at a place; 0 for none. */
function markAt(bytes: Buffer, at: number, to: number, groupByte: number): number {
  if (bytes[at] === groupByte) return 1
  if (groupByte === space) {
    // U+00A0 and U+202F, the spaces that break no line.
    if (bytes[at] === 0xc2 && at + 1 < to && bytes[at + 1] === 0xa0) return 2
    return isPunctuation(bytes, at, to, 0xaf) ? 3 : 0
  }
  // U+2019, the apostrophe that Switzerland writes.
  return groupByte === apostrophe && isPunctuation(bytes, at, to, 0x99) ? 3 : 0
}

/** Whether the character of U+2000 to U+203F stands at a place whose last byte is `last`. */
function isPunctuation(bytes: Buffer, at: number, to: number, last: number): boolean {
  return bytes[at] === 0xe2 && at + 2 < to && bytes[at + 1] === 0x80 && bytes[at + 2] === last
}

function groupWords(thousands: ThousandsMark | null): string {
  return thousands === null ? 'no mark between thousands' : `${inMessage(thousands)} between groups of three digits`
}
