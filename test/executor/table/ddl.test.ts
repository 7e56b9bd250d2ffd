import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseError } from '../../../src/entries/executor.js'
import { withClient, withClients } from '../../../src/executor/connect.js'
import { readDefinition } from '../../../src/executor/table/define/read-definition.js'
import { fillNames } from '../../../src/executor/table/statement-names.js'
import type { Definition } from '../../../src/study/table/definition.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'

const { connection, rows } = useRunningServer(scratchEmbedded)

const read = (ddl: string): Promise<Definition> =>
  withClient(connection().config, (client) => readDefinition(client, { ddl, name: 'orders.sql' }))

const refusal = (ddl: string): Promise<Error> =>
  read(ddl).then(
    () => expect.fail(`${ddl} is accepted`),
    (error) => error,
  )

/** All that the database holds, by the transaction that wrote it. */
const content = () =>
  rows(`SELECT (SELECT string_agg(oid || ' ' || xmin, ',' ORDER BY oid) FROM pg_class WHERE oid >= 16384) AS relations,
    (SELECT string_agg(nspname, ',' ORDER BY oid) FROM pg_namespace) AS schemas, (SELECT string_agg(proname, ',') FROM pg_proc WHERE oid >= 16384) AS functions,
    (SELECT string_agg(typname, ',') FROM pg_type WHERE oid >= 16384) AS types, (SELECT string_agg(rolname, ',') FROM pg_roles) AS roles,
    (SELECT count(*) FROM app.customers) AS customers, (SELECT string_agg(enumlabel, ',') FROM pg_enum) AS labels`)

let before: object[]
beforeAll(async () => {
  await rows(`CREATE SCHEMA app; CREATE TABLE app.customers (id int8 PRIMARY KEY); CREATE TABLE app.victim (); INSERT INTO app.customers VALUES (1);
    CREATE TYPE app.mood AS ENUM ('good'); CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE SEQUENCE app.numbers;
    CREATE FUNCTION app.count() RETURNS int8 LANGUAGE sql AS 'INSERT INTO app.customers VALUES (9) RETURNING id';
    CREATE PROCEDURE app.ends() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'`)
})
beforeEach(async () => {
  before = await content()
})
afterEach(async () => {
  expect(await content()).toEqual(before)
})
afterAll(async () => {
  await rows('DROP SCHEMA app CASCADE')
})

const ddl = `-- Orders, as the shop has them.
CREATE SEQUENCE numbers START 7;
CREATE TABLE {table} (
  id int8 DEFAULT nextval('numbers') PRIMARY KEY,
  mood app.mood[] DEFAULT '{}', "Day" date NOT NULL, parent int8 REFERENCES {table},
  doubled int8 GENERATED ALWAYS AS (id * 2) STORED,
  CONSTRAINT "late r" CHECK ("Day" > '2020-01-01')
) WITH (fillfactor = 70);
CREATE INDEX lower_day ON {table} USING btree (("Day" + 1)) WHERE id > 3;
CREATE UNIQUE INDEX ON {table} (parent, "Day");
CREATE STATISTICS pairs ON id, parent FROM {table};
COMMENT ON TABLE {table} IS 'orders';
`

describe('readDefinition(client, { ddl, name })', () => {
  it('describes the table that the statements make, and keeps nothing on the server', async () => {
    expect(await read(ddl)).toEqual({
      source: { ddl, name: 'orders.sql' },
      prepare: [],
      statements: [ddl],
      primaryKey: ['id'],
      partitionedBy: null,
      columns: [
        { name: 'id', type: 'bigint', base: 'int8', notNull: true, filledBy: 'default' },
        { name: 'mood', type: 'app.mood[]', base: 'enum[]', notNull: false, filledBy: 'default' },
        { name: 'Day', type: 'date', base: 'date', notNull: true, filledBy: null },
        { name: 'parent', type: 'bigint', base: 'int8', notNull: false, filledBy: null },
        { name: 'doubled', type: 'bigint', base: 'int8', notNull: false, filledBy: 'generated' },
      ],
      parts: [
        { kind: 'primary key', name: 'records_pkey', sql: 'PRIMARY KEY (id)', keyColumns: ['id'] },
        { kind: 'check', name: 'late r', sql: `CHECK (("Day" > '2020-01-01'::date))` },
        { kind: 'index', name: 'lower_day', sql: 'INDEX USING btree ((("Day" + 1))) WHERE (id > 3)' },
        {
          kind: 'index',
          name: 'records_parent_Day_idx',
          sql: 'UNIQUE INDEX USING btree (parent, "Day")',
          keyColumns: ['parent', 'Day'],
        },
        { kind: 'foreign key', name: 'records_parent_fkey', sql: 'FOREIGN KEY (parent) REFERENCES records(id)' },
      ],
      triggers: [],
      leftOut: [],
    })
  })

  it('returns statements that make that table in the first schema of the search path', async () => {
    const { statements, parts } = await read(ddl)
    await withClient(connection().config, async (client) => {
      await client.query('BEGIN; CREATE SCHEMA copylab_test; SET LOCAL search_path = copylab_test')
      for (const statement of statements) await client.query(fillNames(statement, 'copylab_test'))
      const { rows: made } = await client.query<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relnamespace = 'copylab_test'::regnamespace ORDER BY relname COLLATE "C"`,
      )
      expect(made.map(({ name }) => name)).toEqual(['lower_day', 'numbers', 'records', parts[3]!.name, parts[0]!.name])
      await client.query('ROLLBACK')
    })
  })

  it('takes partitions for parts of the table', async () => {
    const { columns, parts, partitionedBy } =
      await read(`CREATE TABLE {table} (id int8, PRIMARY KEY (id)) PARTITION BY RANGE (id);
      CREATE TABLE low PARTITION OF {table} FOR VALUES FROM (MINVALUE) TO (0) PARTITION BY HASH (id);
      CREATE TABLE low_0 PARTITION OF low FOR VALUES WITH (MODULUS 1, REMAINDER 0);
      CREATE TABLE {schema}.high PARTITION OF {table} DEFAULT`)
    expect(columns).toHaveLength(1)
    expect(partitionedBy).toBe('RANGE (id)')
    expect(parts).toEqual([{ kind: 'primary key', name: 'records_pkey', sql: 'PRIMARY KEY (id)', keyColumns: ['id'] }])
  })

  it('finds types by the search path of the session', async () => {
    await withClient(connection().config, async (client) => {
      await client.query('SET search_path = app')
      const { columns } = await readDefinition(client, { ddl: 'CREATE TABLE {table} (a mood)', name: 'a.sql' })
      expect(columns).toEqual([{ name: 'a', type: 'app.mood', base: 'enum', notNull: false, filledBy: null }])
      expect((await client.query('SHOW search_path')).rows).toEqual([{ search_path: 'app' }])
    })
  })

  it('throws `TypeError` for a text without {table}', async () => {
    const error = await refusal('CREATE TABLE records (a int)')
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain('Expected orders.sql to have {table} in the place of the table')
  })

  const made = 'CREATE TABLE {table} (a int8);'
  it.each([
    [
      'an error of syntax',
      `CREATE TABLE {table} (a int8);\n\n-- ✓ 𝄞\nCREATE TABEL b;`,
      'orders.sql, line 4 (syntax error at or near "TABEL")',
      'correct',
    ],
    [
      'a type that is not there',
      'CREATE TABLE {table} (\n a nothing)',
      'orders.sql, line 2 (type "nothing" does not exist)',
      'create what it needs',
    ],
    [
      'an error as it runs',
      `${made} ${made}`,
      'orders.sql (relation "records" already exists)',
      'correct the statement',
    ],
    [
      'a COMMIT',
      `${made} COMMIT; CREATE TABLE app.stays (a int)`,
      'orders.sql begins or ends a transaction',
      'leave BEGIN, COMMIT',
    ],
    ['a BEGIN', `BEGIN; ${made}`, 'orders.sql begins or ends a transaction', 'leave BEGIN, COMMIT'],
    ['a ROLLBACK', `${made} ROLLBACK`, 'orders.sql begins or ends a transaction', 'leave BEGIN, COMMIT'],
    [
      'a procedure that commits',
      `${made} CALL app.ends()`,
      'has the statement CALL app.ends',
      'leave in it what makes the table',
    ],
    [
      'a statement outside of transactions',
      `${made} CREATE INDEX CONCURRENTLY ON {table} (a)`,
      'CREATE INDEX CONCURRENTLY cannot',
      'correct the statement',
    ],
    [
      'a table elsewhere',
      `${made} CREATE TABLE app.extra (a int)`,
      'changes the table app.extra, which',
      'database beforehand',
    ],
    [
      'a temporary table',
      `${made} CREATE TEMP TABLE passing (a int)`,
      'changes the table pg_temp.passing',
      'database beforehand',
    ],
    [
      'a schema',
      `${made} CREATE SCHEMA copylab_ddl_mine`,
      'changes the schema copylab_ddl_mine',
      'database beforehand',
    ],
    [
      'a function elsewhere, in a block',
      `${made} DO $$ BEGIN CREATE FUNCTION app.f() RETURNS int LANGUAGE sql RETURN 1; EXCEPTION WHEN syntax_error THEN NULL; END $$`,
      'has the statement DO $$',
      'leave in it what makes the table',
    ],
    ['an extension', `${made} CREATE EXTENSION pg_trgm`, 'changes the extension pg_trgm', 'database beforehand'],
    [
      'a changed function',
      `${made} ALTER FUNCTION app.touch() COST 7`,
      'changes the function app.touch()',
      'database beforehand',
    ],
    [
      'a changed enum',
      `${made} ALTER TYPE app.mood ADD VALUE 'bad'`,
      'changes the type app.mood',
      'database beforehand',
    ],
    [
      'rows elsewhere',
      `${made} INSERT INTO app.customers VALUES (2)`,
      'has the statement INSERT INTO',
      'do all else beforehand',
    ],
    [
      'a lock elsewhere',
      `${made} SELECT FROM app.customers FOR UPDATE`,
      'has the statement SELECT FROM',
      'do all else beforehand',
    ],
    ['a role', `${made} CREATE ROLE copylab_made`, 'locks or changes pg_authid', 'leave out'],
    [
      'a parent',
      'CREATE TABLE {table} () INHERITS (app.customers)',
      'changes the table app.customers',
      'database beforehand',
    ],
    [
      'no table',
      'CREATE SEQUENCE numbers -- {table}',
      'orders.sql makes no table at {table}',
      'write CREATE TABLE {table}',
    ],
    [
      'a view',
      'CREATE VIEW {table} AS SELECT 1 AS one',
      'something other than a table at {table}',
      'write CREATE TABLE {table}',
    ],
    [
      'an unlogged table',
      'CREATE UNLOGGED TABLE {table} (a int)',
      'makes an unlogged table',
      'let the factor `persistence` decide',
    ],
    [
      'a type',
      `CREATE TYPE mood AS ENUM ('bad'); CREATE TABLE {table} (a mood)`,
      'makes the type mood in addition',
      'create it in the database beforehand',
    ],
    [
      'a function',
      `${made} CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1`,
      'makes the function f() in addition',
      'create it in the database beforehand',
    ],
    ['a second table', `${made} CREATE TABLE other (a int)`, 'makes the table other in addition', 'leave it out'],
    [
      'a child',
      `${made} CREATE TABLE child () INHERITS ({table})`,
      'makes the table child in addition',
      'leave it out',
    ],
    ['a view of the table', `${made} CREATE VIEW seen AS SELECT * FROM {table}`, 'the view seen', 'leave it out'],
    [
      'a trigger',
      `${made} CREATE TRIGGER touched BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION app.touch()`,
      'makes the trigger touched on records in addition',
      'without triggers',
    ],
    [
      'a rule',
      `${made} CREATE RULE kept AS ON DELETE TO {table} DO INSTEAD NOTHING`,
      'the rule kept on records',
      'leave it out',
    ],
    ['a policy', `${made} CREATE POLICY mine ON {table}`, 'the policy mine on records', 'leave it out'],
    [
      'a sequence of others',
      `CREATE TABLE {table} (a int8 DEFAULT nextval('app.numbers'))`,
      'the default of a, which draws from app.numbers',
      'a sequence that the statements make',
    ],
    [
      'a default that writes elsewhere',
      'CREATE TABLE {table} (a int8 DEFAULT app.count())',
      'the default of a, whose function app.count() writes to app.customers',
      'leave it out',
    ],
    [
      'a foreign key',
      'CREATE TABLE {table} (a int8 REFERENCES app.customers)',
      'the foreign key records_a_fkey to app.customers',
      'use `like`',
    ],
    ['rows', `${made} INSERT INTO {table} VALUES (1)`, 'has the statement INSERT INTO', 'do all else beforehand'],
    ['rows of a query', 'CREATE TABLE {table} AS SELECT 1 AS id', 'puts rows into the table', 'the workers fill it'],
    [
      'a table that is dropped',
      `${made} DROP TABLE app.victim`,
      'has the statement DROP TABLE',
      'do all else beforehand',
    ],
    [
      'an owner',
      `${made} ALTER TABLE {table} OWNER TO pg_monitor`,
      'gives records to pg_monitor',
      'leave OWNER TO out',
    ],
  ])('refuses %s', async (_, text, names, remedy) => {
    const error = await refusal(text)
    expect(error).toBeInstanceOf(DatabaseError)
    expect(error.message).toContain(names)
    expect(error.message).toContain(remedy)
    expect(error.message).not.toMatch(/copylab_ddl_\d/)
  })

  it('waits for two seconds at most for what the statements lock', async () => {
    await withClients([connection().config, connection().config], async ([client, other]) => {
      await other!.query('BEGIN; LOCK TABLE app.customers')
      const text = 'CREATE TABLE {table} (LIKE app.customers)'
      await expect(readDefinition(client!, { ddl: text, name: 'orders.sql' })).rejects.toThrow(
        'a session has locked what it names for more than 2s: wait until its transaction has ended',
      )
      await other!.query('ROLLBACK')
    })
  })

  it('says that a schema cannot be made', async () => {
    await withClient(connection().config, async (client: pg.Client) => {
      await client.query('CREATE ROLE copylab_reader; SET ROLE copylab_reader')
      const error: Error = await readDefinition(client, { ddl: 'CREATE TABLE {table} (a int)', name: 'a.sql' }).then(
        () => expect.fail(),
        (reason) => reason,
      )
      await client.query('RESET ROLE; DROP ROLE copylab_reader')
      expect(error).toBeInstanceOf(DatabaseError)
      expect(error.message).toMatch(/refuses a schema \(permission denied .*GRANT CREATE ON DATABASE/)
    })
  })
})
