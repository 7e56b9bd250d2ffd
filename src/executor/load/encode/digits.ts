/**
 * Writes the decimal digits of `n`, an integer from 0 to 2^31 - 1, at `at`; returns the position
 * after them.
 */
export function writeDigits(bytes: Uint8Array, at: number, n: number): number {
  return writePadded(bytes, at, n, digitsOf(n))
}

function digitsOf(n: number): number {
  if (n < 100_000) return n < 100 ? (n < 10 ? 1 : 2) : n < 1000 ? 3 : n < 10_000 ? 4 : 5
  return n < 10_000_000 ? (n < 1_000_000 ? 6 : 7) : n < 100_000_000 ? 8 : n < 1_000_000_000 ? 9 : 10
}

/** Writes `n` with leading zeros as `width` digits at `at`; returns the position after them. */
export function writePadded(bytes: Uint8Array, at: number, n: number, width: number): number {
  let rest = n | 0
  for (let i = at + width - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0
    bytes[i] = 48 + rest - tenth * 10
    rest = tenth
  }
  return at + width
}

/** Writes a safe integer with its sign at `at`; returns the position after it. */
export function writeInteger(bytes: Uint8Array, at: number, n: number): number {
  let position = at
  let size = n
  if (n < 0) {
    bytes[position++] = 45
    size = -n
  }
  if (size < 0x8000_0000) return writeDigits(bytes, position, size)
  const billions = Math.floor(size / 1e9)
  return writePadded(bytes, writeDigits(bytes, position, billions), size - billions * 1e9, 9)
}
