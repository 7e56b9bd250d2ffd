import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { packConfig, unpackConfig } from '../../../src/executor/calls/packed-config.js'
import { withClient } from '../../../src/executor/connect.js'
import { DatabaseError } from '../../../src/executor/errors.js'
import { withRelay } from '../../../src/executor/interventions/relay/relay.js'
import { roundTripOf } from '../../../src/executor/interventions/relay/round-trip.js'
import { copyWith } from '../../../src/executor/load/copy.js'
import { embedded } from '../../../src/executor/server/embedded.js'
import { ownConfig } from '../../../src/executor/server/reach/own-config.js'
import { url } from '../../../src/executor/server/url.js'
import { projectRoot } from '../../../src/project.js'
import { useRunningServer } from '../running-server.js'

// A server of its own, since its configuration is changed.
const servers = mkdtempSync(join(tmpdir(), 'copylab-tls-'))
// Of the hooks after all tests the last one runs first, so this one when the server has stopped.
afterAll(() => rmSync(servers, { recursive: true }))
const { rows, connection } = useRunningServer(embedded({ folder: servers }))
const fixture = (name: string) => join(projectRoot, 'test', 'fixtures', 'tls', name)
const root = fixture('root.crt')

/** A home folder with nothing in it. */
let home: string
let data: string
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'copylab-tls-'))
  data = Object.values((await rows('SHOW data_directory'))[0]!)[0]
  // Where the server runs as another user, the key must be that user's.
  for (const file of ['right', 'wrong', 'self-signed'].flatMap((name) => [`${name}.crt`, `${name}.key`])) {
    copyFileSync(fixture(file), join(data, file))
    const { uid, gid } = statSync(data)
    chownSync(join(data, file), uid, gid)
    if (file.endsWith('.key')) chmodSync(join(data, file), 0o600)
  }
  copyFileSync(join(data, 'pg_hba.conf'), join(home, 'pg_hba.conf'))
})
afterAll(() => {
  rmSync(home, { recursive: true })
})
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (/^PG|^DATABASE_URL$/.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('HOME', home)
})
afterEach(() => vi.unstubAllEnvs())

/** Makes the server read its configuration, and waits until it has. */
async function reload(): Promise<void> {
  const loaded = async () => Object.values((await rows('SELECT pg_conf_load_time()::text'))[0]!)[0]
  const before = await loaded()
  await rows('SELECT pg_reload_conf()')
  await vi.waitFor(async () => expect(await loaded()).not.toBe(before), { timeout: 30_000 })
}

async function serve(certificate: string | null): Promise<void> {
  if (certificate !== null) {
    await rows(`ALTER SYSTEM SET ssl_cert_file = '${certificate}.crt'`)
    await rows(`ALTER SYSTEM SET ssl_key_file = '${certificate}.key'`)
  }
  await rows(`ALTER SYSTEM SET ssl = ${certificate === null ? 'off' : 'on'}`)
  await reload()
}

const parameters = (query: Record<string, string | undefined>) =>
  Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value!)}`)
    .join('&')

const address = (query: Record<string, string | undefined>) => {
  const { user, password, port } = connection().config
  return `postgresql://${user}:${password}@127.0.0.1:${port}/copylab?${parameters(query)}`
}

/**
 * "TLS" or "plain" where it connects, as the server sees a connection of copylab's own; else what
 * is said.
 */
async function outcome(query: Record<string, string | undefined>): Promise<string> {
  try {
    return await url(address(query)).use((made) =>
      withClient(ownConfig(made, 'copylab/tls'), async (client) => {
        const found = await client.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
        return found.rows[0]!.ssl ? 'TLS' : 'plain'
      }),
    )
  } catch (error) {
    if (!(error instanceof DatabaseError || error instanceof TypeError)) throw error
    expect(error.message).not.toContain(connection().config.password)
    return error.message
  }
}

const noTls = /does not speak TLS: connect with sslmode=disable/
const untrusted = /is not trusted \(.*\): give its authority by sslrootcert/
const otherName = /is for another name .*: connect by a name that it is for, or with sslmode=verify-ca/
const noRoot = /Expected sslrootcert of .* to name the certificate of the server's authority/

type Said = 'TLS' | 'plain' | RegExp
/** By libpq's table: mode, without and with a root certificate. */
const table: Record<string, Record<string, readonly [Said, Said]>> = {
  'no TLS': {
    disable: ['plain', 'plain'],
    prefer: ['plain', 'plain'],
    require: [noTls, noTls],
    'no-verify': [noTls, noTls],
    'verify-ca': [noRoot, noTls],
    'verify-full': [noRoot, noTls],
  },
  'self-signed': {
    disable: ['plain', 'plain'],
    prefer: ['TLS', 'TLS'],
    require: ['TLS', untrusted],
    'no-verify': ['TLS', 'TLS'],
    'verify-ca': [noRoot, untrusted],
    'verify-full': [noRoot, untrusted],
  },
  wrong: {
    disable: ['plain', 'plain'],
    prefer: ['TLS', 'TLS'],
    require: ['TLS', 'TLS'],
    'no-verify': ['TLS', 'TLS'],
    'verify-ca': [noRoot, 'TLS'],
    'verify-full': [noRoot, otherName],
  },
  right: {
    disable: ['plain', 'plain'],
    prefer: ['TLS', 'TLS'],
    require: ['TLS', 'TLS'],
    'no-verify': ['TLS', 'TLS'],
    'verify-ca': [noRoot, 'TLS'],
    'verify-full': [noRoot, 'TLS'],
  },
}

test('COPYs are sent ahead over TLS, and none is lost or doubled', async () => {
  await serve('right')
  await url(address({ sslmode: 'require' })).use((made) =>
    withClient(ownConfig(made, 'copylab/tls'), async (client) => {
      await client.query('CREATE TEMP TABLE ahead (n int)')
      const copy = copyWith(client, 'COPY ahead FROM STDIN')
      const sizes = [100_000, 1, 200_000, 10]
      const payload = (size: number, k: number) =>
        Buffer.from(Array.from({ length: size }, (_, n) => `${k * 1_000_000 + n}\n`).join(''))
      const never = new AbortController().signal
      const done = await Promise.all(sizes.map((size, k) => copy(payload(size, k), size, never)))
      expect(done.map(({ records }) => records)).toEqual(sizes)
      const { rows: found } = await client.query(
        'SELECT count(*)::int AS all, count(DISTINCT n)::int AS different, ssl FROM ahead, pg_stat_ssl WHERE pid = pg_backend_pid() GROUP BY ssl',
      )
      expect(found).toEqual([{ all: 300_011, different: 300_011, ssl: true }])
    }),
  )
})

test('a relay lets TLS pass through, for the name that the certificate is for', async () => {
  await serve('right')
  await url(address({ sslmode: 'verify-full', sslrootcert: root })).use((made) =>
    withRelay(made.config, [10], (relay) => {
      const packed = packConfig({ ...ownConfig(made, 'copylab/tls'), relayPort: relay.portOf(10) }, 'thread')
      return withClient(unpackConfig(structuredClone(packed)), async (client) => {
        expect(await roundTripOf(client)).toBeGreaterThan(9)
        const { rows: found } = await client.query(
          'SELECT ssl, client_port FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()',
        )
        expect(found).toMatchObject([{ ssl: true }])
        expect(found[0].client_port).not.toBe((client.connection.stream as TLSSocket).localPort)
      })
    }),
  )
})

describe.each(Object.entries(table))('a server with the certificate: %s', (certificate, modes) => {
  beforeAll(() => serve(certificate === 'no TLS' ? null : certificate))

  test.each(Object.entries(modes))('sslmode=%s means what libpq means', async (sslmode, [without, withRoot]) => {
    expect(await outcome({ sslmode })).toMatch(without)
    vi.stubEnv('PGSSLROOTCERT', root)
    expect(await outcome({ sslmode })).toMatch(withRoot)
  })
})

describe('a server with the right certificate', () => {
  test('no sslmode is no TLS; where an authority is named, all is checked', async () => {
    expect(await outcome({})).toBe('plain')
    expect(await outcome({ sslrootcert: root })).toBe('TLS')
    vi.stubEnv('PGSSLMODE', 'require')
    expect(await outcome({})).toBe('TLS')
    vi.stubEnv('PGSSLMODE', undefined)
    expect(await outcome({ sslrootcert: fixture('other-root.crt') })).toMatch(untrusted)
  })

  test('another authority is not trusted where the mode checks', async () => {
    const sslrootcert = fixture('other-root.crt')
    expect(await outcome({ sslmode: 'prefer', sslrootcert })).toBe('TLS')
    for (const sslmode of ['require', 'verify-ca', 'verify-full'])
      expect(await outcome({ sslmode, sslrootcert })).toMatch(untrusted)
  })

  test('the root certificate of the home folder counts where none is named', async () => {
    mkdirSync(join(home, '.postgresql'))
    try {
      copyFileSync(fixture('other-root.crt'), join(home, '.postgresql', 'root.crt'))
      expect(homedir()).toBe(home)
      for (const sslmode of ['require', 'verify-ca', 'verify-full'])
        expect(await outcome({ sslmode })).toMatch(untrusted)
      expect(await outcome({ sslmode: 'require', sslrootcert: root })).toBe('TLS')
      copyFileSync(root, join(home, '.postgresql', 'root.crt'))
      expect(await outcome({ sslmode: 'verify-full' })).toBe('TLS')
    } finally {
      rmSync(join(home, '.postgresql'), { recursive: true })
    }
  })

  test('sslrootcert=system means the authorities that Node.js knows, with verify-full alone', async () => {
    expect(await outcome({ sslrootcert: 'system' })).toMatch(untrusted)
    expect(await outcome({ sslmode: 'verify-full', sslrootcert: 'system' })).toMatch(untrusted)
    expect(await outcome({ sslmode: 'require', sslrootcert: 'system' })).toMatch(/to be system only with/)
  })

  test('sslnegotiation=direct asks for TLS', async () => {
    expect(await outcome({ sslmode: 'require', sslnegotiation: 'direct' })).toBe('TLS')
    expect(await outcome({ sslmode: 'prefer', sslnegotiation: 'direct' })).toMatch(/direct only with sslmode=require/)
    expect(await outcome({ sslmode: 'require', sslnegotiation: 'mine' })).toMatch(
      /to be postgres or direct, got "mine"/,
    )
  })

  test('what cannot be followed names itself', async () => {
    expect(await outcome({ sslmode: 'allow' })).toMatch(/^Expected sslmode of .* to be a mode other than allow/)
    expect(await outcome({ sslmode: 'unknown' })).toMatch(
      /to be one of disable, prefer, require, no-verify, verify-ca, verify-full, got "unknown"/,
    )
    vi.stubEnv('PGSSLMODE', 'on')
    expect(await outcome({})).toMatch(/^Expected PGSSLMODE to be one of disable, .*, got "on"/)
    vi.stubEnv('PGSSLMODE', undefined)
    expect(await outcome({ sslmode: 'verify-ca', sslrootcert: join(home, 'none.crt') })).toMatch(/sslrootcert .*ENOENT/)
    expect(await outcome({ sslmode: 'verify-ca', sslrootcert: fixture('make.sh') })).toMatch(/a file with certificates/)
  })

  test('a server that takes only TLS, or none, is reached as prefer does it, and a client certificate is shown', async () => {
    const only = (line: string) => {
      writeFileSync(join(data, 'pg_hba.conf'), `${line}\nhost copylab copylab 127.0.0.1/32 scram-sha-256\n`)
    }
    try {
      await rows(`ALTER SYSTEM SET ssl_ca_file = '${root}'`)
      await rows("CREATE ROLE encrypted LOGIN PASSWORD 'tls-secret' SUPERUSER")
      const as = (query: Record<string, string>) => ({ ...query, user: 'encrypted', password: 'tls-secret' })
      only('hostssl all encrypted 127.0.0.1/32 scram-sha-256')
      await reload()
      expect(await outcome(as({ sslmode: 'disable' }))).toMatch(/does not let this user in .* or sslmode/)
      expect(await outcome(as({ sslmode: 'prefer' }))).toBe('TLS')
      only('hostnossl all encrypted 127.0.0.1/32 scram-sha-256')
      await reload()
      expect(await outcome(as({ sslmode: 'require' }))).toMatch(/does not let this user in/)
      expect(await outcome(as({ sslmode: 'prefer' }))).toBe('plain')
      only('hostssl all encrypted 127.0.0.1/32 scram-sha-256 clientcert=verify-ca')
      await reload()
      const shown = { sslmode: 'require', sslcert: fixture('client.crt'), sslkey: fixture('client-locked.key') }
      expect(await outcome(as({ sslmode: 'require' }))).toMatch(/certificate/)
      expect(await outcome(as({ ...shown, sslpassword: 'fixture' }))).toBe('TLS')
      expect(await outcome(as({ ...shown, sslpassword: 'guess' }))).toMatch(/takes sslpassword/)
    } finally {
      copyFileSync(join(home, 'pg_hba.conf'), join(data, 'pg_hba.conf'))
      await reload()
      await rows('DROP ROLE IF EXISTS encrypted')
    }
  })
})
