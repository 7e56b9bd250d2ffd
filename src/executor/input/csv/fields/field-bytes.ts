import type { Column } from '../../../../study/table/table.js'
import { uuidDigits } from '../../../records/column-values.js'
import { charactersOf } from '../../../records/declared-limit.js'
import { jsonbText } from '../../../records/jsonb-text.js'
import type { BytesColumn } from '../../../records/values.js'
import type { ReadValue } from './value-reader.js'

const backslash = 92

/** Returns the reader of a `text` column, which keeps the limit of `varchar(n)`. */
export function textReader(column: Column): ReadValue {
  const limit = charactersOf(column)
  if (limit === null) return readText
  return (bytes, from, to, rows) => {
    const end = endOfCharacters(bytes, from, to, limit)
    // Spaces beyond the limit are cut off, as the server does.
    for (let at = end; at < to; at++) {
      if (bytes[at] !== 32) {
        const characters = [...bytes.toString('utf8', from, to)].length
        return `it has ${characters} characters; ${column.declared} holds ${limit}`
      }
    }
    ;(rows as BytesColumn).push(bytes, from, end)
    return null
  }
}

const readText: ReadValue = (bytes, from, to, rows) => {
  ;(rows as BytesColumn).push(bytes, from, to)
  return null
}

/** Returns where the first `count` characters of UTF-8 end. */
function endOfCharacters(bytes: Buffer, from: number, to: number, count: number): number {
  if (to - from <= count) return to
  let left = count
  for (let at = from; at < to; at++) {
    const begins = (bytes[at]! & 0xc0) !== 0x80
    if (begins && left-- === 0) return at
  }
  return to
}

/** Reads 32 hexadecimal digits, a hyphen after every four or none, in braces or not. */
export const readUuid: ReadValue = (bytes, from, to, rows) => {
  const digits = uuidDigits(bytes.toString('latin1', from, to))
  if (digits === null) return 'a uuid is read as a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'
  ;(rows as BytesColumn).pushString(digits, 'hex')
  return null
}

/** Reads JSON, which is kept as it is written. */
export const readJsonb: ReadValue = (bytes, from, to, rows) => {
  try {
    jsonbText(bytes.toString('utf8', from, to))
  } catch (error) {
    return `it is no JSON that jsonb holds (${(error as Error).message})`
  }
  ;(rows as BytesColumn).push(bytes, from, to)
  return null
}

const byteaHex = /^\\x(?:[0-9a-f]{2}|[ \n\t\r])*$/i

/** Reads bytes in PostgreSQL's formats hex, `\x00ff`, and escape, `a\000\\`. */
export const readBytea: ReadValue = (bytes, from, to, rows) => {
  if (to - from >= 2 && bytes[from] === backslash && bytes[from + 1] === 120) {
    const text = bytes.toString('latin1', from, to)
    if (!byteaHex.test(text)) return 'after \\x two hexadecimal digits are read for each byte'
    ;(rows as BytesColumn).pushString(text.slice(2).replace(/\s/g, ''), 'hex')
    return null
  }
  return pushUnescaped(bytes, from, to, rows as BytesColumn)
}

function pushUnescaped(bytes: Buffer, from: number, to: number, rows: BytesColumn): string | null {
  let end = rows.reserveBytes(to - from)
  const own = rows.bytes
  for (let at = from; at < to; ) {
    if (bytes[at] !== backslash) own[end++] = bytes[at++]!
    else if (at + 1 < to && bytes[at + 1] === backslash) {
      own[end++] = backslash
      at += 2
    } else {
      const octal = at + 3 < to ? /^[0-3][0-7]{2}$/.exec(bytes.toString('latin1', at + 1, at + 4)) : null
      if (octal === null) return 'a backslash is read as \\\\, a byte as \\377, or all of them as \\x00ff'
      own[end++] = Number.parseInt(octal[0], 8)
      at += 4
    }
  }
  rows.end(end)
  return null
}
