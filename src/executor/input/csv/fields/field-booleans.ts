import { withoutSpaces } from '../../../records/spaces.js'
import type { Int32Column } from '../../../records/values.js'
import type { ReadValue, ValueFormat } from './value-reader.js'

/** The words that PostgreSQL reads, each up to a letter that tells it from the others. */
const ownWords = [
  ...['t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1'].map((word) => [word, 1] as const),
  ...['f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0'].map((word) => [word, 0] as const),
]

/** Returns the words for true and false of a format such as `ja/nein`; null for another text. */
export function booleanWords(format: string): readonly [yes: string, no: string] | null {
  const [yes, no, ...others] = format.split('/').map((word) => withoutSpaces(word).toLowerCase())
  return yes && no && others.length === 0 && yes !== no ? [yes, no] : null
}

/** Returns the reader of booleans by the words of a format, or of PostgreSQL's own, in any case. */
export function booleanReader({ format }: ValueFormat): ReadValue {
  const words = format === null ? null : booleanWords(format)!
  const values = new Map(words === null ? ownWords : [[words[0], 1] as const, [words[1], 0] as const])
  const problem =
    words === null
      ? 'booleans are read as true or false, t, f, yes, no, on, off, 1, 0; state its format in `formats`, such as ja/nein'
      : `booleans are read as ${words[0]} or ${words[1]}`
  const short = new Map([...values].filter(([word]) => isShort(word)).map(([word, value]) => [keyOf(word), value]))
  return (bytes, from, to, rows) => {
    const value =
      short.get(keyIn(bytes, from, to)) ?? values.get(withoutSpaces(bytes.toString('utf8', from, to)).toLowerCase())
    if (value === undefined) return problem
    ;(rows as Int32Column).push(value)
    return null
  }
}

/** Words of at most six ASCII characters are looked up by a number, so that no string is made. */
const isShort = (word: string): boolean => /^[\x21-\x7f]{1,6}$/.test(word)
const keyOf = (word: string): number => keyIn(Buffer.from(word), 0, word.length)

/** The bytes as digits of a number, capital letters as small ones; -1 for more than six. */
function keyIn(bytes: Buffer, from: number, to: number): number {
  if (to - from > 6) return -1
  let key = 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    key = key * 256 + (byte >= 65 && byte <= 90 ? byte + 32 : byte)
  }
  return key
}
