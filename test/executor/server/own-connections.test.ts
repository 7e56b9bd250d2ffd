import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '../../../src/executor/connect.js'
import { csv } from '../../../src/executor/input/csv/csv.js'
import type { Input, InputToInspect } from '../../../src/executor/input/input.js'
import { synthetic } from '../../../src/executor/input/synthetic/synthetic.js'
import { runTrial } from '../../../src/executor/run-trial.js'
import { ownConfig } from '../../../src/executor/server/reach/own-config.js'
import { url } from '../../../src/executor/server/url.js'
import type { Factors } from '../../../src/study/design.js'
import { useRunningServer } from '../running-server.js'

const { rows, connection } = useRunningServer()

/** Every type whose text could be read in another way, three records of each. */
const types = {
  id: ['int8', '1', '2', '3'],
  day: ['date', '2001-02-03', '1999-12-31', ''],
  at: ['timestamp', '2001-02-03T04:05:06.789', '0044-03-15T12:00:00', ''],
  zoned: ['timestamptz', '2001-02-03T04:05:06.789Z', '2001-07-03T04:05:06+05:30', ''],
  real4: ['float4', '1.5e-38', '3.4028235e38', 'NaN'],
  real8: ['float8', '0.1', '1.7976931348623157e308', '-Infinity'],
  exact: ['numeric', '1234567890.0123456789', '-0.00', ''],
  bytes: ['bytea', '\\x00ff5c', '\\x', ''],
  words: ['text', 'Peñaranda 😀', 'a\\b', ''],
  list: ['int4[]', '"{1,NULL,3}"', '{}', ''],
  names: ['text[]', '"{""NULL"",NULL,""a,b""}"', '{x}', ''],
  days: ['date[]', '"{2001-02-03,NULL}"', '{}', ''],
  json: ['jsonb', '"{""a"": 1.50}"', 'null', ''],
} as const

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-own-'))
  const lines = [1, 2, 3].map((line) => Object.values(types).map((column) => column[line]!))
  writeFileSync(join(folder, 'a.csv'), lines.map((fields) => `${fields.join(',')}\n`).join(''))
})
afterAll(() => rmSync(folder, { recursive: true }))

const input = () =>
  csv(folder, {
    columns: Object.entries(types).map(([name, [type]]) => ({ name, type })),
    primaryKey: ['id'],
    header: false,
  })

const role = 'copylab_test_odd'
const odd = () => {
  const { port } = connection().config
  return url(`postgres://${role}:odd-secret@127.0.0.1:${port}/copylab`)
}
beforeAll(async () => {
  await rows(`DROP ROLE IF EXISTS ${role}`)
  await rows(`CREATE ROLE ${role} LOGIN PASSWORD 'odd-secret'; GRANT CREATE ON DATABASE copylab TO ${role}`)
})
afterAll(async () => {
  await rows(`DROP SCHEMA IF EXISTS copylab_test_shadow CASCADE; REVOKE CREATE ON DATABASE copylab FROM ${role}`)
  await rows(`DROP ROLE ${role}`)
})
afterEach(() => rows(`ALTER ROLE ${role} RESET ALL`))

/** The records that are verified in the table, or what failed. */
async function loaded(treatment: Factors = {}, own: Input | InputToInspect = input()): Promise<number | string> {
  const trial = await runTrial({ server: odd(), input: own, treatment: { workers: 2, batchSize: 1_000, ...treatment } })
  return trial.state === 'completed' ? trial.records : trial.error.message
}

const settings = {
  statement_timeout: '20ms',
  lock_timeout: '1ms',
  idle_session_timeout: '100ms',
  idle_in_transaction_session_timeout: '1ms',
  transaction_timeout: '20ms',
  array_nulls: 'off',
  bytea_output: 'escape',
  client_encoding: 'LATIN1',
  client_min_messages: 'debug5',
  DateStyle: 'SQL, DMY',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  exit_on_error: 'on',
  extra_float_digits: '-15',
  IntervalStyle: 'sql_standard',
  quote_all_identifiers: 'on',
  row_security: 'off',
  search_path: '',
  standard_conforming_strings: 'off',
  synchronous_commit: 'off',
  TimeZone: 'Asia/Kathmandu',
  transform_null_equals: 'on',
  xmloption: 'document',
}
const set = (name: string, value: string) => rows(`ALTER ROLE ${role} SET ${name} = '${value}'`)

describe('whatever a role has set, records load and verify', () => {
  test.each(Object.entries(settings))('%s = %s', async (name, value) => {
    await set(name, value)
    expect(await loaded()).toBe(3)
  })

  test.each<Factors>([{ encoding: 'text', client: 'threads' }, { encoding: 'binary' }])(
    'all of them at once, with %o',
    async (treatment) => {
      for (const [name, value] of Object.entries(settings)) await set(name, value)
      expect(await loaded(treatment)).toBe(3)
    },
  )

  test('functions of the same name in a schema that its search path puts first', async () => {
    await rows(`CREATE SCHEMA copylab_test_shadow; GRANT USAGE ON SCHEMA copylab_test_shadow TO ${role};
      CREATE FUNCTION copylab_test_shadow.hashtext(text) RETURNS int LANGUAGE sql AS 'SELECT 1 / 0';
      CREATE FUNCTION copylab_test_shadow.pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION copylab_test_shadow.current_setting(text) RETURNS text LANGUAGE sql AS $$SELECT 'shadow'$$;
      CREATE VIEW copylab_test_shadow.pg_stat_activity AS SELECT 1 AS nothing`)
    try {
      await rows(`ALTER ROLE ${role} SET search_path = copylab_test_shadow, pg_catalog`)
      expect(await loaded()).toBe(3)
    } finally {
      await rows('DROP SCHEMA copylab_test_shadow CASCADE')
    }
  })

  test('time-outs of the whole database, with more records than they leave time for', async () => {
    try {
      for (const [name, value] of [
        ['statement_timeout', '1ms'],
        ['idle_session_timeout', '300ms'],
        ['transaction_timeout', '20ms'],
      ])
        await rows(`ALTER DATABASE copylab SET ${name} = '${value}'`)
      expect(await loaded({}, synthetic({ records: 100_000, width: 40 }))).toBe(100_000)
    } finally {
      await rows('ALTER DATABASE copylab RESET ALL')
    }
  })
})

describe('ownConfig', () => {
  const shown = (config: ReturnType<typeof ownConfig>) =>
    withClient(config, async (client) => {
      const names = ['application_name', 'lock_timeout', 'statement_timeout', 'transaction_timeout', 'search_path']
      const { rows: found } = await client.query<{ value: string }>(
        'SELECT current_setting(name) AS value FROM unnest($1::text[]) WITH ORDINALITY AS n (name, k) ORDER BY k',
        [names],
      )
      return found.map(({ value }) => value)
    })
  const expected = ['copylab/x', '10s', '7s', '0', 'pg_catalog, pg_temp']
  const given = { lock_timeout: '10s', statement_timeout: '7s' }

  test('lets what is given win over what copylab counts on, and both over the options of the address', async () => {
    const config = { ...connection().config, options: '-c lock_timeout=1s -c search_path=public' }
    expect(await shown(ownConfig({ ...connection(), config }, 'copylab/x', given))).toEqual(expected)
  })

  test('sets the same afterwards where a pooler starts connections, and before the version is known', async () => {
    await rows(`ALTER ROLE ${role} SET transaction_timeout = '20ms'`)
    const { config } = await odd().use(async (own) => own)
    expect(await shown(ownConfig({ ...connection(), config, pooled: true }, 'copylab/x', given))).toEqual(expected)
    expect(await shown(ownConfig({ config }, 'copylab/x', given))).toEqual(expected)
  })
})
