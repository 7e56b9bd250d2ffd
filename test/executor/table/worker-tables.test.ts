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
  synthetic,
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

const apart = { without: ['previous_key'] }
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
      workers: [1, 2],
      batchSize: 100,
      tables: ['one', 'per-worker'],
      client: ['event-loop', 'threads'],
      indexBuild: ['before', 'after'],
      persistence: ['logged', 'unlogged'],
      layout: { apart, shouting: { ...apart, triggers: ['shouting'] } },
    })
    expect(found.trials.map((trial) => (trial.state === 'failed' ? trial.error.message : trial.records))).toEqual(
      Array.from({ length: 64 }, () => 1_200),
    )
  })

  it.each(['event-loop', 'threads'] as const)('lets each worker fill its own alone, on %s', async (client) => {
    const treatment = { workers: 3, batchSize: 100, client, tables: 'per-worker', layout: { apart } } as const
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
      },
    )
  })
})
