import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withClient } from '../../../src/executor/connect.js'
import { inTransaction } from '../../../src/executor/footprint/change.js'
import { cleanServer } from '../../../src/executor/footprint/clean.js'
import { claimSchema, dropSchema, markTables } from '../../../src/executor/footprint/own-schema.js'
import { schemaContent } from '../../../src/executor/footprint/schema-content.js'
import { tableSizes } from '../../../src/executor/probes/wal-io.js'
import type { Client } from '../../../src/executor/server/reach/client.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'
import { type MadeTables, madeTables, make, makeAgain, studySchema } from './made-tables.js'

const { server, connection, rows } = useRunningServer(scratchEmbedded)

const schema = `"${studySchema}"`
afterEach(async () => {
  await rows(`DROP SCHEMA IF EXISTS ${schema} CASCADE; DROP SCHEMA IF EXISTS app CASCADE`)
})

const onControl = <T>(task: (control: Client) => Promise<T>): Promise<T> => withClient(connection().config, task)

const kinds = Object.entries<MadeTables>(madeTables)

/** All that is in the database, as far as it can be made by SQL. */
const catalogue = () =>
  rows(`
    SELECT 'relation' AS kind, oid::int8, relname::text AS name FROM pg_class
    UNION ALL SELECT 'constraint', oid, conname FROM pg_constraint
    UNION ALL SELECT 'trigger', oid, tgname FROM pg_trigger
    UNION ALL SELECT 'type', oid, typname FROM pg_type
    UNION ALL SELECT 'function', oid, proname FROM pg_proc
    UNION ALL SELECT 'statistics', oid, stxname FROM pg_statistic_ext
    UNION ALL SELECT 'schema', oid, nspname FROM pg_namespace
    ORDER BY 1, 2`)

const partition = (name: string) => ({ name, partition: true, heir: false })
const table = (name: string) => ({ name, partition: false, heir: false })
const heir = (name: string) => ({ name, partition: false, heir: true })

describe('the tables of a study', () => {
  it.each(kinds)('with %s are replaced three times, and dropped without a trace', async (_kind, made) => {
    const before = await catalogue()
    await onControl(async (control) => {
      await make(control, made)
      for (let time = 0; time < 3; time++) {
        expect((await schemaContent(control, studySchema)).others).toEqual([])
        const { length } = await catalogue()
        await makeAgain(control, made)
        expect(await catalogue()).toHaveLength(length)
        expect(await rows(`SELECT id::int, note FROM ${schema}.records`)).toEqual([{ id: 1, note: 'a' }])
      }
      expect(await dropSchema(control, studySchema)).toBeNull()
    })
    expect(await catalogue()).toEqual(before)
  })

  it.each(kinds)('with %s are removed by `copylab clean`, whatever was done with their data', async (_kind, made) => {
    const before = await catalogue()
    await onControl((control) => make(control, made, 2))
    for (const statement of ['ANALYZE', 'VACUUM FREEZE', 'VACUUM FULL']) await rows(`${statement} ${schema}.records`)
    await rows(`REINDEX SCHEMA ${schema}`)
    expect(await onControl((control) => schemaContent(control, studySchema))).toMatchObject({ others: [] })
    const { schemas, removed, kept } = await cleanServer(server, async (left) => left)
    expect({ removed, kept }).toEqual({ removed: [studySchema], kept: [] })
    expect(schemas[0]!.bytes).toBeGreaterThan(8_000)
    expect(await catalogue()).toEqual(before)
  })

  it('are listed, parents first, and those that stay are not made again', async () => {
    await onControl(async (control) => {
      await make(control, madeTables.partitions)
      const [kept] = await rows(`SELECT '${schema}."keys of Customers"'::regclass::oid AS oid`)
      await makeAgain(control, madeTables.partitions)
      expect(await rows(`SELECT '${schema}."keys of Customers"'::regclass::oid AS oid`)).toEqual([kept])
      expect(await schemaContent(control, studySchema)).toEqual({
        tables: [
          table('keys of Customers'),
          table('records'),
          partition('Early'),
          partition('late'),
          partition('late_0'),
          partition('late_1'),
        ],
        sequences: [],
        observers: [],
        others: [],
      })
    })
  })

  it('are the workers’ too, which inherit from it, but for heirs of others', async () => {
    await onControl(async (control) => {
      await make(control, madeTables['tables of workers'])
      const { tables, others } = await schemaContent(control, studySchema)
      expect(tables).toEqual([
        table('keys of Customers'),
        table('records'),
        heir('records_worker_0'),
        heir('records_worker_1'),
      ])
      expect(others).toEqual([])
      await rows(`CREATE TABLE ${schema}.theirs () INHERITS (${schema}.records_worker_1); CREATE SCHEMA app;
        CREATE TABLE app.theirs () INHERITS (${schema}.records); INSERT INTO app.theirs SELECT k FROM generate_series(1, 999) AS k;
        INSERT INTO ${schema}.records_worker_0 (id) VALUES (1)`)
      const found = (await schemaContent(control, studySchema)).others
      expect(found.map(({ name, depends }) => [name, depends]).sort()).toEqual([
        [`${schema}.theirs`, true],
        ['app.theirs', true],
      ])
      expect((await tableSizes(control, studySchema, false)).tableBytes).toBe(2 * 8192)
      await expect(makeAgain(control, madeTables['tables of workers'])).rejects.toThrow(
        'table app.theirs (owner copylab)',
      )
      expect(await dropSchema(control, studySchema)).toMatchObject({ left: 'others-objects' })
      await rows(`DROP TABLE ${schema}.theirs, app.theirs`)
      expect(await dropSchema(control, studySchema)).toBeNull()
    })
  })

  it('are not made where others have a table of the name of a worker’s', async () => {
    await onControl(async (control) => {
      await make(control, madeTables.plain)
      await rows(`CREATE TABLE ${schema}.records_worker_0 (id int)`)
      await expect(makeAgain(control, madeTables['tables of workers'])).rejects.toThrow(
        `are in its place: table ${schema}.records_worker_0`,
      )
    })
  })

  it('are told from others’ by the mark: a partition without it is none of copylab’s', async () => {
    await onControl(async (control) => {
      await make(control, madeTables.partitions)
      await rows(`COMMENT ON TABLE ${schema}.late IS 'mine now'`)
      expect((await schemaContent(control, studySchema)).others).toEqual([
        { kind: 'table', name: `${schema}.late`, owner: 'copylab', depends: true },
      ])
      await rows(`COMMENT ON TABLE ${schema}.late IS 'created by copylab'`)
      expect((await schemaContent(control, studySchema)).others).toEqual([])
    })
  })
})

/** Further tables of copylab's own, made in a transaction of their own. */
const further = `
  CREATE TABLE ${schema}.old (LIKE ${schema}.records INCLUDING ALL EXCLUDING IDENTITY EXCLUDING STATISTICS);
  CREATE TABLE ${schema}.extra (id int8 PRIMARY KEY, customer int)`

/** Statements that connect own tables after they were made. */
const connecting = [
  ['a foreign key of the table', `ALTER TABLE ${schema}.records ADD FOREIGN KEY (previous) REFERENCES ${schema}.extra`],
  [
    'a foreign key of another table',
    `ALTER TABLE ${schema}.extra ADD FOREIGN KEY (customer) REFERENCES ${schema}."keys of Customers"`,
  ],
  [
    'a partition that is attached',
    `ALTER TABLE ${schema}.records ATTACH PARTITION ${schema}.old FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')`,
  ],
  [
    'an index that is attached',
    `CREATE INDEX mine ON ${schema}."Early" (note); ALTER INDEX ${schema}."by Note" ATTACH PARTITION ${schema}.mine`,
  ],
  ['a partition that is detached', `ALTER TABLE ${schema}.records DETACH PARTITION ${schema}.late`],
  [
    'a partition that is detached and attached again',
    `ALTER TABLE ${schema}.records DETACH PARTITION ${schema}.late;
     ALTER TABLE ${schema}.records ATTACH PARTITION ${schema}.late FOR VALUES FROM ('2026-02-01') TO ('2028-01-01')`,
  ],
] as const

describe('what connects own tables', () => {
  it.each(connecting)('is own, whenever it was made: %s', async (_what, statement) => {
    const before = await catalogue()
    await onControl(async (control) => {
      await make(control, madeTables.partitions)
      await inTransaction(control, async () => {
        await control.query(further)
        await markTables(control, studySchema)
      })
      await control.query(statement)
      expect((await schemaContent(control, studySchema)).others).toEqual([])
      expect(await dropSchema(control, studySchema)).toBeNull()
    })
    expect(await catalogue()).toEqual(before)
  })
})

describe('markTables(control, schema)', () => {
  beforeEach(() => rows('CREATE SCHEMA app'))

  it('marks what the transaction made in the schema, and nothing else', async () => {
    await onControl(async (control) => {
      await claimSchema(control, studySchema)
      await control.query(`CREATE TABLE ${schema}.theirs (id int)`)
      await inTransaction(control, async () => {
        await control.query(`CREATE TABLE ${schema}.whole (id int PRIMARY KEY) PARTITION BY LIST (id);
          CREATE TABLE ${schema}."Part" PARTITION OF ${schema}.whole DEFAULT;
          CREATE VIEW ${schema}.seen AS SELECT 1 AS one; CREATE TABLE app.elsewhere (id int);
          COMMENT ON TABLE ${schema}."Part" IS 'the rest'`)
        await markTables(control, studySchema)
      })
      await inTransaction(control, () => markTables(control, studySchema))
    })
    expect(
      await rows(`SELECT relname AS name, obj_description(oid) AS comment FROM pg_class
        WHERE relnamespace IN ('${schema}'::regnamespace, 'app'::regnamespace) AND relkind NOT IN ('i', 'I') ORDER BY relname`),
    ).toEqual([
      { name: 'Part', comment: 'created by copylab' },
      { name: 'elsewhere', comment: null },
      { name: 'seen', comment: null },
      { name: 'theirs', comment: null },
      { name: 'whole', comment: 'created by copylab' },
    ])
  })
})

describe('tableSizes(control, schema)', () => {
  const sizes = (relations: string) =>
    rows(`SELECT sum(pg_relation_size(oid))::float8 AS "tableBytes", sum(pg_indexes_size(oid))::float8 AS "indexBytes"
      FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relname IN (${relations})`)

  it.each([
    ['of a plain table', madeTables.plain, "'records'"],
    ['of a partitioned table: the sum over its leaves', madeTables.partitions, "'Early', 'late_0', 'late_1'"],
  ])('%s', async (_what, made, relations) => {
    await onControl(async (control) => {
      await make(control, made)
      await control.query(`INSERT INTO ${schema}.records (id, day, note)
        SELECT 1 + n, date '2026-01-01' + (n % 300)::int, n FROM generate_series(1, 9000) AS n`)
      const { tableBytes, indexBytes } = await tableSizes(control, studySchema, false)
      expect([{ tableBytes, indexBytes }]).toEqual(await sizes(relations))
      expect(tableBytes).toBeGreaterThan(400_000)
      expect(indexBytes).toBeGreaterThan(200_000)
      const [left] = (await cleanServer(server)).schemas
      expect(left!.bytes).toBeGreaterThan(tableBytes! + indexBytes!)
    })
  })
})
