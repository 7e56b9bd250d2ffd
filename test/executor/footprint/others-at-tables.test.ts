import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withClient, withClients } from '../../../src/executor/connect.js'
import { cleanServer } from '../../../src/executor/footprint/clean.js'
import { objectsText } from '../../../src/executor/footprint/left-words.js'
import { dropSchema, replaceTable } from '../../../src/executor/footprint/own-schema.js'
import { schemaContent } from '../../../src/executor/footprint/schema-content.js'
import type { Client } from '../../../src/executor/server/reach/client.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'
import { madeTables, make, makeAgain, studySchema } from './made-tables.js'

const { server, connection, rows } = useRunningServer(scratchEmbedded)

const schema = `"${studySchema}"`
const table = `${schema}.records`
const keys = `${schema}."keys of Customers"`

beforeEach(() =>
  rows(`CREATE SCHEMA app; CREATE TABLE app.days (day date PRIMARY KEY);
    INSERT INTO app.days VALUES ('2026-03-01');
    CREATE FUNCTION app.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`),
)
afterEach(() =>
  rows(
    `DROP PUBLICATION IF EXISTS announced; DROP SCHEMA IF EXISTS app CASCADE; DROP SCHEMA IF EXISTS ${schema} CASCADE`,
  ),
)

const onControl = <T>(task: (control: Client) => Promise<T>): Promise<T> => withClient(connection().config, task)

const like = `(LIKE ${table} INCLUDING ALL EXCLUDING IDENTITY EXCLUDING STATISTICS)`
const year = "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"

/** Objects that others make of a study's tables, and their names. */
const dependent = [
  // A DROP without CASCADE takes partitions along, without a word.
  ['table app.old', `CREATE TABLE app.old PARTITION OF ${table} ${year}`],
  [
    `table ${schema}.old`,
    `CREATE TABLE ${schema}.old ${like}; ALTER TABLE ${table} ATTACH PARTITION ${schema}.old ${year}`,
  ],
  [
    'table app.old',
    `CREATE TABLE app.old PARTITION OF ${table} ${year} PARTITION BY LIST (day);
     CREATE TABLE app.oldest PARTITION OF app.old DEFAULT`,
  ],
  [
    'table app.whole',
    `CREATE TABLE app.whole (id int PRIMARY KEY) PARTITION BY LIST (id);
     ALTER TABLE app.whole ATTACH PARTITION ${keys} DEFAULT`,
  ],
  // Of an index, a trigger and a key there is one in each partition, too.
  [`index ${schema}.extra`, `CREATE INDEX extra ON ${table} (customer)`],
  [`index ${schema}.extra`, `CREATE INDEX extra ON ${schema}.late_1 (customer)`],
  [
    `trigger watched on ${table}`,
    `CREATE TRIGGER watched AFTER INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION app.t()`,
  ],
  [
    `trigger watched on ${schema}.late_0`,
    `CREATE TRIGGER watched AFTER INSERT ON ${schema}.late_0 FOR EACH ROW EXECUTE FUNCTION app.t()`,
  ],
  [
    'table constraint child_fkey on app.child',
    `CREATE TABLE app.child (id int8, day date, CONSTRAINT child_fkey FOREIGN KEY (id, day) REFERENCES ${table})`,
  ],
  ['table constraint child_id_fkey on app.child', `CREATE TABLE app.child (id int REFERENCES ${keys})`],
  [
    `table constraint on_day on ${table}`,
    `ALTER TABLE ${table} ADD CONSTRAINT on_day FOREIGN KEY (day) REFERENCES app.days`,
  ],
  [
    `table constraint other on ${table}`,
    `ALTER TABLE ${table} ADD CONSTRAINT other FOREIGN KEY (previous, day) REFERENCES ${table}`,
  ],
  [`table constraint few on ${schema}."Early"`, `ALTER TABLE ${schema}."Early" ADD CONSTRAINT few CHECK (id < 100)`],
  [`table constraint few on ${keys}`, `ALTER TABLE ${keys} ADD CONSTRAINT few CHECK (id < 100)`],
  [`table constraint once on ${schema}."Early"`, `ALTER TABLE ${schema}."Early" ADD CONSTRAINT once UNIQUE (value)`],
  [`default value for ${schema}."Early".note`, `ALTER TABLE ${schema}."Early" ALTER note SET DEFAULT 'a'`],
  [`rule kept on ${schema}."Early"`, `CREATE RULE kept AS ON DELETE TO ${schema}."Early" DO INSTEAD NOTHING`],
  [`policy own on ${schema}."Early"`, `CREATE POLICY own ON ${schema}."Early" USING (true)`],
  ['view app.v', `CREATE VIEW app.v AS SELECT * FROM ${schema}."Early"`],
  ['view app.v', `CREATE VIEW app.v AS SELECT * FROM ${keys}`],
  ['view app.v', `CREATE VIEW app.v AS SELECT id, day, note FROM ${table} GROUP BY id, day`],
  ['view app.v', `CREATE VIEW app.v AS SELECT last_value FROM ${schema}.records_id_seq`],
  ['default value for app.holder.id', `CREATE TABLE app.holder (id int8 DEFAULT nextval('${schema}.records_id_seq'))`],
  ['table column app.holder.held', `CREATE TABLE app.holder (held ${keys})`],
  [`function app.f(${schema}.late)`, `CREATE FUNCTION app.f(${schema}.late) RETURNS int LANGUAGE sql AS 'SELECT 1'`],
  ['statistics object app.s', `CREATE STATISTICS app.s ON id, value FROM ${schema}."Early"`],
  [`statistics object ${schema}.s`, `CREATE STATISTICS ${schema}.s ON id, value FROM ${table}`],
  [`sequence ${schema}.counted`, `CREATE SEQUENCE ${schema}.counted OWNED BY ${schema}."Early".id`],
  [`sequence ${schema}."keys of Customers_id_seq"`, `ALTER TABLE ${keys} ALTER id ADD GENERATED ALWAYS AS IDENTITY`],
  ['table app.heir', `CREATE TABLE app.heir () INHERITS (${keys})`],
  ['table app.parent', `CREATE TABLE app.parent (); ALTER TABLE ${keys} INHERIT app.parent`],
  [
    `publication relation ${schema}."Early" in publication announced`,
    `CREATE PUBLICATION announced FOR TABLE ${schema}."Early"`,
  ],
  [`table ${schema}.late_1 (owner bob)`, `ALTER TABLE ${schema}.late_1 OWNER TO bob`],
] as const

/** Objects of others in the study's schema, next to its tables. */
const adjacent = [
  [`table ${schema}.thesis`, `CREATE TABLE ${schema}.thesis AS SELECT 1 AS value`],
  [`table ${schema}.thesis`, `CREATE TABLE ${schema}.thesis (id int) PARTITION BY LIST (id)`],
  [`sequence ${schema}.counted`, `CREATE SEQUENCE ${schema}.counted`],
  [`type ${schema}.mood`, `CREATE TYPE ${schema}.mood AS ENUM ('good')`],
  [
    `table ${schema}.theirs (owner bob)`,
    `CREATE TABLE ${schema}.theirs (id int); COMMENT ON TABLE ${schema}.theirs IS 'created by copylab';
     ALTER TABLE ${schema}.theirs OWNER TO bob`,
  ],
  [
    `table ${schema}.theirs (owner bob)`,
    `CREATE TABLE ${schema}.theirs (id int) PARTITION BY LIST (id); ALTER TABLE ${schema}.theirs OWNER TO bob;
     COMMENT ON TABLE ${schema}.theirs IS 'created by copylab'`,
  ],
] as const

const named = (name: string): string => (name.includes('(owner') ? name : `${name} (owner copylab)`)

/** All that is in the database, as far as others can make it of a table. */
const catalogue = () =>
  rows(`
    SELECT oid::int8, relname::text AS name, relowner::int8 AS owner FROM pg_class
    UNION ALL SELECT oid, conname, 0 FROM pg_constraint
    UNION ALL SELECT oid, tgname, 0 FROM pg_trigger
    UNION ALL SELECT oid, typname, 0 FROM pg_type
    UNION ALL SELECT oid, stxname, 0 FROM pg_statistic_ext
    UNION ALL SELECT oid, polname, 0 FROM pg_policy
    UNION ALL SELECT oid, rulename, 0 FROM pg_rewrite
    UNION ALL SELECT prrelid, 'published', 0 FROM pg_publication_rel
    UNION ALL SELECT inhrelid, 'heir', inhparent FROM pg_inherits
    ORDER BY 1, 2, 3`)

describe('what others make of one of several tables of a study', () => {
  beforeEach(() => rows('CREATE ROLE bob'))
  afterEach(() => rows('DROP OWNED BY bob CASCADE; DROP ROLE bob'))

  it.each(dependent)('%s is named, and nothing is removed', async (name, statement) => {
    await onControl(async (control) => {
      await make(control, madeTables.partitions, 2)
      await rows(statement)
      const before = await catalogue()
      const { others } = await schemaContent(control, studySchema)
      expect(objectsText(others)).toBe(named(name))
      expect(others).toEqual([expect.objectContaining({ depends: true })])
      expect(await dropSchema(control, studySchema)).toEqual({
        left: 'others-objects',
        schema: studySchema,
        objects: others,
      })
      const again = replaceTable(control, studySchema, () => expect.fail('the table was made again'))
      await expect(again).rejects.toThrow(
        `cannot be created again, since objects that copylab did not make depend on it`,
      )
      await expect(again).rejects.toThrow(`: ${named(name)}. Drop or move that`)
      expect(await catalogue()).toEqual(before)
    })
    const { removed, kept } = await cleanServer(server, async (left) => left)
    expect({ removed, kept }).toEqual({
      removed: [],
      kept: [{ name: studySchema, reason: expect.stringContaining(named(name)) }],
    })
  })

  it.each(adjacent)('%s in its schema stays, and the study goes on', async (name, statement) => {
    await onControl(async (control) => {
      await make(control, madeTables.partitions)
      await rows(statement)
      const before = await catalogue()
      const { others } = await schemaContent(control, studySchema)
      expect(objectsText(others)).toBe(named(name))
      expect(others).toEqual([expect.objectContaining({ depends: false })])
      expect(await dropSchema(control, studySchema)).toEqual({
        left: 'others-objects',
        schema: studySchema,
        objects: others,
      })
      expect(await catalogue()).toEqual(before)
      await makeAgain(control, madeTables.partitions)
      expect((await schemaContent(control, studySchema)).others).toEqual(others)
    })
  })

  it('names what a partitioned table of others gave a table of the study besides', async () => {
    await onControl((control) => make(control, madeTables.partitions))
    await rows(`CREATE TABLE app.whole (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE INDEX ON app.whole (abs(id));
      ALTER TABLE app.whole ATTACH PARTITION ${keys} DEFAULT`)
    const { others } = await onControl((control) => schemaContent(control, studySchema))
    expect(objectsText(others)).toBe(
      `index ${schema}."keys of Customers_abs_idx" (owner copylab), table app.whole (owner copylab)`,
    )
  })

  it('does not wait for who uses a partition of others', async () => {
    await onControl((control) => make(control, madeTables.partitions))
    await rows(`CREATE TABLE app.old PARTITION OF ${table} ${year}; CREATE TABLE app.heir () INHERITS (${keys})`)
    await withClients([connection().config, connection().config], async ([control, other]) => {
      await other!.query('BEGIN; LOCK TABLE app.old, app.heir IN ROW EXCLUSIVE MODE')
      await control!.query("SET lock_timeout = '2s'")
      const objects = [{ name: 'app.heir' }, { name: 'app.old' }]
      expect(await dropSchema(control!, studySchema)).toMatchObject({ left: 'others-objects', objects })
    })
  })

  it('sees a partition that was attached between the look at the schema and its DROP', async () => {
    await onControl((control) => make(control, madeTables.partitions))
    await withClients([connection().config, connection().config], async ([control, other]) => {
      await other!.query(`BEGIN; CREATE TABLE app.old PARTITION OF ${table} ${year}`)
      const dropped = dropSchema(control!, studySchema)
      await expect.poll(() => rows('SELECT FROM pg_locks WHERE NOT granted')).not.toEqual([])
      await other!.query('COMMIT')
      expect(await dropped).toMatchObject({ left: 'others-objects', objects: [{ name: 'app.old' }] })
    })
  })
})

describe('a schema of an earlier copylab', () => {
  const unmarked = `CREATE SCHEMA ${schema}; COMMENT ON SCHEMA ${schema} IS 'created by copylab';
    CREATE TABLE ${table} (id int8 PRIMARY KEY, day date) WITH (autovacuum_enabled = false)`
  const read = () => onControl((control) => schemaContent(control, studySchema))

  it('is recognised by its only table, and removed', async () => {
    await rows(unmarked)
    expect(await read()).toEqual({
      tables: [{ name: 'records', partition: false, heir: false }],
      sequences: [],
      observers: [],
      others: [],
    })
    expect(await cleanServer(server, async (left) => left)).toMatchObject({ removed: [studySchema], kept: [] })
  })

  it.each([
    [
      'another table',
      `CREATE TABLE ${schema}.others (id int) WITH (autovacuum_enabled = false)`,
      `table ${schema}.others`,
    ],
    [
      'a partitioned table in its place',
      `DROP TABLE ${table}; CREATE TABLE ${table} (id int) PARTITION BY LIST (id)`,
      `table ${table}`,
    ],
  ])('does not lend its age to %s', async (_what, statement, name) => {
    await rows(unmarked)
    await rows(statement)
    expect(objectsText((await read()).others)).toBe(named(name))
  })
})
