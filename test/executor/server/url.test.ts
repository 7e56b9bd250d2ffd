import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { withClient } from '../../../src/executor/connect.js'
import { embedded } from '../../../src/executor/server/embedded.js'
import { url } from '../../../src/executor/server/url.js'

let folder: string
let server: ClientConfig
let stop: () => void
let used: Promise<void>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-url-'))
  await new Promise<void>((ready, failed) => {
    used = embedded({ folder }).use(({ config }) => {
      server = config
      ready()
      return new Promise((resolve) => {
        stop = resolve
      })
    })
    used.catch(failed)
  })
})
afterAll(async () => {
  stop()
  await used
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  const names = [
    'DATABASE_URL',
    'PGHOST',
    'PGPORT',
    'PGDATABASE',
    'PGUSER',
    'PGPASSWORD',
    'PGPASSFILE',
    'PGSSLMODE',
    'PGOPTIONS',
  ]
  for (const name of names) vi.stubEnv(name, undefined)
})
afterEach(() => vi.unstubAllEnvs())

const address = () => `127.0.0.1:${server.port}`
const userOf = (made: ReturnType<typeof url>) =>
  made.use(async ({ config }) =>
    withClient({ ...config, application_name: 'copylab/x/w0' }, async (client) => {
      const { rows } = await client.query(
        "SELECT current_user AS name, current_setting('application_name') AS application",
      )
      return rows[0]
    }),
  )
const copylab = { name: 'copylab', application: 'copylab/x/w0' }

test('url connects by a connection string, whose application_name gives way to the caller', async () => {
  const made = url(`postgresql://copylab:${server.password}@${address()}/copylab?sslmode=disable&application_name=mine`)
  expect(await userOf(made)).toEqual(copylab)
})

test('url connects by DATABASE_URL', async () => {
  vi.stubEnv('DATABASE_URL', `postgres://copylab:${server.password}@${address()}/copylab`)
  expect(await userOf(url())).toEqual(copylab)
})

test('url connects by the PG* variables', async () => {
  vi.stubEnv('PGHOST', '127.0.0.1')
  vi.stubEnv('PGPORT', String(server.port))
  vi.stubEnv('PGDATABASE', 'copylab')
  vi.stubEnv('PGUSER', 'copylab')
  vi.stubEnv('PGPASSWORD', String(server.password))
  expect(url().describe()).toEqual({ kind: 'url', host: '127.0.0.1', port: server.port, database: 'copylab' })
  expect(await userOf(url())).toEqual(copylab)
})

test('url takes the password from the password file', async () => {
  const file = join(folder, 'pgpass')
  writeFileSync(file, `${address()}:copylab:copylab:${server.password}\n`, { mode: 0o600 })
  vi.stubEnv('PGPASSFILE', file)
  expect(await userOf(url(`postgresql://copylab@${address()}/copylab`))).toEqual(copylab)
})

test('url fills what the connection string leaves open as pg does: host, port, and the user for the database', () => {
  expect(url('postgresql://someone@/').describe()).toEqual({
    kind: 'url',
    host: 'localhost',
    port: 5432,
    database: 'someone',
  })
  expect(url('postgresql://someone@[::1]:6543/bench').describe()).toMatchObject({
    host: '::1',
    port: 6543,
    database: 'bench',
  })
  expect(url('postgresql://someone@%2Fvar%2Frun/bench').describe()).toMatchObject({ host: 'local socket' })
})

test('url shows no user and no password: not in describe, facts or errors', async () => {
  const made = url(`postgresql://copylab:${server.password}@${address()}/copylab`)
  const facts = await made.use(async (connection) => connection.facts)
  expect(facts).toMatchObject({ kind: 'url', host: '127.0.0.1', port: server.port, database: 'copylab' })
  expect(JSON.stringify([made.describe(), facts])).not.toContain(server.password)
  expect(Object.keys(made.describe())).toEqual(['kind', 'host', 'port', 'database'])

  const wrong = url(`postgresql://copylab:s3cr%40t@${address()}/copylab`)
  const error = await wrong.use(async () => 1).catch((reason) => reason)
  expect(error.message).toMatch(/refused the user or the password: give both in DATABASE_URL/)
  expect(`${error.stack} ${error.cause?.stack}`).not.toMatch(/s3cr/)
})

test('url rejects what is no connection string, without repeating it', () => {
  for (const text of [
    'mysql://u:s3cret@db/x',
    'postgres://u:s3cret@db:port/x',
    'host=db password=s3cret',
    'postgres://u:%s3cret%zz@db/x',
  ]) {
    let error: unknown = null
    try {
      url(text)
    } catch (reason) {
      error = reason
    }
    if (error === null) continue
    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toMatch(/^Expected `connectionString`/)
    expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain('s3cret')
  }
  expect(() => url('mysql://u@db/x')).toThrow(TypeError)
  expect(() => url('postgres://u@db:port/x')).toThrow(TypeError)
  expect(() => url('host=db')).toThrow(TypeError)
  expect(() => url('postgres://u@db/x?sslrootcert=/nowhere.pem')).toThrow(/ENOENT/)
})
