/**
 * Initial capacity of a column, in rows; it grows by doubling and keeps its memory when it is
 * emptied.
 */
const firstCapacity = 256

/**
 * The values of one column, one row after the other: typed arrays, no JavaScript value for each.
 */
export abstract class BaseColumn {
  length = 0
  /** Rows that are null. */
  nullCount = 0
  /** 1 for a row that is null. */
  nulls: Uint8Array = new Uint8Array(firstCapacity)

  pushNull(): void {
    this.pushBlank()
    if (this.length > this.nulls.length) this.nulls = grown(this.nulls, this.length)
    this.nulls[this.length - 1] = 1
    this.nullCount++
  }

  isNull(row: number): boolean {
    return this.nullCount > 0 && row < this.nulls.length && this.nulls[row] === 1
  }

  /** Keeps the first `length` rows. */
  truncate(length: number): void {
    for (let row = length; this.nullCount > 0 && row < Math.min(this.length, this.nulls.length); row++) {
      this.nullCount -= this.nulls[row]!
      this.nulls[row] = 0
    }
    this.length = Math.min(this.length, length)
  }

  /** Adds `count` rows, whose values must be written at once; returns the first of them. */
  extend(count: number): number {
    const first = this.length
    this.reserve(first + count)
    this.length += count
    return first
  }

  /** Adds a row that holds nothing of meaning. */
  protected pushBlank(): void {
    this.extend(1)
  }

  /** Number of rows that there is memory for. */
  abstract get capacity(): number

  /** Takes as much memory as a column of the same kind has. */
  reserveLike(column: BaseColumn): void {
    this.reserve(column.capacity)
  }

  /** Makes room for `rows` rows in total. */
  protected abstract reserve(rows: number): void
}

/**
 * 32-bit integers: `int2`, `int4`; `bool` as 0 and 1; `date` as days since 2000-01-01, infinite
 * ones as `infinity.ts` says.
 */
export class Int32Column extends BaseColumn {
  readonly kind = 'integer'
  values = new Int32Array(firstCapacity)

  push(value: number): void {
    if (this.length === this.values.length) this.reserve(this.length + 1)
    this.values[this.length++] = value
  }

  get capacity(): number {
    return this.values.length
  }

  protected reserve(rows: number): void {
    if (rows > this.values.length) this.values = grown(this.values, rows)
  }
}

/**
 * 64-bit integers as two signed halves: `int8`; `timestamp` and `timestamptz` as microseconds since
 * 2000-01-01 UTC, infinite ones as `infinity.ts` says.
 */
export class Int64Column extends BaseColumn {
  readonly kind = 'wide'
  high = new Int32Array(firstCapacity)
  low = new Int32Array(firstCapacity)

  push(high: number, low: number): void {
    if (this.length === this.high.length) this.reserve(this.length + 1)
    this.high[this.length] = high
    this.low[this.length++] = low
  }

  /** Adds a safe integer. */
  pushSafe(value: number): void {
    this.push(Math.floor(value / 0x1_0000_0000), value | 0)
  }

  /** Adds an integer that 64 bits hold. */
  pushBig(value: bigint): void {
    this.push(Number(value >> 32n), Number(BigInt.asIntN(32, value)))
  }

  /** Writes a safe integer into an existing row. */
  setSafe(row: number, value: number): void {
    this.high[row] = Math.floor(value / 0x1_0000_0000)
    this.low[row] = value | 0
  }

  get capacity(): number {
    return this.high.length
  }

  protected reserve(rows: number): void {
    if (rows <= this.high.length) return
    this.high = grown(this.high, rows)
    this.low = grown(this.low, rows)
  }
}

/** The integer of two halves: exact where it is safe. */
export function wideNumber(high: number, low: number): number {
  return high * 0x1_0000_0000 + (low >>> 0)
}

/** The integer of two halves. */
export function wideBigInt(high: number, low: number): bigint {
  return (BigInt(high) << 32n) + BigInt(low >>> 0)
}

/** `float4` and `float8`; the former already rounded to 32 bits. */
export class Float64Column extends BaseColumn {
  readonly kind = 'float'
  values = new Float64Array(firstCapacity)

  push(value: number): void {
    if (this.length === this.values.length) this.reserve(this.length + 1)
    this.values[this.length++] = value
  }

  get capacity(): number {
    return this.values.length
  }

  protected reserve(rows: number): void {
    if (rows > this.values.length) this.values = grown(this.values, rows)
  }
}

/** Rows of several bytes or elements each, stored one after the other. */
export abstract class OffsetColumn extends BaseColumn {
  /** Where each row ends; the next begins there. */
  offsets = new Int32Array(firstCapacity)

  startOf(row: number): number {
    return row === 0 ? 0 : this.offsets[row - 1]!
  }

  /** Adds a row that ends at the position `at`. */
  end(at: number): void {
    if (this.length === this.offsets.length) this.reserve(this.length + 1)
    this.offsets[this.length++] = at
  }

  protected override pushBlank(): void {
    this.end(this.startOf(this.length))
  }

  get capacity(): number {
    return this.offsets.length
  }

  protected reserve(rows: number): void {
    if (rows > this.offsets.length) this.offsets = grown(this.offsets, rows)
  }
}

/** From this length on a call into the runtime is faster than a loop over the bytes. */
export const longCopy = 256
/**
 * Bytes after those of the last row that may be read and have no meaning: short copies take four
 * bytes at a time.
 */
const spareBytes = 3

/**
 * Bytes of any length, one after the other: `text` and `jsonb` as well-formed UTF-8 without NUL;
 * `numeric` as the text that PostgreSQL shows; `uuid` as its 16 bytes; `bytea`.
 */
export class BytesColumn extends OffsetColumn {
  readonly kind = 'bytes'
  bytes = Buffer.allocUnsafeSlow(firstCapacity * 8)
  /** A view of the memory of `bytes`, for access to several bytes at a time. */
  view = new DataView(this.bytes.buffer)
  /** The memory that bytes came from last, and a view of it. */
  private source: Uint8Array | null = null
  private sourceView: DataView<ArrayBufferLike> = this.view

  /** Adds a row that holds `source[from]` up to but without `source[to]`. */
  push(source: Uint8Array, from: number, to: number): void {
    const start = this.reserveBytes(to - from)
    const { bytes, view } = this
    if (to - from > longCopy) bytes.set(source.subarray(from, to), start)
    else {
      if (source !== this.source) {
        this.source = source
        this.sourceView = new DataView(source.buffer, source.byteOffset, source.length)
      }
      const { sourceView } = this
      const shift = start - from
      let at = from
      for (; at + 4 <= to; at += 4) view.setInt32(at + shift, sourceView.getInt32(at))
      for (; at < to; at++) bytes[at + shift] = source[at]!
    }
    this.end(start + to - from)
  }

  pushString(text: string, encoding: 'utf8' | 'latin1' | 'hex'): void {
    const start = this.reserveBytes(text.length * 3)
    this.end(start + this.bytes.write(text, start, encoding))
  }

  /**
   * Makes room for `bytes` more bytes and returns where the next row begins: to be filled, and
   * ended by `end`, or by the `offsets` of rows that `extend` adds.
   */
  reserveBytes(bytes: number): number {
    const start = this.startOf(this.length)
    const needed = start + bytes + spareBytes
    if (needed > this.bytes.length) this.grow(Math.max(needed, this.bytes.length * 2), start)
    return start
  }

  override reserveLike(column: BaseColumn): void {
    super.reserveLike(column)
    if (column instanceof BytesColumn) this.grow(column.bytes.length, this.startOf(this.length))
  }

  /** Replaces the memory by one of `bytes` bytes that begins with the first `held` of it. */
  private grow(bytes: number, held: number): void {
    const grown = Buffer.allocUnsafeSlow(bytes)
    this.bytes.copy(grown, 0, 0, held)
    this.bytes = grown
    this.view = new DataView(grown.buffer)
  }

  /** A row's bytes as text. */
  textAt(row: number, encoding: 'utf8' | 'latin1' | 'hex'): string {
    return this.bytes.toString(encoding, this.startOf(row), this.offsets[row])
  }
}

/** Arrays: the elements of all rows in one column, and where those of each row end. */
export class ListColumn extends OffsetColumn {
  readonly kind = 'list'

  constructor(readonly elements: ElementColumn) {
    super()
  }

  /** Adds a row that holds the elements which were added since the row before. */
  push(): void {
    this.end(this.elements.length)
  }

  override truncate(length: number): void {
    super.truncate(length)
    this.elements.truncate(this.startOf(this.length))
  }

  override reserveLike(column: BaseColumn): void {
    super.reserveLike(column)
    if (column instanceof ListColumn) this.elements.reserveLike(column.elements)
  }
}

/** The values of a column that holds no arrays, or the elements of one that does. */
export type ElementColumn = Int32Column | Int64Column | Float64Column | BytesColumn
/** The values of a column, by the kind that its type is stored as. */
export type ValueColumn = ElementColumn | ListColumn

/**
 * Copies `values` into an array of twice their length, or of `least` elements when that is more.
 */
export function grown<T extends Int32Array | Float64Array | Uint8Array>(values: T, least: number): T {
  const grown = new (values.constructor as new (length: number) => T)(Math.max(least, values.length * 2))
  grown.set(values)
  return grown
}
