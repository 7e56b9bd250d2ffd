import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CompletedTrial,
  csv,
  ddl,
  type Factors,
  like,
  runStudy,
  type StudyOptions,
  withTrials,
} from '../../../src/entries/executor.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'

const { server, rows } = useRunningServer(scratchEmbedded)

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-worker-tables-'))
  mkdirSync(join(folder, 'files'))
  for (const file of [0, 1, 2]) {
    const lines = Array.from({ length: 400 }, (_, k) => `${400 * file + k},${k % 50},note ${k}`)
    writeFileSync(join(folder, 'files', `${file}.csv`), `id,customer,note\n${lines.join('\n')}\n`)
  }
  await rows(`
    CREATE SCHEMA shop;
    CREATE TABLE shop.customers (id int PRIMARY KEY);
    INSERT INTO shop.customers SELECT generate_series(0, 49);
    CREATE TABLE shop.orders (
      id bigint PRIMARY KEY,
      customer int NOT NULL CONSTRAINT customer_key REFERENCES shop.customers,
      note text CHECK (note <> 'none') NO INHERIT,
      number serial,
      again bigint GENERATED ALWAYS AS IDENTITY,
      loud text GENERATED ALWAYS AS (upper(note)) STORED,
      at int4range DEFAULT int4range(1, 2),
      previous bigint CONSTRAINT previous_key REFERENCES shop.orders
    ) WITH (fillfactor = 70, toast.autovacuum_enabled = false);
    CREATE INDEX orders_note_idx ON shop.orders (lower(note)) WHERE customer > 3;
    CREATE STATISTICS shop.related ON customer, note FROM shop.orders;
    INSERT INTO shop.orders (id, customer, note) SELECT 1000000 + k, k % 50, 'old' FROM generate_series(1, 100) AS k;
    CREATE FUNCTION shop.shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := NEW.note || '!'; RETURN NEW; END $$;
    CREATE TRIGGER shouting BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.shout();
    CREATE TABLE shop.by_day (id bigint, customer int, note text) PARTITION BY HASH (id);
    CREATE TABLE shop.by_day_0 PARTITION OF shop.by_day FOR VALUES WITH (MODULUS 1, REMAINDER 0)`)
})
afterAll(() => rmSync(folder, { recursive: true }))

const keyed = () => csv(join(folder, 'files'), { primaryKey: ['id'] })

const apart = { without: ['previous_key'] }
const shouting = { ...apart, triggers: ['shouting'] }
const study = (factors: Factors, more: Partial<StudyOptions> = {}) =>
  runStudy({
    name: 'apart',
    server,
    input: csv(join(folder, 'files')),
    table: like('shop.orders'),
    factors,
    blocks: 1,
    warmUpBlocks: 0,
    folder,
    onFound: () => {},
    ...more,
  })

const refusal = (factors: Factors, more: Partial<StudyOptions> = {}) =>
  study({ batchSize: 500, ...factors }, more).then(
    () => 'accepted',
    ({ message }: Error) => message,
  )

/** The schema of the trials that run. */
const trialSchema = async (): Promise<string> => {
  const [{ schema }] = (await rows(
    "SELECT quote_ident(nspname) AS schema FROM pg_namespace WHERE starts_with(nspname, 'copylab_trial-')",
  )) as [{ schema: string }]
  return schema
}

describe("tables: 'per-worker'", () => {
  it('gives each worker a table of equal definition, which a study verifies together', async () => {
    const found = await study({
      workers: 2,
      batchSize: 100,
      tables: ['one', 'per-worker'],
      client: ['event-loop', 'threads'],
      indexBuild: ['before', 'after'],
      persistence: 'unlogged',
      layout: { apart },
    })
    expect(found.trials.map((trial) => (trial.state === 'failed' ? trial.error.message : trial.records))).toEqual(
      Array.from({ length: 8 }, () => 1_200),
    )
  })

  it.each(['event-loop', 'threads'] as const)('lets each worker fill its own alone, on %s', async (client) => {
    const treatment = { workers: 3, batchSize: 100, client, tables: 'per-worker', layout: { shouting } } as const
    await withTrials(
      { server, input: csv(join(folder, 'files')), table: like('shop.orders'), treatments: [treatment] },
      async (run) => {
        const trial = (await run({ treatment })) as CompletedTrial
        const schema = await trialSchema()
        const loaded = await rows(
          `SELECT tableoid::regclass::text AS name, count(*)::int AS records FROM ${schema}.records GROUP BY 1 ORDER BY 1`,
        )
        const perWorker = [0, 1, 2].map((worker) => ({
          name: `${schema}.records_worker_${worker}`,
          records: trial.parts.reduce((sum, part) => sum + (part.worker === worker ? part.records : 0), 0),
        }))
        expect(loaded).toEqual(perWorker)
        expect(await rows(`SELECT count(*)::int AS loud FROM ${schema}.records WHERE note LIKE '%!'`)).toEqual([
          { loud: 1_200 },
        ])
        const of = (table: string) =>
          rows(`SELECT relpersistence, reloptions, (SELECT reloptions FROM pg_class AS toast WHERE toast.oid = own.reltoastrelid) AS toast,
            (SELECT json_agg(json_build_array(attname, atttypid::regtype, attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid)) ORDER BY attnum)
               FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = own.oid AND attnum > 0) AS columns,
            (SELECT json_agg(pg_get_constraintdef(pg_constraint.oid) ORDER BY contype, conname) FROM pg_constraint WHERE conrelid = own.oid AND contype <> 'n') AS constraints,
            (SELECT json_agg(regexp_replace(pg_get_indexdef(indexrelid), 'INDEX .* USING', 'USING') ORDER BY indexrelid) FROM pg_index WHERE indrelid = own.oid) AS indexes,
            (SELECT count(*) FROM pg_statistic_ext WHERE stxrelid = own.oid) AS statistics
          FROM pg_class AS own WHERE oid = '${schema}.${table}'::regclass`)
        const whole = await of('records')
        expect(whole).toMatchObject([{ statistics: '1' }])
        for (const worker of [0, 1, 2]) expect(await of(`records_worker_${worker}`)).toEqual(whole)
        const sizes = await rows(
          `SELECT sum(pg_relation_size(oid))::float8 AS "tableBytes", sum(pg_indexes_size(oid))::float8 AS "indexBytes"
           FROM pg_class WHERE oid IN ('${schema}.records'::regclass, '${schema}.records_worker_0'::regclass, '${schema}.records_worker_1'::regclass, '${schema}.records_worker_2'::regclass)`,
        )
        expect([{ tableBytes: trial.tableBytes, indexBytes: trial.indexBytes }]).toEqual(sizes)
        expect(trial.indexSizes!.map(({ name }) => name)).toEqual(['orders_note_idx', 'orders_pkey'])
        expect(trial.indexSizes!.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(trial.indexBytes)
        expect(trial.missing.triggerMs).toBeUndefined()
        expect(trial.triggerMs).toBeGreaterThan(0)
      },
    )
  })

  it('is refused where tables of workers cannot be, with the reason and the remedy', async () => {
    const each = { workers: 2, tables: 'per-worker' } as const
    expect(await refusal(each)).toContain('whose foreign key `previous_key` refers to itself')
    expect(await refusal({ ...each, layout: { apart }, existingRows: 10 })).toContain(
      "Expected no `existingRows` with `tables: 'per-worker'`, got 10",
    )
    expect(await refusal(each, { table: like('shop.by_day') })).toContain(
      "Expected `tables: 'one'` of a table with partitions, got 'per-worker'",
    )
    expect(await refusal({ ...each, layout: { parts: { partitions: { count: 2 } } } }, { table: undefined })).toContain(
      "Expected `tables: 'one'` of a table with partitions",
    )
    expect(
      await refusal({ ...each, layout: { plain: { partitions: { count: 0 } } } }, { table: like('shop.by_day') }),
    ).toBe('accepted')
    const spread = { layout: { spread: { ...apart, distribute: 'id' } } }
    expect(await refusal({ ...each, ...spread })).toContain("Expected `tables: 'one'` of a distributed table")
    expect(await refusal({ workers: 1, freeze: true, ...spread })).toContain(
      'Expected `freeze` off for a distributed table',
    )
    expect(await refusal({ ...each, workers: [1, 2], existingRows: [0, 10], layout: { apart } })).toBe('accepted')
  })

  it('is refused with `freeze` where PostgreSQL does not allow it', async () => {
    const frozen = { workers: 2, freeze: true } as const
    expect(await refusal(frozen)).toContain(
      "got 2 workers of one table: each would wait for the other's TRUNCATE; add `tables: 'per-worker'`",
    )
    expect(await refusal({ ...frozen, workers: 1, existingRows: 10 })).toContain(
      'Expected `freeze` off with `existingRows`, got on with 10',
    )
    expect(await refusal({ ...frozen, workers: 1 }, { table: like('shop.by_day') })).toContain(
      'Expected `freeze` off for a table with partitions',
    )
    expect(await refusal({ ...frozen, workers: 1 })).toBe('accepted')
    expect(await refusal({ ...frozen, target: ['table', 'nothing'], tables: 'per-worker', layout: { apart } })).toBe(
      'accepted',
    )
  })
})

describe('a layout with partitions', () => {
  it.each([
    [
      'of a table like another',
      { table: like('shop.orders'), layout: { ...apart, without: ['previous_key', 'orders_note_check'] } },
    ],
    [
      'of one by DDL',
      {
        table: ddl(`CREATE TABLE {table} (id bigint PRIMARY KEY, customer int NOT NULL, note text, number serial);
          CREATE INDEX orders_note_idx ON {table} (note)`),
        layout: {},
      },
    ],
    ['of one that fits the input', { table: undefined, layout: {} }],
  ])('has as many, %s', async (_, { table, layout }) => {
    const treatment = {
      workers: 2,
      batchSize: 100,
      persistence: 'unlogged',
      indexBuild: 'after',
      ...(table && 'like' in table ? { existingRows: 50 } : {}),
      layout: { parts: { ...layout, partitions: { count: 4, by: ['id'] } } },
    } as const
    const input = table ? csv(join(folder, 'files')) : keyed()
    await withTrials({ server, input, table, treatments: [treatment] }, async (run) => {
      expect(await run({ treatment })).toMatchObject({ state: 'completed', records: 1_200 })
      const schema = await trialSchema()
      const held = 1_200 + ('existingRows' in treatment ? 50 : 0)
      expect(
        await rows(`SELECT pg_get_partkeydef(oid) AS key, (SELECT count(*)::int FROM ${schema}.records) AS held,
          (SELECT array_agg(DISTINCT relpersistence::text || array_to_string(reloptions, ' ')) FROM pg_inherits JOIN pg_class ON oid = inhrelid
           WHERE inhparent = '${schema}.records'::regclass) AS leaves,
          (SELECT count(DISTINCT tableoid)::int FROM ${schema}.records) AS filled,
          (SELECT count(*)::int FROM pg_class WHERE relname = 'records_before') AS before
          FROM pg_class WHERE oid = '${schema}.records'::regclass`),
      ).toEqual([
        {
          key: 'HASH (id)',
          held,
          leaves: [table && 'like' in table ? 'ufillfactor=70 autovacuum_enabled=false' : 'uautovacuum_enabled=false'],
          filled: 4,
          before: 0,
        },
      ])
      const names = await rows(`SELECT relname::text AS name FROM pg_index JOIN pg_class ON oid = indexrelid
        WHERE indrelid = '${schema}.records'::regclass ORDER BY relname`)
      const key = table && 'like' in table ? 'orders_pkey' : 'records_pkey'
      expect(names.map((row) => Object.values(row)[0])).toEqual(table ? ['orders_note_idx', key].sort() : [key])
    })
  })

  it.each([
    ['like another', like('shop.by_day')],
    [
      'by DDL',
      ddl(`CREATE TABLE {table} (id bigint, customer int, note text, PRIMARY KEY (id)) PARTITION BY HASH (id);
        CREATE TABLE first PARTITION OF {table} FOR VALUES WITH (MODULUS 1, REMAINDER 0)`),
    ],
  ])('has none, or others, where the count says so, of a table %s', async (_, table) => {
    const found = await study(
      {
        workers: 1,
        batchSize: 400,
        layout: { default: {}, plain: { partitions: { count: 0 } }, more: { partitions: { count: 3, by: ['id'] } } },
      },
      { name: 'none', table },
    )
    expect(found.trials.map((trial) => (trial.state === 'failed' ? trial.error.message : trial.records))).toEqual([
      1_200, 1_200, 1_200,
    ])
  })

  it('is refused where the table cannot have them', async () => {
    const by = (partitions: { count: number; by?: string[] }, more: Partial<StudyOptions> = {}, without?: string[]) =>
      refusal({ workers: 1, layout: { parts: { partitions, ...(without ? { without } : {}) } } }, more)
    const plain = { table: undefined }
    const byId = { ...plain, input: keyed() }
    expect(await by({ count: 0 })).toContain('since the table has none that it could be without')
    expect(await by({ count: 2, by: ['customer'] })).toContain(
      'got `customer`, which orders_pkey (`id`) lacks: take columns of the key, or a layout without it',
    )
    expect(await by({ count: 2, by: ['custome'] }, byId)).toContain('did you mean `customer`?')
    expect(await by({ count: 2, by: ['customer'] }, byId)).toContain('which the primary key (`id`) lacks')
    expect(await by({ count: 2 }, plain)).toContain('to name columns, since its table has no primary key')
    expect(await by({ count: 2 })).toContain('Expected the layout `parts` without `orders_note_check`')
    expect(await by({ count: 2 }, plain, ['a'])).toContain(
      'Expected `layout` with a table that is made by `like` or `ddl`',
    )
  })
})
