import type { ColumnType, Table } from '../../../study/table/table.js'
import type { Records } from '../../records/records.js'
import { makeEncoder, makePayloadBuffer } from '../encode/encode.js'

/** Characters that COPY's text format writes by a letter after a backslash. */
const escaped: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** What is quoted: text that ends COPY's input where it stands alone on a line, and RFC 4180's. */
const toQuote = /^$|^\\\.$|^[\t-\r ]|[",\r\n]|[\t-\r ]$/

/**
 * How other programs read the values of a type best, where COPY's text format has another spelling:
 * more of them know `true` than `t`, a UUID with its hyphens, and an offset with its minutes.
 */
const spellings: { readonly [Type in ColumnType]?: (text: string) => string } = {
  bool: (text) => (text === 't' ? 'true' : 'false'),
  uuid: (text) => text.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  timestamptz: (text) => text.replace(/\+00$/, '+00:00'),
}

/** Returns the line of a CSV file that names the table's columns. */
export function csvHeader(table: Table): string {
  return `${table.columns.map(({ name }) => field(name)).join(',')}\n`
}

/**
 * Makes the function that returns the lines of a CSV file for the records from position `from` up
 * to but without `to`: RFC 4180 in UTF-8 with `\n`, as `COPY … (FORMAT csv)` reads it. Null is an
 * empty field without quotes, the empty string one with them; a value is written as PostgreSQL's
 * text of its type.
 */
export function csvWriter(table: Table): (records: Records, from: number, to: number) => Buffer {
  const encoder = makeEncoder(table, 'text')
  const buffer = makePayloadBuffer()
  const respelled = table.columns.map(({ type }) => spellings[type] ?? null)
  const csvField = (written: string, column: number): string => {
    if (written === '\\N') return ''
    const text = written.includes('\\')
      ? written.replace(/\\(.)/g, (_, sign: string) => escaped[sign] ?? sign)
      : written
    return field(respelled[column]?.(text) ?? text)
  }
  return (records, from, to) => {
    // One character for each byte, so that those of UTF-8 stay as they are.
    const rows = encoder.encode(records, from, to, buffer).toString('latin1').split('\n').slice(0, -1)
    const lines = rows.map((row) => `${row.split('\t').map(csvField).join(',')}\n`)
    return Buffer.from(lines.join(''), 'latin1')
  }
}

function field(text: string): string {
  return toQuote.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
