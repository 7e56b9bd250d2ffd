import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { withClient, withClients } from '../../../src/executor/connect.js'
import { DatabaseError } from '../../../src/executor/errors.js'
import { connectionError } from '../../../src/executor/server/connection-error.js'
import { embedded } from '../../../src/executor/server/embedded.js'
import { inspect, requireConnections, requireVersion } from '../../../src/executor/server/inspect.js'

// One server for the file: its use ends when the last test has ended.
let folder: string
let admin: ClientConfig
let stop: () => void
let used: Promise<void>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-inspect-'))
  await new Promise<void>((ready, failed) => {
    used = embedded({ folder, settings: { max_connections: '12', superuser_reserved_connections: '3' } }).use(
      ({ config }) => {
        admin = config
        ready()
        return new Promise((resolve) => {
          stop = resolve
        })
      },
    )
    used.catch(failed)
  })
  await query(`CREATE ROLE plain LOGIN PASSWORD 'plain-secret'; CREATE ROLE "reader" LOGIN PASSWORD 'reader-secret';
    GRANT CREATE ON DATABASE copylab TO reader; ALTER ROLE reader SET default_transaction_read_only = on;
    CREATE ROLE writer LOGIN PASSWORD 'writer-secret'; GRANT CREATE ON DATABASE copylab TO writer;
    CREATE ROLE checkpointer LOGIN PASSWORD 'checkpointer-secret' IN ROLE pg_checkpoint;
    GRANT CREATE ON DATABASE copylab TO checkpointer;
    CREATE ROLE few LOGIN PASSWORD 'few-secret' CONNECTION LIMIT 2; GRANT CREATE ON DATABASE copylab TO few;`)
  await query('CREATE DATABASE closed')
  await query('REVOKE CONNECT ON DATABASE closed FROM PUBLIC')
})
afterAll(async () => {
  stop()
  await used
  rmSync(folder, { recursive: true })
})

const query = (sql: string) => withClient(admin, (client) => client.query(sql))
const as = (user: string): ClientConfig => ({ ...admin, user, password: `${user}-secret` })
const look = async (config: ClientConfig) => (await inspect(config, { kind: 'test' })).facts

/**
 * The error that `inspect` throws, after checking what is true of each: its kind, one line, and no
 * password anywhere in it.
 */
async function refusal(config: ClientConfig): Promise<string> {
  const error: unknown = await look(config).then(
    () => null,
    (reason) => reason,
  )
  expect(error).toBeInstanceOf(DatabaseError)
  const { message, stack, cause } = error as Error
  const all = [message, stack, String(cause), JSON.stringify(cause), (cause as Error | undefined)?.stack].join('\n')
  for (const secret of [admin.password, config.password]) if (secret) expect(all).not.toContain(secret)
  expect(message).toMatch(/: \S/)
  return message
}

test('inspect records version, place and the settings of a bulk load', async () => {
  const facts = await look(admin)
  expect(facts).toMatchObject({ kind: 'test', host: '127.0.0.1', port: admin.port, database: 'copylab', findings: [] })
  expect(facts.version).toMatch(/^\d+\.\d+$/)
  expect(facts.versionNumber).toBe(Number(facts.version.split('.')[0]) * 10_000 + Number(facts.version.split('.')[1]))
  expect(facts.settings).toMatchObject({
    max_connections: '12',
    shared_buffers: '128MB',
    fsync: 'on',
    io_method: 'worker',
  })
  expect(JSON.stringify(facts)).not.toContain(admin.password)
})

test('inspect finds that a user may not issue CHECKPOINT, or may as a member of pg_checkpoint', async () => {
  expect(await look(as('writer'))).toMatchObject({
    canCheckpoint: false,
    findings: [{ code: 'no-checkpoint' }, { code: 'no-proc' }],
  })
  await expect(withClient(as('writer'), (client) => client.query('CHECKPOINT'))).rejects.toThrow(/permission denied/)
  expect(await look(as('checkpointer'))).toMatchObject({ canCheckpoint: true, findings: [{ code: 'no-proc' }] })
  await withClient(as('checkpointer'), (client) => client.query('CHECKPOINT'))
})

test('inspect refuses a user who may not create a schema', async () => {
  expect(await refusal(as('plain'))).toMatch(
    /may not create a schema in 127\.0\.0\.1:\d+\/copylab: GRANT CREATE ON DATABASE/,
  )
})

test('inspect refuses a read-only connection', async () => {
  expect(await refusal(as('reader'))).toMatch(/is read-only \(default_transaction_read_only\): turn that off/)
})

test('inspect refuses a wrong password, an unknown user and a missing password', async () => {
  expect(await refusal({ ...admin, password: 'wrong-secret' })).toMatch(/refused the user or the password: /)
  expect(await refusal({ ...admin, user: 'stranger', password: 'stranger-secret' })).toMatch(/refused the user/)
  expect(await refusal({ ...admin, password: '' })).toMatch(/asks for a password and none is given: /)
})

test('inspect refuses a database that does not exist or may not be entered', async () => {
  expect(await refusal({ ...admin, database: 'nowhere' })).toMatch(
    /has no database nowhere: create it with `createdb nowhere`/,
  )
  expect(await refusal({ ...as('writer'), database: 'closed' })).toMatch(/may not connect to .*\/closed: GRANT CONNECT/)
})

test.each(['LATIN1', 'EUC_JP', 'WIN1252', 'KOI8R'])(
  'inspect refuses a database in %s by name, with the remedy',
  async (encoding) => {
    const name = `in_${encoding.toLowerCase()}`
    await query(`CREATE DATABASE ${name} ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`)
    expect(await refusal({ ...admin, database: name })).toMatch(
      new RegExp(
        `^The database 127\\.0\\.0\\.1:\\d+/${name} has the encoding ${encoding}, and copylab needs UTF8: name another database, or create one with \`createdb --encoding=UTF8 --template=template0\`$`,
      ),
    )
  },
)

test('inspect takes a database in SQL_ASCII', async () => {
  await query("CREATE DATABASE in_ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
  expect((await look({ ...admin, database: 'in_ascii' })).settings).toMatchObject({ server_encoding: 'SQL_ASCII' })
})

test('connectionError takes no time-out of the server for a network that does not answer', async () => {
  const place = { host: 'db', port: 5432, database: 'bench' }
  const remedies = { unreachable: 'start it', refused: 'correct them' }
  const said = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' })
  expect(connectionError(said, place, {}, remedies).message).toBe(
    'PostgreSQL at db:5432/bench cannot be used (canceling statement due to statement timeout): start it',
  )
})

test('inspect refuses a server that does not speak TLS when TLS is asked for', async () => {
  expect(await refusal({ ...admin, ssl: true })).toMatch(/does not speak TLS: connect with sslmode=disable/)
})

async function listener(onConnection: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer(onConnection).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

test('inspect says that nothing listens at a closed port', async () => {
  const { server, port } = await listener(() => {})
  server.close()
  await once(server, 'close')
  expect(await refusal({ ...admin, port })).toBe(
    `No server listens at 127.0.0.1:${port}/copylab: start it, or correct host and port`,
  )
  expect(await refusal({ ...admin, port, host: 'localhost' })).toMatch(/^No server listens at localhost/)
})

test('inspect says that a host does not answer, and that another kind of server does', async () => {
  const silent = await listener(() => {})
  expect(await refusal({ ...admin, port: silent.port, connectionTimeoutMillis: 100 })).toMatch(
    /does not answer: check host/,
  )
  silent.server.close()
  const other = await listener((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  expect(await refusal({ ...admin, port: other.port })).toMatch(
    /cannot be used \(.*\): start it, or correct host and port/,
  )
  other.server.close()
})

test('requireConnections counts the connections that are left for this user', async () => {
  const place = { host: 'db', port: 5432, database: 'bench' }
  const need = (config: ClientConfig, needed: number) =>
    withClient(config, (client) => requireConnections(client, { workers: needed - 1, own: 1 }, place))
  // 12 for all, 3 of them for superusers only; the client that asks holds one. A connection that
  // another test has closed may still be counted for a moment.
  const left = (config: ClientConfig, free: number) =>
    vi.waitFor(async () => {
      await expect(need(config, free + 1)).rejects.toThrow(
        `The study needs ${free + 1} connections (${free} for its workers, 1 to observe them) and db:5432/bench has ${free} left: use fewer workers, `,
      )
      await need(config, free)
    })
  await left(admin, 11)
  await left(as('writer'), 8)
  await withClients([admin, admin], () => left(as('writer'), 6))
  await left(as('few'), 1)
})

test('inspect says that no connection is left', async () => {
  await withClients([as('few'), as('few')], async () => {
    expect(await refusal(as('few'))).toMatch(/has no connection left: close other clients/)
  })
})

test('requireVersion refuses what is older than 14, and takes what is newer than the newest', () => {
  const place = { host: 'db', port: 5432, database: 'bench' }
  expect(() => requireVersion({ version: '13.4', versionNumber: 130_004 }, place)).toThrow(
    'PostgreSQL 13.4 at db:5432/bench is too old, copylab needs 14 or newer: upgrade it, or use embedded() or another server',
  )
  for (const major of [14, 19, 20]) {
    expect(() => requireVersion({ version: `${major}.0`, versionNumber: major * 10_000 }, place)).not.toThrow()
  }
})

test('connectionError keeps a password out of a foreign message and its cause', () => {
  const place = { host: 'db', port: 5432, database: 'bench' }
  const remedies = { unreachable: 'start it', refused: 'correct them' }
  const foreign = Object.assign(new Error('bad url postgres://u:p%40ss@db'), { input: 'p@ss' })
  const error = connectionError(foreign, place, { password: 'p@ss' }, remedies)
  expect(error.message).toBe('PostgreSQL at db:5432/bench cannot be used (bad url postgres://u:***@db): start it')
  expect(JSON.stringify([error.cause, String(error.cause)])).not.toMatch(/p@ss|p%40ss/)
})
