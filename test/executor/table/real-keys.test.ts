import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tableOf } from '../../../src/cli/options/table-options.js'
import {
  csv,
  type Factors,
  type InputToInspect,
  like,
  runStudy,
  type StudyOptions,
} from '../../../src/entries/executor.js'
import { withClient } from '../../../src/executor/connect.js'
import { othersObjects } from '../../../src/executor/footprint/others-objects.js'
import { readDefinition } from '../../../src/executor/table/define/read-definition.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'

const { server, connection, rows } = useRunningServer(scratchEmbedded)

beforeAll(() =>
  rows(`
    CREATE SCHEMA shop;
    CREATE TABLE shop.customers (id int PRIMARY KEY, "No." int UNIQUE, name text);
    INSERT INTO shop.customers SELECT k, k, 'c' || k FROM generate_series(1, 50) AS k;
    CREATE TABLE shop.days (day date PRIMARY KEY) PARTITION BY RANGE (day);
    CREATE TABLE shop.days_all PARTITION OF shop.days DEFAULT;
    INSERT INTO shop.days SELECT '2026-01-01'::date + k FROM generate_series(0, 9) AS k;
    CREATE TABLE shop.orders (
      id bigint GENERATED ALWAYS AS IDENTITY, day date REFERENCES shop.days, customer int, "No." int, above bigint, above_day date,
      PRIMARY KEY (id, day), CONSTRAINT placed FOREIGN KEY (customer) REFERENCES shop.customers,
      CONSTRAINT "numbered ""by" FOREIGN KEY ("No.") REFERENCES shop.customers ("No."),
      CONSTRAINT above FOREIGN KEY (above, above_day) REFERENCES shop.orders (id, day)
    ) PARTITION BY HASH (id);
    CREATE TABLE shop.orders_0 PARTITION OF shop.orders FOR VALUES WITH (MODULUS 2, REMAINDER 0);
    CREATE TABLE shop.orders_1 PARTITION OF shop.orders FOR VALUES WITH (MODULUS 2, REMAINDER 1);
    ALTER TABLE shop.orders_1 ADD CONSTRAINT part_key FOREIGN KEY (customer) REFERENCES shop.customers ("No.");
    INSERT INTO shop.orders (day, customer, "No.") SELECT '2026-01-01', 1 + k % 50, 7 FROM generate_series(1, 20) AS k`),
)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-real-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Files of 300 orders, which call `act` at each time that they are read. */
function orders(act: () => Promise<unknown> = async () => {}, customers = 50): InputToInspect {
  const files = mkdtempSync(join(folder, 'files-'))
  const lines = Array.from({ length: 300 }, (_, k) => `2026-01-0${1 + (k % 9)},${1 + (k % customers)},7`)
  writeFileSync(join(files, 'orders.csv'), `day,customer,No.\n${lines.join('\n')}\n`)
  const given = csv(files)
  return {
    ...given,
    inspect: async (options) => {
      const input = await given.inspect(options)
      return {
        ...input,
        files: async (reading) =>
          (await input.files(reading)).map((file) => ({
            ...file,
            async *read() {
              await act()
              yield* file.read()
            },
          })),
      }
    },
  }
}

const study = (factors: Factors, more: Partial<StudyOptions> = {}) =>
  runStudy({
    name: 'real',
    server,
    input: orders(),
    table: like('shop.orders', { foreignKeys: 'real' }),
    factors: { workers: 1, batchSize: 100, ...factors },
    blocks: 1,
    warmUpBlocks: 0,
    folder,
    onFound: () => {},
    ...more,
  })

/** What others have of the tables that are referred to. */
const parents = () =>
  rows(`SELECT (SELECT count(*)::int FROM pg_trigger WHERE tgrelid = ANY (parents)) AS triggers,
               (SELECT count(*)::int FROM pg_constraint WHERE confrelid = ANY (parents)) AS keys,
               (SELECT md5(string_agg(customers::text, ',' ORDER BY id)) FROM shop.customers) AS customers,
               (SELECT md5(string_agg(days::text, ',' ORDER BY day)) FROM shop.days) AS days
          FROM (SELECT ARRAY(SELECT oid FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('r', 'p')) AS parents) AS of_all`)

/** Locks that sessions of copylab hold or want on the tables that are referred to. */
const locks = () =>
  rows(`SELECT DISTINCT mode FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE relation IN ('shop.customers'::regclass, 'shop.days'::regclass, 'shop.days_all'::regclass) AND starts_with(application_name, 'copylab/')
           AND mode NOT IN ('AccessShareLock', 'RowShareLock')`)

describe("like(table, { foreignKeys: 'real' })", () => {
  it('refers to the real tables, which others can use between loads and while they last', async () => {
    const before = await parents()
    const seen: unknown[] = []
    let reads = 0
    const act = async (): Promise<void> => {
      reads++
      seen.push(await locks())
      seen.push(await withClient(connection().config, (client) => othersObjects(client, 'copylab_real')))
      await rows(`SET lock_timeout = '1s'; UPDATE shop.customers SET name = name; INSERT INTO shop.customers VALUES (99, 99, 'new'); DELETE FROM shop.customers WHERE id = 99;
                  SELECT count(*) FROM shop.days`)
    }
    const layout = { default: {}, bare: { without: ['placed'], partitions: { count: 0 } } }
    const factors = { existingRows: [0, 50], indexBuild: ['before', 'after'], layout } as const
    const { trials, plan } = await study(factors, { input: orders(act), yes: true, blocks: 2 })
    expect(trials.map(({ state }) => state)).toEqual(Array.from({ length: 16 }, () => 'completed'))
    expect(reads).toBeGreaterThan(16)
    expect(seen).toEqual(seen.map(() => []))
    expect(plan.definition).toMatchObject({ source: { like: 'shop.orders', foreignKeys: 'real' }, prepare: [] })
    expect(plan.definition!.references!.map(({ name, table, columns, to }) => [name, table, columns, to])).toEqual([
      ['orders_day_fkey', '{table}', ['day'], 'shop.days'],
      ['placed', '{table}', ['customer'], 'shop.customers'],
      ['numbered "by', '{table}', ['No.'], 'shop.customers'],
      ['part_key', '{schema}."orders_1"', ['customer'], 'shop.customers'],
    ])
    expect(await parents()).toEqual(before)
    const copies = await study(factors, { table: like('shop.orders', { foreignKeys: 'copies' }) })
    expect(copies.plan.definition).toMatchObject({ source: { like: 'shop.orders' } })
    expect(copies.plan.definition!.references).toBeUndefined()
    expect(copies.plan.hash).not.toBe(plan.hash)
  })

  it('needs consent, but not where no layout refers to others', async () => {
    await expect(study({})).rejects.toThrow(
      /^Nothing was done yet: The table of each trial refers to tables that are not copylab's: shop\.days \(by orders_day_fkey\), shop\.customers \(by placed\), .* To allow it: --yes/,
    )
    const asked: string[] = []
    await expect(study({}, { yes: (text) => asked.push(text) === 0 })).rejects.toThrow('Nothing was done: The table of')
    expect(asked).toHaveLength(1)
    await rows(
      'CREATE TABLE shop.notes (day date, customer int, "No." int, CONSTRAINT placed FOREIGN KEY (customer) REFERENCES shop.customers)',
    )
    const table = like('shop.notes', { foreignKeys: 'real' })
    const { trials } = await study({ layout: { bare: { without: ['placed'] } } }, { table })
    expect(trials.map(({ state }) => state)).toEqual(['completed'])
  })

  it('fails a trial whose records refer to no row', async () => {
    const before = await parents()
    const { trials } = await study({ indexBuild: ['before', 'after'] }, { input: orders(undefined, 60), yes: true })
    const found = trials.map((trial) => (trial.state === 'failed' ? trial.error.message : ''))
    expect(found.sort()).toEqual([
      expect.stringMatching(
        /^The table's keys, indexes or checks do not allow .*Key \(customer\)=\(51\) is not present/,
      ),
      expect.stringMatching(/^Worker 0 failed in batch 0, .*violates foreign key constraint/),
    ])
    expect(await parents()).toEqual(before)
  })

  it('needs the right to refer to them', async () => {
    await withClient(connection().config, async (client) => {
      await client.query(`CREATE ROLE copylab_referrer; GRANT USAGE ON SCHEMA shop TO copylab_referrer;
                          GRANT SELECT ON ALL TABLES IN SCHEMA shop TO copylab_referrer; GRANT REFERENCES ON shop.days TO copylab_referrer;
                          SET ROLE copylab_referrer`)
      try {
        await expect(readDefinition(client, { like: 'shop.orders', foreignKeys: 'real' })).rejects.toThrow(
          "The foreign key placed refers to shop.customers, to whose key copylab_referrer may not refer: let its owner GRANT REFERENCES (id) ON shop.customers TO copylab_referrer, or let foreign keys refer to copies (`foreignKeys: 'copies'`, --foreign-keys copies)",
        )
        expect((await readDefinition(client, { like: 'shop.orders' })).prepare).not.toEqual([])
      } finally {
        await client.query('RESET ROLE; DROP OWNED BY copylab_referrer; DROP ROLE copylab_referrer')
      }
    })
  })

  it('is refused for another word, and on the command line without a table', () => {
    expect(() => like('shop.orders', { foreignKeys: 'none' as 'real' })).toThrow(
      "Expected `foreignKeys` to be 'copies' or 'real', got \"none\"",
    )
    expect(like('shop.orders', { foreignKeys: 'copies' })).toEqual({ like: 'shop.orders' })
    expect(tableOf({ like: 'shop.orders', foreignKeys: 'real' })).toEqual({ like: 'shop.orders', foreignKeys: 'real' })
    for (const flags of [{ foreignKeys: 'real' }, { foreignKeys: 'copies', ddl: 'orders.sql' }]) {
      expect(() => tableOf(flags)).toThrow('Expected --foreign-keys with --like')
    }
  })
})
