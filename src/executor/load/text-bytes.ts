import type { Column, Value } from '../input/input.js'
import { toText } from './column-values.js'
import { type PayloadBuffer, reserve } from './payload-buffer.js'

/** Up to this length a loop over the characters is faster than a call into the runtime. */
const shortLength = 32

/**
 * Writes a string as UTF-8 at the end of `out`, keeping `slack` bytes free behind it. Throws as `toText` does for what PostgreSQL cannot
 * store.
 */
export function writeUtf8(column: Column, value: Value, out: PayloadBuffer, slack: number): void {
  const text = typeof value === 'string' ? value : toText(column, value)
  reserve(out, text.length * 3 + slack)
  const { bytes, length } = out
  if (text.length <= shortLength) {
    let i = 0
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === 0 || code > 127) break
      bytes[length + i] = code
    }
    if (i === text.length) {
      out.length = length + i
      return
    }
  }
  const written = bytes.write(text, length, 'utf8')
  if (written !== text.length || text.includes('\0')) toText(column, text)
  out.length = length + written
}
