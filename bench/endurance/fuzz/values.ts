import { deepStrictEqual, ok } from 'node:assert/strict'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { fieldReader } from '#copylab/executor/input/csv/fields/field-values.js'
import { columnOf } from '#copylab/executor/input/csv/fields/type-spelling.js'
import { ownFormat } from '#copylab/executor/input/csv/fields/value-reader.js'
import { Records } from '#copylab/executor/records/records.js'
import type { Int32Column, ValueColumn } from '#copylab/executor/records/values.js'
import type { Column, Table } from '#copylab/study/table/table.js'
import type { EnduranceOptions } from '../endurance.js'
import type { Fuzzed } from './fuzzed.js'
import { spelledTypes, spellings } from './spellings.js'
import { fuzzTypes, store, withFuzzDatabase } from './stored.js'

/**
 * Texts of every type as they may stand in a file: what is read of them is what COPY makes of them,
 * and what the server refuses is not read. Where the server reads a text and copylab does not, the
 * reason is one of those that are meant.
 */
export async function fuzzValues(options: EnduranceOptions): Promise<Fuzzed> {
  return withFuzzDatabase(options, async (client) => {
    await client.query("SET TimeZone = 'UTC'")
    return fuzzTypes(
      spelledTypes,
      (type) => spellings[type],
      async (type, texts) => {
        deepStrictEqual((await checkTexts(client, type, texts)).different, [], 'loaded, and copied as text')
        return 'read as COPY reads them'
      },
      options,
    )
  })
}

/** Reasons for which texts are refused that the server reads. */
const meant = [
  'from version 16 on',
  'a date would lose its time',
  'would lose its zone',
  'zones with a name are read from 1970 to 2037',
  'is a setting of the server',
  'state its format in `formats`',
  'offsets are read as',
  'arrays of arrays are not read',
  'arrays with bounds are not read',
]

/** What was read, and what was then stored otherwise than by COPY of the text itself. */
export interface TextsRead {
  readonly read: readonly string[]
  readonly different: readonly object[]
}

/**
 * Reads texts as fields of a column, loads what was read, and compares it with what COPY makes of
 * the texts themselves. Throws where the server refuses one that is read, or reads one that is
 * refused for no reason that is meant.
 */
export async function checkTexts(client: Client, type: string, given: readonly string[]): Promise<TextsRead> {
  const column = columnOf('v', type)
  const table: Table = { columns: [{ name: 'place', type: 'int4', notNull: true }, column], primaryKey: ['place'] }
  // A field without a character is a null.
  const texts = [...new Set(given)].filter((text) => text !== '')
  const valid = await validTexts(client, column, texts)
  const records = new Records(table)
  const read: string[] = []
  for (const text of texts) {
    const problem = readText(records, text)
    if (problem === null) {
      ok(valid.has(text), `the server refuses what is read: ${JSON.stringify(text)}`)
      read.push(text)
    } else if (valid.has(text)) {
      ok(
        meant.some((reason) => problem.includes(reason)),
        `the server reads it: ${problem}`,
      )
    }
  }
  await copyTexts(client, column, read)
  const different: object[] = []
  for (const encoding of ['text', 'binary'] as const) {
    await store(client, records, encoding)
    const { rows } = await client.query(
      `SELECT copied.given, loaded.v::text AS loaded, copied.v::text AS copied FROM loaded FULL JOIN copied USING (place)
       WHERE loaded.v::text IS DISTINCT FROM copied.v::text`,
    )
    different.push(...rows.map((row) => ({ encoding, ...row })))
  }
  return { read, different }
}

/** Adds the record of a text, with its place; returns why there is none. */
function readText(records: Records, text: string): string | null {
  const [places, values] = records.columns as [Int32Column, ValueColumn]
  const bytes = Buffer.from(text)
  try {
    fieldReader(records.table.columns[1]!, ownFormat)(bytes, 0, bytes.length, values, false)
  } catch (error) {
    records.truncate(records.length)
    return (error as Error).message
  }
  places.push(records.length)
  records.complete()
  return null
}

/** The texts that the server reads as values of the column. */
async function validTexts(client: Client, { type, declared = type }: Column, texts: string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ v: string }>(
    'SELECT v FROM unnest($1::text[]) AS given (v) WHERE pg_input_is_valid(v, $2)',
    [texts, declared],
  )
  return new Set(rows.map(({ v }) => v))
}

/** Has COPY read the texts themselves into the table `copied`. */
async function copyTexts(client: Client, { type, declared = type }: Column, texts: readonly string[]): Promise<void> {
  await client.query(
    `DROP TABLE IF EXISTS copied; CREATE UNLOGGED TABLE copied (place int4, given text, v ${declared})`,
  )
  const escaped = texts.map((text) => text.replace(/[\\\t\n\r]/g, (sign) => copyEscapes[sign]!))
  const lines = escaped.map((text, place) => `${place}\t${text}\t${text}\n`)
  await pipeline([Buffer.from(lines.join(''))], client.query(copyFrom('COPY copied FROM STDIN')))
}

const copyEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
