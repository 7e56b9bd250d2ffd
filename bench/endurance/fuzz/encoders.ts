import { deepStrictEqual } from 'node:assert/strict'
import type { Client } from 'pg'
import { Records } from '#copylab/executor/records/records.js'
import { type ColumnType, columnTypes, type Table } from '#copylab/study/table/table.js'
import type { EnduranceOptions } from '../endurance.js'
import { orNull, type Sample, sources } from './any-value.js'
import type { Fuzzed } from './fuzzed.js'
import { fuzzTypes, store, withFuzzDatabase } from './stored.js'

/**
 * The encoders of every type: what COPY stores is what the server itself makes of the value's text,
 * and the checksum of the records is that of the stored ones. Inputs are values, of each type so
 * many, each in text and in binary.
 */
export async function fuzzEncoders(options: EnduranceOptions): Promise<Fuzzed> {
  return withFuzzDatabase(options, (client) =>
    fuzzTypes(
      columnTypes,
      (type) => orNull(sources[type].samples),
      (type, samples) => checkValues(client, type, samples),
      options,
    ),
  )
}

async function checkValues(client: Client, type: ColumnType, samples: readonly Sample[]): Promise<string> {
  const table: Table = {
    columns: [
      { name: 'place', type: 'int4', notNull: true },
      { name: 'v', type },
    ],
    primaryKey: ['place'],
  }
  const records = new Records(table)
  for (const [place, { value }] of samples.entries()) records.append([place, value])
  for (const encoding of ['text', 'binary'] as const) {
    await store(client, records, encoding)
    const { rows: different } = await client.query(
      `SELECT place, loaded.v::text AS loaded, expected.v::text AS expected FROM loaded FULL JOIN
         (SELECT place - 1 AS place, ${sources[type].sql} AS v FROM unnest($1::text[]) WITH ORDINALITY AS given (v, place)) AS expected
         USING (place)
       WHERE loaded.v::text IS DISTINCT FROM expected.v::text`,
      [samples.map(({ text }) => text)],
    )
    deepStrictEqual(different, [], `${encoding}: stored, and read by the server`)
  }
  return 'stored as the server reads them'
}
