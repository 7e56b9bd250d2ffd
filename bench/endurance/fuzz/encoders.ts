import { deepStrictEqual } from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { embedded } from 'copylab/executor'
import fc from 'fast-check'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { withClient } from '#copylab/executor/connect.js'
import { makeEncoder, makePayloadBuffer } from '#copylab/executor/load/encode/encode.js'
import { Records } from '#copylab/executor/records/records.js'
import { checksumSql, makeChecksum } from '#copylab/executor/verify/checksum.js'
import { type ColumnType, columnTypes, type Table } from '#copylab/study/table.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import { orNull, type Sample, sources } from './any-value.js'
import { type Fuzzed, fuzzed } from './fuzzed.js'

const encodings = ['text', 'binary'] as const

/** Values of one type, for one COPY. */
type Values = readonly Sample[]

/**
 * The encoders of every type: what COPY stores is what the server itself makes of the value's text,
 * and the checksum of the records is that of the stored ones. Inputs are values, of each type so
 * many, each in text and in binary.
 */
export async function fuzzEncoders(options: EnduranceOptions): Promise<Fuzzed> {
  const { signal } = options
  return embedded().use(
    ({ config }) =>
      withClient(config, async (control) => {
        const database = `fuzz_${randomBytes(6).toString('hex')}`
        await control.query(`CREATE DATABASE ${database}`)
        try {
          return await withClient({ ...config, database }, (client) => fuzzTypes(client, options))
        } finally {
          await control.query(`DROP DATABASE ${database} WITH (FORCE)`)
        }
      }),
    { signal },
  )
}

async function fuzzTypes(client: Client, options: EnduranceOptions): Promise<Fuzzed> {
  const count = shareOf(10_000, options)
  const found: Fuzzed[] = []
  for (const type of columnTypes) {
    const values = fc.array(orNull(sources[type].samples), { minLength: 1, maxLength: 250, size: 'max' })
    const outcome = async (samples: Values): Promise<string> => {
      for (const encoding of encodings) await check(client, type, encoding, samples)
      return 'stored as the server reads them'
    }
    found.push(await fuzzed({ name: type, inputs: values, count, sizeOf: ({ length }) => length, outcome }, options))
  }
  return {
    inputs: found.reduce((sum, { inputs }) => sum + inputs, 0),
    outcomes: Object.fromEntries(found.map(({ inputs }, k) => [columnTypes[k]!, inputs])),
    wrong: found.reduce((sum, { wrong }) => sum + wrong, 0),
    examples: found.flatMap(({ examples }, k) => examples.map((example) => `${columnTypes[k]}: ${example}`)),
  }
}

async function check(
  client: Client,
  type: ColumnType,
  encoding: (typeof encodings)[number],
  samples: Values,
): Promise<void> {
  const table: Table = {
    columns: [
      { name: 'place', type: 'int4', notNull: true },
      { name: 'v', type },
    ],
    primaryKey: ['place'],
  }
  const records = new Records(table)
  for (const [place, { value }] of samples.entries()) records.append([place, value])
  await client.query(`DROP TABLE IF EXISTS loaded; CREATE UNLOGGED TABLE loaded (place int4 NOT NULL, v ${type})`)
  const payload = makeEncoder(table, encoding).encode(records, 0, records.length, makePayloadBuffer())
  await pipeline([payload], client.query(copyFrom(`COPY loaded FROM STDIN (FORMAT ${encoding})`)))
  const { rows: different } = await client.query(
    `SELECT place, loaded.v::text AS loaded, expected.v::text AS expected FROM loaded FULL JOIN
       (SELECT place - 1 AS place, ${sources[type].sql} AS v FROM unnest($1::text[]) WITH ORDINALITY AS given (v, place)) AS expected
       USING (place)
     WHERE loaded.v::text IS DISTINCT FROM expected.v::text`,
    [samples.map(({ text }) => text)],
  )
  deepStrictEqual(different, [], `${encoding}: stored, and read by the server`)
  const sum = makeChecksum(table)
  for (let position = 0; position < records.length; position++) sum.add(records, position)
  const [stored] = (await client.query<{ records: string; checksum: string }>(checksumSql(table, 'loaded'))).rows
  deepStrictEqual({ ...stored, records: Number(stored!.records) }, sum.value(), `${encoding}: checksums`)
}
