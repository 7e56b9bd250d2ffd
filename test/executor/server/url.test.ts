import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { withClient } from '../../../src/executor/connect.js'
import { synthetic } from '../../../src/executor/input/synthetic/synthetic.js'
import { runTrial } from '../../../src/executor/run-trial.js'
import { compose } from '../../../src/executor/server/compose.js'
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
  for (const name of Object.keys(process.env)) if (/^PG|^DATABASE_URL$/.test(name)) vi.stubEnv(name, undefined)
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
  const made = url(`postgresql://copylab@${address()}/copylab`)
  expect(await userOf(made)).toEqual(copylab)
  // Programs that load get it too.
  expect(await made.use(async ({ config }) => config.password)).toBe(server.password)
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

const withUrl = (text: string) => () => url(text)
const said = (make: () => unknown): string => {
  try {
    make()
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    return (error as Error).message
  }
  return ''
}

test.each([
  ['PGPORT', 'abc', 'Expected PGPORT to be a port number, got "abc"'],
  ['PGPORT', '70000', 'Expected PGPORT to be a port number, got "70000"'],
  ['PGPORT', '0', 'Expected PGPORT to be a port number, got "0"'],
  ['PGPORT', '5432,5433', 'Expected PGPORT to be a port number, got "5432,5433"'],
  ['PGPORT', '54.32', 'Expected PGPORT to be a port number, got "54.32"'],
  ['PGHOST', 'a,b', 'Expected PGHOST to name one host, got a list of them'],
  ['PGCONNECT_TIMEOUT', 'soon', 'Expected PGCONNECT_TIMEOUT to be a whole number of seconds, got "soon"'],
  [
    'PGSERVICE',
    'mine',
    'Expected no PGSERVICE, which copylab does not support; no service file is read: give the address',
  ],
  ['PGHOSTADDR', '10.0.0.1', 'Expected no PGHOSTADDR, which copylab does not support'],
  ['PGCHANNELBINDING', 'require', 'Expected no PGCHANNELBINDING, which copylab does not support'],
  ['PGTARGETSESSIONATTRS', 'standby', 'Expected no PGTARGETSESSIONATTRS, which copylab does not support'],
])('url names a variable that cannot be followed: %s=%s', (name, value, message) => {
  vi.stubEnv(name, value)
  expect(said(() => url())).toContain(message)
})

test('url takes variables as psql does: empty ones as none, numbers with blanks around them', async () => {
  for (const name of ['PGHOST', 'PGPORT', 'PGCONNECT_TIMEOUT', 'PGSERVICE', 'PGSSLMODE']) vi.stubEnv(name, '')
  vi.stubEnv('PGUSER', 'someone')
  expect(url().describe()).toEqual({ kind: 'url', host: 'localhost', port: 5432, database: 'someone' })
  vi.stubEnv('PGPORT', ' 6543 ')
  vi.stubEnv('PGTARGETSESSIONATTRS', 'read-write')
  expect(url().describe()).toMatchObject({ port: 6543 })
  expect(url('postgres://u@db:7654/x').describe()).toMatchObject({ port: 7654 })
})

test.each([
  ['postgres://u:s3cret%zz@db/x', /to have a % in its password written as %25/],
  ['postgres://u:s3cret%E4@db/x', /to have a % in its password/],
  ['postgres://u%:s3cret@db/x', /to have a % in its user/],
  ['postgres://u@db/x%', /to have a % in its database/],
  ['postgres://u@db/x?options=%', /to have a % in its options/],
  ['postgres://u@db/x%00y', /without %00 in its database/],
  ['postgres://u:s3cret@db:70000/x', /^Expected port of `connectionString` or DATABASE_URL to be a port number/],
  ['postgres://u:s3cret@db:port/x', /to have a number for its port/],
  ['postgres://u:s3cret#1@db/x', /each of @ \/ \? # in its parts written as %40 %2F %3F %23/],
  ['postgres://u:s3cret/1@db/x', /each of @ \/ \? # in its parts/],
  ['postgres://u:s3cret?1=2@db/x', /each of @ \/ \? # in its parts/],
  ['postgres://u:5?s3cret=2@db/x', /each of @ \/ \? # in its parts/],
  ['postgres://u@a,b/x', /to name one host, got a list of them/],
  ['postgres://u@a:1,b:2/x', /to name one host, /],
  ['postgres://u@db/x?host=a,b', /to name one host/],
  ['postgres://u@::1/x', /an IPv6 address in brackets/],
  ['postgres://u@db/x?foo=1', /without the parameter "foo", which copylab does not support/],
  ['postgres://u@db/x?service=mine', /without the parameter "service"/],
  ['postgres://u@db/x?channel_binding=require', /without the parameter "channel_binding"/],
  ['postgres://u@db/x?pgbouncer=true', /without the parameter "pgbouncer"/],
  ['postgres://u@db/x?connect_timeout=soon', /to be a whole number of seconds, got "soon"/],
  ['postgres://u@db/x?ssl=maybe', /to have ssl=true or ssl=false, or sslmode/],
  ['postgres://u@db/x?sslmode', /to have name=value after its \?/],
])('url names what is wrong with %s, and repeats no password', (text, message) => {
  expect(said(withUrl(text))).toMatch(/^Expected .*`connectionString` or DATABASE_URL/)
  expect(said(withUrl(text))).toMatch(message)
  expect(said(withUrl(text))).not.toContain('s3cret')
})

test('url takes parameters that ask for nothing, and those of an address after its ?', () => {
  const more =
    'application_name=a&client_encoding=utf8&uselibpqcompat=true&channel_binding=prefer&target_session_attrs=any'
  expect(url(`postgres://u@db/x?${more}`).describe()).toMatchObject({ host: 'db', database: 'x' })
  expect(url('postgres:///?host=db&port=1&dbname=x%20y&user=u&password=a%26b').describe()).toEqual({
    kind: 'url',
    host: 'db',
    port: 1,
    database: 'x y',
  })
})

test('url connects with every letter in user and password, percent-encoded or after the ?', async () => {
  const password = 'p#a?s%s/w:o@rd +&'
  await withClient(server, (client) => client.query(`CREATE ROLE "odd user@x" LOGIN SUPERUSER PASSWORD '${password}'`))
  const [user, encoded] = ['odd user@x', password].map(encodeURIComponent)
  const found = { name: 'odd user@x', application: 'copylab/x/w0' }
  expect(await userOf(url(`postgres://${user}:${encoded}@${address()}/copylab`))).toEqual(found)
  expect(await userOf(url(`postgres://${address()}/copylab?user=${user}&password=${encoded}`))).toEqual(found)
})

test('url waits as long as PGCONNECT_TIMEOUT or connect_timeout says', async () => {
  const timeoutOf = (made: ReturnType<typeof url>) => made.use(async ({ config }) => config.connectionTimeoutMillis)
  const text = `postgresql://copylab:${server.password}@${address()}/copylab`
  expect(await timeoutOf(url(text))).toBeUndefined()
  expect(await timeoutOf(url(`${text}?connect_timeout=3`))).toBe(3_000)
  vi.stubEnv('PGCONNECT_TIMEOUT', '7')
  expect(await timeoutOf(url(text))).toBe(7_000)
})

test('embedded() and compose() ask no PG* variable', async () => {
  const odd = {
    PGHOST: 'nowhere.invalid',
    PGHOSTADDR: '203.0.113.1',
    PGPORT: 'abc',
    PGDATABASE: 'nothing',
    PGUSER: 'nobody',
    PGPASSWORD: 'wrong',
    PGPASSFILE: '/nowhere',
    PGOPTIONS: '-c nonsense=1',
    PGSSLMODE: 'require',
    PGSSLROOTCERT: '/nowhere',
    PGSSLNEGOTIATION: 'direct',
    PGSERVICE: 'mine',
    PGSERVICEFILE: '/nowhere',
    PGAPPNAME: 'mine',
    PGCONNECT_TIMEOUT: 'soon',
    PGCLIENTENCODING: 'nonsense',
    PGCLIENT_ENCODING: 'nonsense',
    PGDATESTYLE: 'nonsense',
    PGTZ: 'nonsense',
    PGDATA: '/nowhere',
    PGREPLICATION: 'database',
    PGTARGETSESSIONATTRS: 'standby',
    PGREQUIREAUTH: 'none',
  }
  for (const [name, value] of Object.entries(odd)) vi.stubEnv(name, value)
  const input = synthetic({ records: 100 })
  const trial = await runTrial({ server: embedded(), input, treatment: { workers: 1 } })
  expect(trial).toMatchObject({ state: 'completed', records: 100 })
  // The embedded server stands in for the container.
  vi.stubEnv('PG_PORT', String(server.port))
  vi.stubEnv('COPYLAB_PG_PASSWORD', String(server.password))
  vi.stubEnv('PG_VERSION', undefined)
  expect(await runTrial({ server: compose(), input, treatment: { workers: 1 } })).toMatchObject({ records: 100 })
})
