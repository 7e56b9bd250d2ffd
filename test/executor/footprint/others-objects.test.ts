import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DatabaseError,
  type Input,
  type Progress,
  runStudy,
  type StudyOptions,
  synthetic,
} from '../../../src/entries/executor.js'
import { withClient, withClients } from '../../../src/executor/connect.js'
import { cleanServer } from '../../../src/executor/footprint/clean.js'
import { objectsText } from '../../../src/executor/footprint/left-words.js'
import { dropSchema } from '../../../src/executor/footprint/own-schema.js'
import { schemaContent } from '../../../src/executor/footprint/schema-content.js'
import { createTable } from '../../../src/executor/table/make-table.js'
import { defaultTreatment } from '../../../src/study/treatment.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'

const { server, connection, rows } = useRunningServer(scratchEmbedded)

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copylab objects '))
  await rows('CREATE SCHEMA app')
})
afterEach(() => rmSync(folder, { recursive: true }))

const small = synthetic({ records: 300, width: 20 })
const options = (changes: Partial<StudyOptions> = {}): StudyOptions => ({
  name: 'Made',
  server,
  input: small,
  factors: { workers: [1], batchSize: 100 },
  blocks: 3,
  warmUpBlocks: 0,
  probes: false,
  folder,
  ...changes,
})
const schema = '"copylab_Made"'
const table = `${schema}.records`

/** Objects that others make of a study's table, and their names. */
const dependent = [
  ['view app.v', `CREATE VIEW app.v AS SELECT * FROM ${table}`],
  ['materialized view app.m', `CREATE MATERIALIZED VIEW app.m AS SELECT count(*) FROM ${table}`],
  ['table constraint child_id_fkey on app.child', `CREATE TABLE app.child (id int8 REFERENCES ${table})`],
  ['table column app.holder.held', `CREATE TABLE app.holder (held ${table})`],
  ['table column app.list.held', `CREATE TABLE app.list (held ${table}[])`],
  [`function app.f(${table})`, `CREATE FUNCTION app.f(${table}) RETURNS int LANGUAGE sql AS 'SELECT 1'`],
  [
    'function app.g()',
    `CREATE FUNCTION app.g() RETURNS int8 LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM ${table}; END`,
  ],
  ['table app.heir', `CREATE TABLE app.heir () INHERITS (${table})`],
  // These a DROP without CASCADE takes along, without a word.
  ['statistics object app.s', `CREATE STATISTICS app.s ON id, value FROM ${table}`],
  [
    `trigger watched on ${table}`,
    `CREATE FUNCTION app.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
     CREATE TRIGGER watched AFTER TRUNCATE ON ${table} EXECUTE FUNCTION app.t()`,
  ],
  [`rule kept on ${table}`, `CREATE RULE kept AS ON DELETE TO ${table} DO INSTEAD NOTHING`],
  [`policy own on ${table}`, `CREATE POLICY own ON ${table} USING (true)`],
  [`index ${schema}.extra`, `CREATE INDEX extra ON ${table} (value)`],
  [`table constraint positive on ${table}`, `ALTER TABLE ${table} ADD CONSTRAINT positive CHECK (id >= 0)`],
  [`publication relation ${table} in publication announced`, `CREATE PUBLICATION announced FOR TABLE ${table}`],
  ['table app.parent', `CREATE TABLE app.parent (); ALTER TABLE ${table} INHERIT app.parent`],
] as const

/** Objects of others in the study's schema, next to its table. */
const adjacent = [
  [`sequence ${schema}.counted`, `CREATE SEQUENCE ${schema}.counted OWNED BY ${table}.id`],
  [`table ${schema}.thesis`, `CREATE TABLE ${schema}.thesis AS SELECT 1 AS value`],
  [`view ${schema}.now`, `CREATE VIEW ${schema}.now AS SELECT 1 AS value`],
  [`function ${schema}.one()`, `CREATE FUNCTION ${schema}.one() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
  [`function ${schema}.observe()`, `CREATE FUNCTION ${schema}.observe() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
  [`type ${schema}.mood`, `CREATE TYPE ${schema}.mood AS ENUM ('good')`],
  [`type ${schema}.pos`, `CREATE DOMAIN ${schema}.pos AS int`],
  [`text search dictionary ${schema}.d`, `CREATE TEXT SEARCH DICTIONARY ${schema}.d (TEMPLATE = simple)`],
  [
    'publication namespace copylab_Made in publication announced_all',
    `CREATE PUBLICATION announced_all FOR TABLES IN SCHEMA ${schema}`,
  ],
] as const

/**
 * A study in the state in which kill -9 leaves it: its schema with a full table, the lock gone with
 * the process.
 */
async function killed(): Promise<void> {
  await rows(`CREATE SCHEMA ${schema}; COMMENT ON SCHEMA ${schema} IS 'created by copylab, study Made, 2026-11-29T10:00:00.000Z';
    CREATE TABLE ${table} (id int8 PRIMARY KEY, value int8, payload text) WITH (autovacuum_enabled = false);
    CREATE INDEX ON ${table} (value);
    COMMENT ON TABLE ${table} IS 'created by copylab'`)
  await rows(`INSERT INTO ${table} VALUES (1, 1, 'a')`)
}

/**
 * The input, whose pass number `at` runs a statement before it hands out a record: the first pass
 * is the survey, each one after it a trial's, which has its table by then.
 */
function meddling(statement: string, at: number, then?: string): Input {
  let passes = 0
  return {
    ...small,
    files: async (given) =>
      (await small.files(given)).map((file, k) => ({
        ...file,
        async *read() {
          if (k === 0 && ++passes === at) await rows(statement)
          if (then && passes >= at) await rows(then)
          yield* file.read()
        },
      })),
  }
}

/** A view, a materialized view, a foreign key and a table: on the study's table, and next to it. */
const theirs = [...dependent.slice(0, 3), adjacent[1]]
const making = theirs.map(([, statement]) => statement).join('; ')
const named = theirs.map(([name]) => expect.stringContaining(`${name} (owner copylab)`))

/** All of them are there, with what is in them. */
async function expectAll(): Promise<void> {
  expect(
    await rows(`SELECT (SELECT count(*) >= 0 FROM app.v) AS view, (SELECT count >= 0 FROM app.m) AS materialized, (SELECT value FROM ${schema}.thesis) AS value,
      EXISTS (SELECT FROM pg_constraint WHERE conname = 'child_id_fkey' AND confrelid = '${table}'::regclass) AS key`),
  ).toEqual([{ view: true, materialized: true, value: 1, key: true }])
}

/** Whoever owns them removes what is in the way. */
async function tidy(): Promise<void> {
  await rows(
    `DROP PUBLICATION IF EXISTS announced, announced_all; DROP SCHEMA IF EXISTS app CASCADE; DROP SCHEMA IF EXISTS ${schema} CASCADE`,
  )
}
afterEach(tidy)

async function clean() {
  return cleanServer(server, async (left) => left)
}

describe('schemaContent(control, schema)', () => {
  const look = () => withClient(connection().config, (control) => schemaContent(control, 'copylab_Made'))

  it('finds nothing of others in what copylab made, whatever was done with its data', async () => {
    expect(await look()).toEqual({ tables: [], sequences: [], observers: [], others: [] })
    await killed()
    await rows(
      `ANALYZE ${table}; GRANT SELECT ON ${table} TO PUBLIC; ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON TABLES TO PUBLIC`,
    )
    await rows(`VACUUM FREEZE ${table}`)
    await rows(`REINDEX TABLE ${table}`)
    await rows('VACUUM FREEZE pg_catalog.pg_depend')
    expect(await look()).toEqual({
      tables: [{ name: 'records', partition: false, heir: false }],
      sequences: [],
      observers: [],
      others: [],
    })
    expect(await clean()).toMatchObject({ removed: ['copylab_Made'], kept: [] })
  })

  it('finds all that others made of it or put next to it, and whose it is', async () => {
    await killed()
    for (const [, statement] of [...dependent, ...adjacent]) await rows(statement)
    await rows(
      'CREATE ROLE copylab_bob; ALTER VIEW app.v OWNER TO copylab_bob; ALTER TABLE app.child OWNER TO copylab_bob',
    )
    try {
      const { tables, others } = await look()
      const owner = (name: string): string => (/ app.(v|child)$/.test(name) ? 'copylab_bob' : 'copylab')
      const listed = (entries: readonly (readonly [string, string])[], depends: boolean) =>
        entries.map(([name]) => ({ said: `${name} (owner ${owner(name)})`, depends }))
      const found = others.map((object) => ({ said: objectsText([object]), depends: object.depends }))
      // A sequence that a column owns goes with the column.
      const expected = [
        ...listed(dependent, true),
        ...listed(adjacent.slice(0, 1), true),
        ...listed(adjacent.slice(1), false),
      ]
      expect(new Set(found)).toEqual(new Set(expected))
      expect(tables).toEqual([{ name: 'records', partition: false, heir: false }])
    } finally {
      await rows('DROP OWNED BY copylab_bob CASCADE; DROP ROLE copylab_bob')
    }
  })

  it('counts an extension as one, and not its parts', async () => {
    await killed()
    await rows(`CREATE EXTENSION pg_trgm SCHEMA ${schema}`)
    expect(objectsText((await look()).others)).toBe('extension pg_trgm (owner copylab)')
    await rows('DROP EXTENSION pg_trgm')
  })

  it.each([
    ['table', `CREATE TABLE ${table} AS SELECT 7 AS value`],
    ['view', `CREATE VIEW ${table} AS SELECT 7 AS value`],
    ['materialized view', `CREATE MATERIALIZED VIEW ${table} AS SELECT 7 AS value`],
  ])('does not take a %s in the place of the table for copylab’s', async (kind, statement) => {
    await killed()
    await rows(`DROP TABLE ${table}; ${statement}`)
    expect(await look()).toEqual({
      tables: [],
      sequences: [],
      observers: [],
      others: [{ kind, name: table, owner: 'copylab', depends: false }],
    })
    await withClient(connection().config, async (control) => {
      await expect(
        createTable(
          { control, schema: 'copylab_Made', table: small.fits, definition: null, meanings: {} },
          defaultTreatment,
        ),
      ).rejects.toThrow(`in its place: ${kind} ${table} (owner copylab). Drop or move that`)
    })
    expect(await rows(`SELECT value FROM ${table}`)).toEqual([{ value: 7 }])
  })
})

describe('what others make of a study’s objects survives', () => {
  it('a study that ends: it is whole, and a warning names them', async () => {
    const warnings: string[] = []
    const input = meddling(making, 3)
    const study = await runStudy(options({ blocks: 2, input, onWarning: (text) => warnings.push(text) }))
    expect(study.trials.map(({ state }) => state)).toEqual(['completed', 'completed'])
    expect(warnings).toEqual([
      expect.stringMatching(/^The schema copylab_Made is left at .*`npx copylab clean --server embedded`/),
    ])
    for (const name of named) expect(warnings[0]).toEqual(name)
    await expectAll()
  })

  it('a study that cannot go on: it names them, and goes on when they are gone', async () => {
    const error: Error = await runStudy(options({ input: meddling(making, 3) })).then(
      () => expect.fail(),
      (reason) => reason,
    )
    expect(error).toBeInstanceOf(DatabaseError)
    for (const name of named) expect(error.message).toEqual(name)
    expect(error.message).toContain('2 trials are kept')
    await expectAll()
    await tidy()
    expect((await runStudy(options())).trials.map(({ trial }) => trial)).toEqual([1, 2, 3])
  })

  it('a study that is aborted: the reason stays what it is, and a warning names them', async () => {
    const abort = new AbortController()
    const warnings: string[] = []
    const changes = {
      input: meddling(making, 2),
      signal: abort.signal,
      onWarning: (text: string) => warnings.push(text),
      onProgress: ({ trial }: Progress) => trial && abort.abort(new Error('stop button')),
    }
    await expect(runStudy(options(changes))).rejects.toThrow(/^stop button$/)
    for (const name of named) expect(warnings[0]).toEqual(name)
    await expectAll()
  })

  it('a study whose trials all fail', async () => {
    await expect(runStudy(options({ input: meddling(making, 2, 'SELECT 1 / 0'), warmUpBlocks: 1 }))).rejects.toThrow(
      /Every warm-up trial failed[\s\S]*The schema copylab_Made is left at/,
    )
    await expectAll()
  })

  it('a kill -9, the next session, which refuses, and `copylab clean`, which keeps them', async () => {
    await killed()
    await rows(making)
    const error: Error = await runStudy(options()).then(
      () => expect.fail(),
      (reason) => reason,
    )
    for (const name of named) expect(error.message).toEqual(name)
    await expectAll()
    const { removed, kept } = await clean()
    expect({ removed, names: kept.map(({ name }) => name) }).toEqual({ removed: [], names: ['copylab_Made'] })
    for (const name of named) expect(kept[0]!.reason).toEqual(name)
    await expectAll()
  })

  it('somebody who comes between the look at the schema and its DROP', async () => {
    await killed()
    await withClients([connection().config, connection().config], async ([control, other]) => {
      await other!.query(`BEGIN; CREATE TABLE ${schema}.thesis AS SELECT 1 AS value`)
      const dropped = dropSchema(control!, 'copylab_Made')
      await expect
        .poll(() => rows("SELECT FROM pg_locks WHERE NOT granted AND classid = 'pg_namespace'::regclass"))
        .toHaveLength(1)
      await other!.query('COMMIT')
      expect(await dropped).toMatchObject({ left: 'others-objects', objects: [{ name: `${schema}.thesis` }] })
    })
    expect(await rows(`SELECT value FROM ${schema}.thesis`)).toEqual([{ value: 1 }])
    expect(await rows(`SELECT id::int FROM ${table}`)).toEqual([{ id: 1 }])
  })
})
