import { numericText, parseNumeric } from './numeric.js'

/**
 * The text that PostgreSQL shows for a JSON text stored as `jsonb`: keys unique (the last wins),
 * ordered by the length of their UTF-8 bytes and then by these bytes; numbers as `numeric`; one
 * space after `:` and `,` (utils/adt/jsonb.c, jsonb_util.c, json.c). Throws a SyntaxError for text
 * that is not JSON or that `jsonb` refuses (the character NUL, lone surrogates).
 */
export function jsonbText(json: string): string {
  // The grammar is checked once, so that the walk below may trust its input.
  JSON.parse(json)
  return readValue({ json, at: 0 })
}

interface Cursor {
  readonly json: string
  at: number
}

function readValue(cursor: Cursor): string {
  const start = skipSpace(cursor)
  switch (cursor.json[start]) {
    case '{':
      return readObject(cursor)
    case '[':
      return readArray(cursor)
    case '"':
      return escapeString(readString(cursor))
    case 't':
    case 'n':
      cursor.at += 4
      return cursor.json.slice(start, cursor.at)
    case 'f':
      cursor.at += 5
      return 'false'
    default:
      return readNumber(cursor)
  }
}

function skipSpace(cursor: Cursor): number {
  while (cursor.json.charCodeAt(cursor.at) <= 32) cursor.at++
  return cursor.at
}

/** Reads what follows a value: true after a comma, false after the closing bracket. */
function readSeparator(cursor: Cursor): boolean {
  skipSpace(cursor)
  return cursor.json[cursor.at++] === ','
}

function isEmpty(cursor: Cursor, close: string): boolean {
  cursor.at++
  skipSpace(cursor)
  if (cursor.json[cursor.at] !== close) return false
  cursor.at++
  return true
}

function readArray(cursor: Cursor): string {
  if (isEmpty(cursor, ']')) return '[]'
  const items: string[] = []
  do items.push(readValue(cursor))
  while (readSeparator(cursor))
  return `[${items.join(', ')}]`
}

function readObject(cursor: Cursor): string {
  if (isEmpty(cursor, '}')) return '{}'
  const members = new Map<string, string>()
  do {
    skipSpace(cursor)
    const key = readString(cursor)
    skipSpace(cursor)
    cursor.at++
    members.set(key, readValue(cursor))
  } while (readSeparator(cursor))
  const ordered = [...members].map(([key, value]) => ({ key, value, bytes: Buffer.from(key) }))
  ordered.sort((a, b) => a.bytes.length - b.bytes.length || Buffer.compare(a.bytes, b.bytes))
  return `{${ordered.map(({ key, value }) => `${escapeString(key)}: ${value}`).join(', ')}}`
}

const numberShape = /[-+.0-9eE]+/y

function readNumber(cursor: Cursor): string {
  numberShape.lastIndex = cursor.at
  const text = numberShape.exec(cursor.json)?.[0] ?? ''
  cursor.at += text.length
  const number = parseNumeric(text)
  if (number === null) throw new SyntaxError(`jsonb cannot hold the number ${text.slice(0, 40)}`)
  return numericText(number)
}

function readString(cursor: Cursor): string {
  const start = cursor.at++
  for (;;) {
    const c = cursor.json[cursor.at++]
    if (c === '"') break
    if (c === '\\') cursor.at++
  }
  const text = JSON.parse(cursor.json.slice(start, cursor.at)) as string
  if (text.includes('\0')) throw new SyntaxError('jsonb cannot hold the character NUL')
  if (/\p{Surrogate}/u.test(text)) throw new SyntaxError('jsonb cannot hold a lone surrogate')
  return text
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
}

function escapeString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL escapes exactly these
  const escaped = text.replace(/["\\\u0000-\u001f]/g, (c) => shortEscapes[c] ?? `\\u00${hexByte(c.charCodeAt(0))}`)
  return `"${escaped}"`
}

function hexByte(code: number): string {
  return code.toString(16).padStart(2, '0')
}
