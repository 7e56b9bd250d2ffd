import { inMessage } from '../../../../check.js'
import type { FileEncoding } from '../../file-spec.js'
import { markedEncoding, markedUtf32 } from './byte-order-mark.js'
import { textOf } from './decode.js'
import type { EncodingFacts, Place } from './encoding-evidence.js'

/** Characters that are shown of a line, and of those before the place that matters, at most. */
const shownLength = 40
const shownBefore = 16
/**
 * Bytes that are not UTF-8 for each character that is, from which that is chance: `É` before a
 * no-break space in latin1 is one.
 */
const chance = 50

/** A part of a line that shows the encoding. */
export interface ShownText {
  /** Number of the line, from 1. */
  readonly line: number
  /** Up to 40 characters. */
  readonly text: string
}

/** The encoding of a file, or what its bytes leave open. */
export type EncodingFound =
  | {
      readonly kind: 'found'
      readonly encoding: FileEncoding
      /** The text that shows it; null where all is ASCII, the same in every encoding but UTF-16. */
      readonly shown: ShownText | null
    }
  | {
      readonly kind: 'open'
      /** Encodings that can be stated; none for text that is not read. */
      readonly readings: readonly FileEncoding[]
      /** A clause that says why, with the lines. */
      readonly reason: string
      /** Names of encodings that it may have by the names of iconv. */
      readonly others: readonly string[]
    }

/**
 * Returns the encoding of a file by what all its bytes tell. A byte order mark decides, then
 * newlines of two bytes, which are UTF-16, then whether all is UTF-8. What is not is windows-1252
 * where bytes from 0x80 to 0x9F are characters of it, and latin1 where both are the same.
 */
export function encodingOf(facts: EncodingFacts): EncodingFound {
  const { head, counts, first } = facts
  const utf32 = utf32Of(facts)
  if (utf32 !== null) return { kind: 'open', readings: [], reason: `the text is ${utf32}`, others: [utf32] }
  const mark = markedEncoding(head)
  const utf16 = mark === null ? unmarkedUtf16(facts) : mark === 'utf-8' ? null : mark
  if (utf16 !== null) {
    const text = textOf[utf16](head.subarray(0, head.length & ~1)).replace(/^\ufeff/, '')
    return { kind: 'found', encoding: utf16, shown: { line: 1, text: shownPart(text, 0) } }
  }
  const utf8 = first.utf8 && shownText(first.utf8, 'utf-8')
  if (first.notUtf8 === null) return { kind: 'found', encoding: 'utf-8', shown: utf8 }
  const encoding = first.control !== null && first.unassigned === null ? 'windows-1252' : 'latin1'
  if (mark === null && isForeign(facts)) {
    const { line, text } = shownText(first.notUtf8, encoding)
    return {
      kind: 'open',
      readings: [encoding],
      reason: `the text is not UTF-8, and in ${encoding} it has letters and signs in a row that no language has (line ${line}, ${inMessage(text)})`,
      others: ['WINDOWS-1250', 'WINDOWS-1251', 'SHIFT_JIS', 'GB18030'],
    }
  }
  if (mark === 'utf-8' || counts.utf8 * chance > counts.notUtf8) {
    const { line, text } = shownText(first.notUtf8, encoding)
    const isUtf8 =
      utf8 === null ? 'its byte order mark is that of UTF-8' : `line ${utf8.line} is UTF-8 (${inMessage(utf8.text)})`
    return {
      kind: 'open',
      readings: ['utf-8', encoding],
      reason: `${isUtf8}, and line ${line} is not (${inMessage(text)} in ${encoding})`,
      others: [],
    }
  }
  if (first.unassigned !== null) {
    const { line, bytes, at } = first.unassigned
    return {
      kind: 'open',
      readings: ['latin1'],
      reason: `the text is not UTF-8, and in line ${line} stands the byte 0x${bytes[at]!.toString(16).toUpperCase()}, which is no character of windows-1252`,
      others: ['WINDOWS-1250', 'SHIFT_JIS'],
    }
  }
  return { kind: 'found', encoding, shown: shownText(first.control ?? first.notUtf8, encoding) }
}

/**
 * Returns the byte order of UTF-32 by its mark, or by its zeros: three of the four bytes of a
 * character of ASCII are.
 */
function utf32Of({ bytes, head, nuls }: EncodingFacts): 'UTF-32LE' | 'UTF-32BE' | null {
  const marked = markedUtf32(head)
  if (marked !== null) return marked
  if (8 * (nuls.even + nuls.odd) <= 5 * bytes) return null
  return head[0] === 0 ? 'UTF-32BE' : 'UTF-32LE'
}

/**
 * Whether most letters beyond ASCII stand three or more in a row, or signs within words, as in no
 * language of latin1 and windows-1252: text of Asia or of the east of Europe.
 */
function isForeign({ counts, beyondAscii: { all, together, signs } }: EncodingFacts): boolean {
  return counts.utf8 < counts.notUtf8 && (2 * together > all || 20 * signs > all)
}

/**
 * Returns the byte order of UTF-16 without a mark; null for other text. In UTF-16 most bytes 10 are
 * newlines, with a zero at their side, but some are half of a character such as U+4E0A; in other
 * text such a zero is a rare fault. Without any newline, ASCII is looked for.
 */
function unmarkedUtf16({ bytes, nuls, newlines, first }: EncodingFacts): 'utf-16le' | 'utf-16be' | null {
  // In UTF-16, what is not ASCII seldom happens to be UTF-8 throughout.
  const minShare = first.notUtf8 === null ? 1 / 2 : 1 / 10
  const isIn = (own: number, zeros: number): boolean =>
    newlines.all > 0 ? own > newlines.all * minShare : zeros > bytes / 4
  const isLe = isIn(newlines.le, nuls.odd)
  const isBe = isIn(newlines.be, nuls.even)
  if (isLe && (!isBe || newlines.le > newlines.be)) return 'utf-16le'
  return isBe ? 'utf-16be' : null
}

/** The text around a place in bytes of which each character is ASCII or begins at a known byte. */
function shownText({ line, bytes, at }: Place, encoding: 'utf-8' | 'latin1' | 'windows-1252'): ShownText {
  const text = (part: Buffer): string => (encoding === 'utf-8' ? part.toString() : textOf[encoding](part))
  const before = text(bytes.subarray(0, at))
  return { line, text: shownPart(before + text(bytes.subarray(at)), Math.max(0, before.length - shownBefore)) }
}

/** Up to 40 characters of a line from a place on. */
function shownPart(text: string, from: number): string {
  return [...text.slice(from).split(/[\r\n]/, 1)[0]!].slice(0, shownLength).join('')
}
