import { markBytes, markedEncoding } from './byte-order-mark.js'

const newline = 10
/** Bytes of a line that are kept before and after a place in it. */
const bytesBefore = 64
const bytesAfter = 160

/** A place in a file that tells of its encoding. */
export interface Place {
  /** Number of its line, from 1. */
  readonly line: number
  /** Bytes of its line around it; the line may end among them. */
  readonly bytes: Buffer
  /** Where it is in `bytes`. */
  readonly at: number
}

/**
 * Kinds of places: a character beyond ASCII that is UTF-8, a byte that is part of none; a byte from
 * 0x80 to 0x9F, and one of those that are no character of windows-1252.
 */
type PlaceKind = 'utf8' | 'notUtf8' | 'control' | 'unassigned'

/** What all bytes of a file tell of its encoding. */
export interface EncodingFacts {
  readonly bytes: number
  /** The file's first bytes. */
  readonly head: Buffer
  /** Number of characters beyond ASCII that are UTF-8, and of bytes beyond ASCII in none. */
  readonly counts: { readonly utf8: number; readonly notUtf8: number }
  /**
   * Number of bytes beyond ASCII, but for umlauts; of those that stand three or more at once; of
   * signs of latin1 within words, such as `³` in `Ma³gorzata`.
   */
  readonly beyondAscii: { readonly all: number; readonly together: number; readonly signs: number }
  /** Number of bytes that are 0 at even and at odd places. */
  readonly nuls: { readonly even: number; readonly odd: number }
  /** Number of bytes that are a newline, and of those that are one in UTF-16 too. */
  readonly newlines: { readonly all: number; readonly le: number; readonly be: number }
  /** The first place of each kind; null for none. */
  readonly first: Readonly<Record<PlaceKind, Place | null>>
}

/** Bytes beyond ASCII that stand at once in few words of texts in latin1: `créée` has two. */
const manyAtOnce = 3

/** The letters of `äöüÄÖÜß`, which people write in a row to try whether they are kept. */
const umlauts = Buffer.from('äöüÄÖÜß', 'latin1')
/** Signs that do stand within words of latin1: `Nº1`, `col·lecció`. */
const signsInWords = Buffer.from('ª«°´·º»', 'latin1')

const unassigned = [0x81, 0x8d, 0x8f, 0x90, 0x9d]

/**
 * Gathers what the bytes of a file, decompressed, tell of its encoding, in constant memory; into
 * which chunks they are divided makes no difference.
 */
export class EncodingEvidence {
  /** Bytes to examine, after the last ones that were. */
  private held: Buffer = Buffer.alloc(0)
  /** Number of bytes of the file before those held. */
  private offset = 0
  /** Places in `held`: the next byte to examine, the line's first, and a character's end. */
  private at = 0
  private lineFrom = 0
  private characterTo = 0
  private line = 1
  private head: Buffer | null = null
  private readonly counts = { utf8: 0, notUtf8: 0 }
  private readonly beyondAscii = { all: 0, together: 0, signs: 0 }
  /** Place in the file of the last such byte, and number of those that stand there at once. */
  private lastBeyond = -1
  private atOnce = 0
  private readonly nuls = { even: 0, odd: 0 }
  private readonly newlines = { all: 0, le: 0, be: 0 }
  private readonly first: Record<PlaceKind, Place | null> = {
    utf8: null,
    notUtf8: null,
    control: null,
    unassigned: null,
  }

  /** Adds the bytes that come next. */
  add(bytes: Uint8Array): void {
    this.held = Buffer.concat([this.held, bytes])
    // What comes after a place is kept with it.
    this.examine(this.held.length - bytesAfter)
  }

  /** Returns the facts once all bytes were added. */
  end(): EncodingFacts {
    this.examine(this.held.length)
    const { counts, beyondAscii, nuls, newlines, first } = this
    const bytes = this.offset + this.held.length
    return { bytes, head: this.head ?? this.held, counts, beyondAscii, nuls, newlines, first }
  }

  private examine(end: number): void {
    if (end <= this.at) return
    if (this.head === null) {
      this.head = Buffer.from(this.held.subarray(0, bytesAfter))
      // The mark is no character of the text.
      if (markedEncoding(this.head) === 'utf-8') this.at = markBytes
    }
    const { held } = this
    for (; this.at < end; this.at++) {
      const byte = held[this.at]!
      if (byte >= 0x80) this.addBeyondAscii(byte)
      else if (byte === newline) this.addNewline()
      else if (byte === 0) this.nuls[this.isEven() ? 'even' : 'odd']++
    }
    const examined = Math.max(0, end - bytesBefore)
    this.held = held.subarray(examined)
    this.offset += examined
    this.at -= examined
    this.lineFrom -= examined
    this.characterTo -= examined
  }

  private addBeyondAscii(byte: number): void {
    const { held, at } = this
    if (!umlauts.includes(byte)) this.addForeign(byte)
    if (byte < 0xa0) {
      this.see('control')
      if (unassigned.includes(byte)) this.see('unassigned')
    }
    if (at < this.characterTo) return
    const length = utf8Length(held, at)
    this.characterTo = at + length
    const kind = length > 0 ? 'utf8' : 'notUtf8'
    this.counts[kind]++
    this.see(kind)
  }

  /** Counts a byte by what stands next to it. */
  private addForeign(byte: number): void {
    const { held, at, beyondAscii } = this
    const place = this.offset + at
    this.atOnce = place === this.lastBeyond + 1 ? this.atOnce + 1 : 1
    this.lastBeyond = place
    beyondAscii.all++
    if (this.atOnce >= manyAtOnce) beyondAscii.together += this.atOnce === manyAtOnce ? manyAtOnce : 1
    if (isSign(byte) && isInWord(held[at - 1]) && isInWord(held[at + 1])) beyondAscii.signs++
  }

  private addNewline(): void {
    const { held, at, newlines } = this
    newlines.all++
    if (this.isEven() && held[at + 1] === 0) newlines.le++
    if (!this.isEven() && held[at - 1] === 0) newlines.be++
    this.line++
    this.lineFrom = at + 1
  }

  /** Whether the place of the byte in the file is even. */
  private isEven(): boolean {
    return (this.offset + this.at) % 2 === 0
  }

  private see(kind: PlaceKind): void {
    if (this.first[kind] !== null) return
    const { held, at, line } = this
    const from = Math.max(this.lineFrom, at - bytesBefore, 0)
    this.first[kind] = { line, bytes: Buffer.from(held.subarray(from, at + bytesAfter)), at: at - from }
  }
}

function isSign(byte: number): boolean {
  return byte > 0xa0 && byte < 0xc0 && !signsInWords.includes(byte)
}

/** Whether a byte is a letter of latin1, or a sign: a letter of other encodings. */
function isInWord(byte = 0): boolean {
  return byte >= 0xc0 || isSign(byte) || ((byte | 32) >= 97 && (byte | 32) <= 122 && byte < 0x80)
}

/**
 * Returns the length in bytes of the character beyond ASCII at `bytes[at]`, 0 where the bytes are
 * not well-formed UTF-8 (The Unicode Standard, table 3-7).
 */
function utf8Length(bytes: Buffer, at: number): number {
  const lead = bytes[at]!
  const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  const [least, most] = secondBytes.get(lead) ?? [0x80, 0xbf]
  for (let k = 1; k < length; k++) {
    const byte = bytes[at + k] ?? 0
    if (byte < (k === 1 ? least : 0x80) || byte > (k === 1 ? most : 0xbf)) return 0
  }
  return length
}

/** Range of the second byte after the first bytes for which it is narrower. */
const secondBytes = new Map<number, readonly [least: number, most: number]>([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
])
