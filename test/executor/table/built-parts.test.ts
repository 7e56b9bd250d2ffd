import { expect, it } from 'vitest'
import { builtParts, foreignKeyParts } from '../../../src/executor/table/built-parts.js'
import { useScratchDatabase } from '../scratch-server.js'

const client = useScratchDatabase()

it.each([
  ['a plain table', ''],
  ['a partitioned table', 'PARTITION BY HASH (id)'],
])('the parts of %s are its keys, its indexes and last its foreign keys, each once', async (_, partitions) => {
  await client().query(`DROP SCHEMA IF EXISTS s CASCADE; CREATE SCHEMA s;
    CREATE TABLE s.customers (id int PRIMARY KEY);
    CREATE TABLE s.records (id int PRIMARY KEY, note text, customer int CONSTRAINT a_key REFERENCES s.customers) ${partitions};
    CREATE INDEX b_note ON s.records (note);
    CREATE TABLE s.other (LIKE s.records)`)
  if (partitions)
    await client().query('CREATE TABLE s.p PARTITION OF s.records FOR VALUES WITH (MODULUS 1, REMAINDER 0)')
  const names = async (table: string) => (await builtParts(client(), 's', table)).map(({ name }) => name)
  expect(await names('s.records')).toEqual(['records_pkey', 'b_note', 'a_key'])

  const keys = await foreignKeyParts(client(), 's.records', 's.other')
  expect(keys.map(({ name }) => name)).toEqual(['a_key'])
  for (const { make } of keys) await client().query(make)
  expect(await foreignKeyParts(client(), 's.other', 's.records')).toEqual(
    await foreignKeyParts(client(), 's.records', 's.records'),
  )
  for (const { remove } of keys) await client().query(remove)
  expect(await names('s.other')).toEqual([])
})
