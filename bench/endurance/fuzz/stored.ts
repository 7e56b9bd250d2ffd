import { deepStrictEqual } from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { embedded } from 'copylab/executor'
import fc from 'fast-check'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { withClient } from '#copylab/executor/connect.js'
import { makeEncoder, makePayloadBuffer } from '#copylab/executor/load/encode/encode.js'
import type { Records } from '#copylab/executor/records/records.js'
import { checksumSql, makeChecksum } from '#copylab/executor/verify/checksum.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import { type Fuzzed, fuzzed } from './fuzzed.js'

/** Calls `use` with a connection to a database of its own on the embedded server. */
export async function withFuzzDatabase<T>(
  { signal }: EnduranceOptions,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  return embedded().use(
    ({ config }) =>
      withClient(config, async (control) => {
        const database = `fuzz_${randomBytes(6).toString('hex')}`
        await control.query(`CREATE DATABASE ${database}`)
        try {
          return await withClient({ ...config, database }, use)
        } finally {
          await control.query(`DROP DATABASE ${database} WITH (FORCE)`)
        }
      }),
    { signal },
  )
}

/** Tries lists of values of each type, and counts the values by type. */
export async function fuzzTypes<Type extends string, Value>(
  types: readonly Type[],
  valuesOf: (type: Type) => fc.Arbitrary<Value>,
  outcome: (type: Type, values: readonly Value[]) => Promise<string>,
  options: EnduranceOptions,
): Promise<Fuzzed> {
  const count = shareOf(10_000, options)
  const found: Fuzzed[] = []
  for (const type of types) {
    const inputs = fc.array(valuesOf(type), { minLength: 1, maxLength: 250, size: 'max' })
    const sizeOf = ({ length }: readonly Value[]): number => length
    found.push(await fuzzed({ name: type, inputs, count, sizeOf, outcome: (values) => outcome(type, values) }, options))
  }
  return {
    inputs: found.reduce((sum, { inputs }) => sum + inputs, 0),
    outcomes: Object.fromEntries(found.map(({ inputs }, k) => [types[k]!, inputs])),
    wrong: found.reduce((sum, { wrong }) => sum + wrong, 0),
    examples: found.flatMap(({ examples }, k) => examples.map((example) => `${types[k]}: ${example}`)),
  }
}

/**
 * Loads records by one COPY into the table `loaded`, which is made again. Throws where the checksum
 * of the stored ones is another.
 */
export async function store(client: Client, records: Records, encoding: 'text' | 'binary'): Promise<void> {
  const { table } = records
  const columns = table.columns.map(({ name, type, declared = type }) => `${name} ${declared}`)
  await client.query(`DROP TABLE IF EXISTS loaded; CREATE UNLOGGED TABLE loaded (${columns.join(', ')})`)
  const payload = makeEncoder(table, encoding).encode(records, 0, records.length, makePayloadBuffer())
  await pipeline([payload], client.query(copyFrom(`COPY loaded FROM STDIN (FORMAT ${encoding})`)))
  const sum = makeChecksum(table)
  for (let position = 0; position < records.length; position++) sum.add(records, position)
  const [stored] = (await client.query<{ records: string; checksum: string }>(checksumSql(table, 'loaded'))).rows
  deepStrictEqual({ ...stored, records: Number(stored!.records) }, sum.value(), `${encoding}: checksums`)
}
