import { randomBytes } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { afterAll, beforeAll } from 'vitest'
import { makeEncoder, makePayloadBuffer } from '../../src/executor/load/encode/encode.js'
import { embedded } from '../../src/executor/server/embedded.js'
import { url } from '../../src/executor/server/url.js'
import type { Column, Row, Table } from '../../src/study/table/table.js'
import type { Encoding } from '../../src/study/treatment.js'
import { recordsOf } from './records-of.js'

/**
 * A database of the test file's own, dropped after its tests: on the embedded server, or on that of
 * COPYLAB_TEST_URL.
 */
export function useScratchDatabase(): () => pg.Client {
  const address = process.env.COPYLAB_TEST_URL
  const server = address ? url(address) : embedded()
  let client: pg.Client
  let release = (): void => {}
  let ended: Promise<void> = Promise.resolve()

  beforeAll(async () => {
    await new Promise<void>((ready, fail) => {
      ended = server.use(async ({ config }) => {
        const name = `scratch_${randomBytes(6).toString('hex')}`
        const control = new pg.Client(config)
        await control.connect()
        try {
          await control.query(`CREATE DATABASE ${name}`)
          client = new pg.Client({ ...config, database: name, connectionString: undefined })
          await client.connect()
          const over = new Promise<void>((resolve) => {
            release = resolve
          })
          ready()
          await over
          await client.end()
          await control.query(`DROP DATABASE ${name}`)
        } finally {
          await control.end()
        }
      })
      ended.catch(fail)
    })
  })
  afterAll(async () => {
    release()
    await ended
  })
  return () => client
}

/** Drops the table, creates it again and fills it by one COPY. */
export async function loadRows(
  client: pg.Client,
  name: string,
  table: Table,
  rows: readonly Row[],
  encoding: Encoding,
): Promise<void> {
  const definitions = table.columns.map((column: Column) => {
    return `${pg.escapeIdentifier(column.name)} ${column.declared ?? column.type}${column.notNull ? ' NOT NULL' : ''}`
  })
  await client.query(`DROP TABLE IF EXISTS ${name}; CREATE UNLOGGED TABLE ${name} (${definitions.join(', ')})`)
  const payload = makeEncoder(table, encoding).encode(recordsOf(table, rows), 0, rows.length, makePayloadBuffer())
  await pipeline([payload], client.query(copyFrom(`COPY ${name} FROM STDIN (FORMAT ${encoding})`)))
}
