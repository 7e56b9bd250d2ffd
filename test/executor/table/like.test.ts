import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseError } from '../../../src/entries/executor.js'
import { withClient, withClients } from '../../../src/executor/connect.js'
import { readDefinition } from '../../../src/executor/table/define/read-definition.js'
import { leaveOutSql } from '../../../src/executor/table/leave-out.js'
import { fillNames } from '../../../src/executor/table/statement-names.js'
import type { Definition } from '../../../src/study/table/definition.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'
import { catalogueFacts } from './catalogue-facts.js'
import { original } from './original.js'

const { connection, rows } = useRunningServer(scratchEmbedded)

const orders = 'app."Order ""s"'

beforeAll(async () => {
  await rows(original)
})
afterEach(async () => {
  await rows('DROP SCHEMA IF EXISTS copylab_test CASCADE')
})

const withOwn = <T>(task: (client: pg.Client) => Promise<T>): Promise<T> => withClient(connection().config, task)

const read = (like: string): Promise<Definition> => withOwn((client) => readDefinition(client, { like }))

/** Makes the table in a schema of its own. */
async function make(client: pg.Client, { prepare, statements }: Definition): Promise<void> {
  await client.query('CREATE SCHEMA copylab_test')
  for (const statement of [...prepare, ...statements]) await client.query(fillNames(statement, 'copylab_test'))
}

/** Texts of the original and of the copy, each with the one that stands for both. */
const normalisation = [
  ['copylab_test.records_2026', 'S.records_2026'],
  ['copylab_test."records 2026', 'S."records 2026'],
  ['copylab_test.records_2', 'S.records'],
  ['copylab_test.records_3', 'S.records'],
  ['CONSTRAINT records_3', 'CONSTRAINT records'],
  ['INDEX records_3 ', 'INDEX records '],
  ['observe_2', 'observe'],
  ['ref.customers(id', 'S.keys_of_customers(id'],
  ['ref.customers(code', 'S.keys_of_customers_2(code'],
  ['ref."Pairs"(', 'S."keys_of_Pairs"('],
  ['ref.days(', 'S.keys_of_days('],
  ['ref.observe', 'S.observe'],
  ['shared.records', 'S.records'],
  ['shared."Stat s"', 'S."Stat s_2"'],
  ['copylab_test.', 'S.'],
  ['app.', 'S.'],
] as const

/** Changes the name of a table, and those that its copy cannot have, to what stands for both. */
function normal(table: string): (text: string) => string {
  return (text) => {
    if (text === 'records_3') return 'records'
    const named = text
      .split(table)
      .reduce((before, after) => before + (/^[_\w]/.test(after) ? table : 'T') + after)
      .replace(/copylab_test\.records(?![_\w])/g, 'T')
    return normalisation.reduce((changed, [from, to]) => changed.replaceAll(from, to), named)
  }
}

/** The facts of a table and of its copy; `differ` are those of the original that a copy lacks. */
async function compare(like: string, lacks: (fact: object) => boolean = () => false) {
  return withOwn(async (client) => {
    await make(client, await readDefinition(client, { like }))
    const kept = (facts: Record<string, readonly object[]>) =>
      Object.fromEntries(
        Object.entries(facts).map(([subject, found]) => [subject, found.filter((fact) => !lacks(fact))]),
      )
    return {
      of: kept(await catalogueFacts(client, like, normal(like))),
      copy: kept(await catalogueFacts(client, 'copylab_test.records', normal(like))),
    }
  })
}

describe('readDefinition(client, { like }) makes a table whose catalogue is as that of the original', () => {
  it('with all that a table can have', async () => {
    const lacks = (fact: object): boolean =>
      ['whole', 'by_function', 'by_text'].some((name) => Object.values(fact).includes(name))
    const { of, copy } = await compare(orders, lacks)
    expect(of.columns).toHaveLength(23)
    expect(of.constraints!.length).toBeGreaterThan(15)
    expect(of.indexes).toHaveLength(8)
    expect(of.sequences).toHaveLength(4)
    expect(of.statistics).toHaveLength(2)
    expect(copy).toEqual(of)
  })

  it('with partitions of two levels, and what these have of their own', async () => {
    const { of, copy } = await compare('app.events')
    expect(of.tables).toHaveLength(5)
    expect(of.indexes).toHaveLength(15)
    expect(copy).toEqual(of)
  })

  it('with partitions by an expression', async () => {
    const { of, copy } = await compare('app.by_expression')
    expect(of.tables).toHaveLength(2)
    expect(copy).toEqual(of)
  })

  it('and keeps texts that look like the name of the table, or like a place to fill in', async () => {
    await withOwn(async (client) => {
      await make(client, await readDefinition(client, { like: orders }))
      const { rows: found } = await client.query<{ index: string; filled: string }>(
        `SELECT pg_get_indexdef('copylab_test.observe_2'::regclass) AS index,
           (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
            WHERE adrelid = 'copylab_test.records'::regclass AND attname = 'item') AS filled`,
      )
      expect(found[0]!.index).toContain(`'app."Order ""s" ON app.x'::text`)
      expect(found[0]!.index).toContain(`'app."Order ""s" USING'::text`)
      expect(found[0]!.filled).toBe("'{table} in {schema}, {verbatim table}'::text")
    })
  })

  it('with foreign keys of other kinds: to a period, to an index, and to a parent', async () => {
    await rows(`CREATE SCHEMA odd;
      CREATE TABLE odd.stays (room int4range, at daterange, PRIMARY KEY (room, at WITHOUT OVERLAPS));
      INSERT INTO odd.stays VALUES ('[1,2)', '[2026-01-01,2026-02-01)'), ('[1,2)', '[2026-03-01,2026-04-01)');
      CREATE TABLE odd.parents (code text COLLATE "C", extra int); CREATE UNIQUE INDEX once ON odd.parents (code) INCLUDE (extra);
      CREATE TABLE odd.children () INHERITS (odd.parents);
      INSERT INTO odd.parents VALUES ('a'); INSERT INTO odd.children VALUES ('b');
      CREATE UNLOGGED TABLE odd.kept (code text COLLATE "C", room int4range, "PERIOD at" daterange,
        CONSTRAINT period FOREIGN KEY (room, PERIOD "PERIOD at") REFERENCES odd.stays (room, PERIOD at),
        CONSTRAINT by_index FOREIGN KEY (code) REFERENCES odd.parents (code) ON DELETE SET DEFAULT (code) NOT ENFORCED)`).catch(
      async (error) => {
        await rows('DROP SCHEMA IF EXISTS odd CASCADE')
        throw error
      },
    )
    try {
      const definition = await read('odd.kept')
      expect(definition.leftOut).toEqual(['that it is unlogged, since the factor persistence decides'])
      await withOwn(async (client) => {
        await make(client, definition)
        const { rows: keys } = await client.query(
          `SELECT conname, pg_get_constraintdef(oid) AS text FROM pg_constraint
           WHERE connamespace = 'copylab_test'::regnamespace AND contype <> 'n' ORDER BY conname COLLATE "C"`,
        )
        expect(keys).toEqual([
          {
            conname: 'by_index',
            text: 'FOREIGN KEY (code) REFERENCES copylab_test.keys_of_parents(code) ON DELETE SET DEFAULT (code) NOT ENFORCED',
          },
          { conname: 'keys_of_parents_code_key', text: 'UNIQUE (code)' },
          { conname: 'keys_of_stays_pkey', text: 'PRIMARY KEY (room, at WITHOUT OVERLAPS)' },
          {
            conname: 'period',
            text: 'FOREIGN KEY (room, PERIOD "PERIOD at") REFERENCES copylab_test.keys_of_stays(room, PERIOD at)',
          },
        ])
        expect((await client.query('SELECT * FROM copylab_test.keys_of_parents')).rows).toEqual([{ code: 'a' }])
        expect((await client.query('SELECT FROM copylab_test.keys_of_stays')).rows).toHaveLength(2)
      })
    } finally {
      await rows('DROP SCHEMA IF EXISTS copylab_test CASCADE; DROP SCHEMA odd CASCADE')
    }
  })

  it('but for a default of a domain that draws from a sequence of others', async () => {
    await rows(`CREATE SEQUENCE shared.of_domain; CREATE DOMAIN shared.number AS int8 DEFAULT nextval('shared.of_domain');
      CREATE TABLE app.numbered (a int, n shared.number)`)
    try {
      const definition = await read('app.numbered')
      expect(definition.leftOut).toEqual(['the default of n, whose type shared.number draws from a sequence'])
      expect(definition.columns.map(({ filledBy }) => filledBy)).toEqual([null, null])
      await withOwn((client) => make(client, definition))
      await rows('INSERT INTO copylab_test.records (a) VALUES (1)')
      expect(await rows('SELECT a, n FROM copylab_test.records')).toEqual([{ a: 1, n: null }])
      expect(await rows('SELECT is_called FROM shared.of_domain')).toEqual([{ is_called: false }])
    } finally {
      await rows('DROP SCHEMA IF EXISTS copylab_test CASCADE; DROP TABLE app.numbered')
      await rows('DROP DOMAIN shared.number; DROP SEQUENCE shared.of_domain')
    }
  })

  it('where a partition is a foreign table, which is named', async () => {
    await rows(`CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere;
      CREATE TABLE app.spread (a int) PARTITION BY LIST (a); CREATE TABLE app.near PARTITION OF app.spread DEFAULT;
      CREATE FOREIGN TABLE app.far PARTITION OF app.spread FOR VALUES IN (1) SERVER nowhere; CREATE INDEX ON app.near (a)`)
    try {
      const { statements, leftOut } = await read('app.spread')
      expect(leftOut).toEqual(['the partition app.far, which is a foreign table'])
      expect(statements).toEqual([
        'CREATE TABLE {table} ("a" integer) PARTITION BY LIST (a)',
        'CREATE TABLE {schema}."near" PARTITION OF {table} DEFAULT',
        'CREATE INDEX "near_a_idx" ON ONLY {schema}."near" USING btree (a)',
      ])
    } finally {
      await rows('DROP TABLE app.spread; DROP SERVER nowhere; DROP FOREIGN DATA WRAPPER nowhere')
    }
  })

  it('where the table is itself a partition', async () => {
    const definition = await read('app.rest')
    await withOwn((client) => make(client, definition))
    expect(definition.parts.map(({ name }) => name)).toEqual([
      'rest_pkey',
      'sized',
      'rest_region_idx',
      'events_day_fkey',
      'events_parent_parent_day_fkey',
    ])
    expect(definition.leftOut).toEqual(['that it is a partition of app.events'])
  })
})

/** What a load of the original would change. */
const states = () =>
  rows(`SELECT (SELECT (last_value, is_called)::text FROM app."Odd ""seq'") AS odd, (SELECT (last_value, is_called)::text FROM shared.records) AS records,
    (SELECT (last_value, is_called)::text FROM shared.by_function) AS by_function, (SELECT n FROM shared."Counted") AS counted,
    (SELECT count(*) FROM shared.log) AS log, (SELECT count(*) FROM app."Order ""s") AS orders, (SELECT count(*) FROM ref.customers) AS customers,
    (SELECT (last_value, is_called)::text FROM app.event_numbers) AS events,
    (SELECT string_agg(relname || xmin::text || relhastriggers, ' ' ORDER BY oid) FROM pg_class
     WHERE relnamespace IN ('app'::regnamespace, 'ref'::regnamespace, 'shared'::regnamespace)) AS catalogue`)

describe('a table made like another', () => {
  it('is filled by COPY with sequences, keys and checks of its own, and leaves the original as it was', async () => {
    const before = await states()
    await withOwn(async (client) => {
      await make(client, await readDefinition(client, { like: orders }))
      const lines = Array.from(
        { length: 20 },
        (_, k) => `${k + 1}\t${k + 1}\tc${k + 1}\t${k + 1}\tp${k + 1}\t[${2 * k},${2 * k + 1})`,
      )
      const copy = (text: string) =>
        pipeline(
          [`${text}\n`],
          client.query(copyFrom('COPY copylab_test.records (customer, recipient, code, a, b, span) FROM STDIN')),
        )
      await copy(lines.join('\n'))
      const { rows: filled } = await client.query(
        'SELECT id::int, "No.", again::int, serial::int, by_function, label FROM copylab_test.records ORDER BY id LIMIT 2',
      )
      const label = '{TABLE} IN {SCHEMA}, {VERBATIM TABLE}'
      expect(filled).toEqual([
        { id: 500, 'No.': 40, again: 55, serial: 1000, by_function: null, label },
        { id: 503, 'No.': 50, again: 65, serial: 1001, by_function: null, label },
      ])
      await expect(copy('101\t1\tc1\t1\tp1\t[900,901)')).rejects.toThrow('foreign key constraint "later_key"')
      await expect(copy('1\t1\tc1\t1\tp2\t[900,901)')).rejects.toThrow('"to pairs"')
      await client.query('SELECT setval(\'copylab_test."Odd ""seq\'\'"\', 5)')
    })
    expect(await states()).toEqual(before)
  })

  it('is filled through its partitions', async () => {
    await withOwn(async (client) => {
      await make(client, await readDefinition(client, { like: 'app.events' }))
      await pipeline(
        ['2026-01-01\teu\n2026-02-01\tus\n'],
        client.query(copyFrom('COPY copylab_test.records (day, region) FROM STDIN')),
      )
      const { rows: filled } = await client.query('SELECT id::int FROM copylab_test.records_2026 ORDER BY id')
      expect(filled).toEqual([{ id: 1 }, { id: 2 }])
    })
  })

  it('loses each of its parts by `leaveOutSql`, but for a key that another part needs', async () => {
    await withOwn(async (client) => {
      const definition = await readDefinition(client, { like: orders })
      await make(client, definition)
      const refused: string[] = []
      for (const part of definition.parts) {
        await client.query(fillNames(leaveOutSql(part), 'copylab_test')).catch((error: Error) => {
          refused.push(`${part.name}: ${error.message}`)
        })
      }
      expect(refused).toEqual([expect.stringMatching(/^parent_key: cannot drop constraint parent_key/)])
      const { rows: left } = await client.query(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'copylab_test.records'::regclass AND contype <> 'n'",
      )
      expect(left).toEqual([{ conname: 'parent_key' }])
    })
  })
})

describe('the definition of a table', () => {
  it('names columns by their types, down to those of values, and says what fills them', async () => {
    const { columns, primaryKey } = await read(orders)
    expect(primaryKey).toEqual(['id'])
    expect(
      columns.map(({ name, type, base, notNull, filledBy }) => [name, type, base, notNull, filledBy].join(' | ')),
    ).toEqual([
      'id | bigint | int8 | true | identity',
      'No. | integer | int4 | true | default',
      'again | bigint | int8 | false | default',
      'serial | bigint | int8 | false | default',
      'by_function | bigint | int8 | false | ',
      'by_text | bigint | int8 | false | ',
      'customer | bigint | int8 | false | ',
      'recipient | bigint | int8 | false | ',
      'code | character varying(12) | varchar | false | ',
      'a | integer | int4 | false | ',
      'b | shared.short | varchar | false | default',
      'parent | bigint | int8 | false | ',
      'item | text | text | false | default',
      'label | text | text | false | generated',
      'price | numeric(10,2) | numeric | true | default',
      'twice | numeric | numeric | false | generated',
      'short | shared.shorter | varchar | true | default',
      'moods | shared.mood[] | enum[] | false | ',
      'mood | shared.mood | enum | false | ',
      'fixed | character(3) | bpchar | false | ',
      'bits | bit varying(8) | bit varying | false | ',
      'span | int4range | int4range | true | ',
      'at | timestamp(3) with time zone | timestamptz | false | default',
      'list | numeric(6,1)[] | numeric[] | false | ',
      '{schema} | jsonb | jsonb | false | ',
    ])
  })

  it('names its parts once, as the copy does, in the order in which they are made', async () => {
    const { parts } = await read(orders)
    expect(parts.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'primary key records_3',
      'unique Uni que',
      'unique parent_key',
      'exclusion apart',
      'check positive',
      'check later',
      'check not_enforced',
      'index observe_2',
      'index Once "only',
      'index brin',
      'index gin',
      'foreign key Order "s_customer_fkey',
      'foreign key Order "s_recipient_fkey',
      'foreign key Order "s_code_fkey',
      'foreign key to pairs',
      'foreign key self',
      'foreign key later_key',
    ])
    expect(parts.filter(({ name }) => ['brin', 'self', 'Uni que'].includes(name)).map(({ sql }) => sql)).toEqual([
      'UNIQUE NULLS NOT DISTINCT ("No.", price) DEFERRABLE INITIALLY DEFERRED',
      "INDEX USING brin (at) WITH (pages_per_range='16')",
      'FOREIGN KEY (parent) REFERENCES records(parent)',
    ])
  })

  it('copies each key once that foreign keys refer to', async () => {
    const { prepare } = await read(orders)
    expect(prepare.filter((statement) => statement.startsWith('CREATE'))).toEqual([
      'CREATE TABLE {schema}."keys_of_customers" WITH (autovacuum_enabled = false) AS SELECT id FROM ONLY ref.customers',
      'CREATE TABLE {schema}."keys_of_customers_2" WITH (autovacuum_enabled = false) AS SELECT code FROM ONLY ref.customers',
      'CREATE TABLE {schema}."keys_of_Pairs" WITH (autovacuum_enabled = false) AS SELECT b, a FROM ONLY ref."Pairs"',
    ])
  })

  it('has the triggers that its inserts fire, with what their functions write to', async () => {
    expect((await read(orders)).triggers).toEqual([
      {
        name: 'audit_orders',
        sql: 'CREATE TRIGGER audit_orders AFTER INSERT OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION shared.audit()',
        fires: 'AFTER INSERT OR DELETE',
        calls: 'shared.audit()',
        writes: ['shared.log', 'shared."Counted"'],
        rewrites: false,
      },
    ])
  })

  it('says what is left out', async () => {
    expect((await read(orders)).leftOut).toEqual([
      'the trigger touched (BEFORE UPDATE, disabled), which calls shared.touch()',
      'the rule kept',
      'row security',
      'the policy mine',
      'the tables that inherit from it (app.heir)',
      'the replica identity FULL',
      'the check whole, which is of the whole row',
      'the cluster mark on the index "Once ""only"',
      'the default of by_function, whose function shared.next() draws from a sequence',
      'the default of by_text, which finds its sequence by a text',
    ])
    expect((await read('app.events')).leftOut).toEqual([
      'the trigger only_here of the partition ref.observe (AFTER INSERT), whose function shared.audit() writes to shared.log, shared."Counted"',
      'the order of the columns in the partition app.rest',
    ])
    expect((await read('app.heir')).leftOut).toContain('the inheritance from app."Order ""s"')
  })

  it('is found by the search path where the name has no schema', async () => {
    await withOwn(async (client) => {
      await client.query('SET search_path = shared, app')
      expect((await readDefinition(client, { like: 'events' })).primaryKey).toEqual(['id', 'day'])
      expect((await client.query('SHOW search_path')).rows).toEqual([{ search_path: 'shared, app' }])
    })
  })
})

describe('reading a definition', () => {
  it('takes no lock above ACCESS SHARE, and waits for nobody who fills the table', async () => {
    await withClients([connection().config, connection().config], async ([client, other]) => {
      await other!.query(`BEGIN; INSERT INTO ref.customers VALUES (7777);
        LOCK TABLE ${orders}, app.events IN SHARE ROW EXCLUSIVE MODE`)
      const { query } = client!
      const ask = query.bind(client!) as (sql: string) => Promise<pg.QueryResult<{ mode: string }>>
      const modes = new Set<string>()
      const watched = async (...given: Parameters<typeof query>): Promise<unknown> => {
        if (String(given[0]) === 'ROLLBACK') {
          const { rows: locks } = await ask(
            "SELECT DISTINCT mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'",
          )
          for (const { mode } of locks) modes.add(mode)
        }
        return query.apply(client!, given)
      }
      client!.query = watched as typeof query
      const begun = performance.now()
      await readDefinition(client!, { like: orders })
      await readDefinition(client!, { like: 'app.events' })
      expect(performance.now() - begun).toBeLessThan(4_000)
      expect([...modes]).toEqual(['AccessShareLock'])
      await other!.query('ROLLBACK')
    })
  })

  it('waits for five seconds at most for a session that has locked the table alone', async () => {
    await withClients([connection().config, connection().config], async ([client, other]) => {
      await other!.query(`BEGIN; LOCK TABLE ${orders} IN ACCESS EXCLUSIVE MODE`)
      await expect(readDefinition(client!, { like: orders })).rejects.toThrow(
        /^The definition of app."Order ""s" cannot be read, since a session has locked the table .* for more than 5s: wait until/,
      )
      await other!.query('ROLLBACK')
      expect((await readDefinition(client!, { like: orders })).primaryKey).toEqual(['id'])
    })
  })
})

describe('a table that cannot be copied', () => {
  const refused = [
    ['app.missing', 'There is no table app.missing in the database', 'correct the name'],
    ['app."orders', 'There is no table app."orders in the database', 'spelled as in SQL'],
    ['app.seen', 'app.seen, which is a view', 'name the table that is filled'],
    ['app.far', 'app.far, which is a foreign table', 'name the table that is filled'],
    ['app.event_numbers', 'app.event_numbers, which is a sequence', 'name the table that is filled'],
    ['passing', '.passing, which is a temporary table', 'make a permanent one'],
    ['pg_class', "pg_catalog.pg_class, which is one of PostgreSQL's own tables", 'name a table of yours'],
  ] as const

  it.each(refused)('%s', async (like, name, remedy) => {
    await withOwn(async (client) => {
      await client.query(`BEGIN; CREATE VIEW app.seen AS SELECT 1 AS one; CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere;
        CREATE FOREIGN TABLE app.far (a int) SERVER nowhere; COMMIT; CREATE TEMP TABLE passing (a int)`)
      const error: Error = await readDefinition(client, { like }).then(
        () => expect.fail(),
        (reason) => reason,
      )
      await client.query(
        'DROP FOREIGN TABLE app.far; DROP SERVER nowhere; DROP FOREIGN DATA WRAPPER nowhere; DROP VIEW app.seen',
      )
      expect(error).toBeInstanceOf(DatabaseError)
      expect(error.message).toContain(name)
      expect(error.message).toContain(remedy)
    })
  })

  it('since the user lacks a right, which it names', async () => {
    await withOwn(async (client) => {
      await client.query('CREATE ROLE copylab_reader; SET ROLE copylab_reader')
      const refusal = (): Promise<string> =>
        readDefinition(client, { like: 'app.events' }).then(
          () => 'none',
          (error: Error) => `${error.name} ${error.message}`,
        )
      const messages = [await refusal()]
      for (const grant of [
        'GRANT USAGE ON SCHEMA app TO copylab_reader',
        'GRANT INSERT ON app.events TO copylab_reader',
        'GRANT SELECT ON ref.days TO copylab_reader; GRANT SELECT (id, secret) ON ref.customers TO copylab_reader; ALTER TABLE ref.days ENABLE ROW LEVEL SECURITY',
        'ALTER TABLE ref.days DISABLE ROW LEVEL SECURITY',
      ]) {
        await client.query(`RESET ROLE; ${grant}; SET ROLE copylab_reader`)
        messages.push(await refusal())
      }
      await client.query('RESET ROLE; DROP OWNED BY copylab_reader; DROP ROLE copylab_reader')
      expect(messages).toEqual([
        expect.stringMatching(/^DatabaseError The table app.events cannot be looked up .*GRANT USAGE on the schema/),
        expect.stringMatching(/may neither read nor fill: let its owner GRANT SELECT ON app.events TO copylab_reader/),
        expect.stringMatching(
          /^DatabaseError The foreign key events_day_fkey .*GRANT SELECT \(day\) ON ref.days TO copylab_reader/,
        ),
        expect.stringMatching(/row security hides rows from copylab_reader: connect as its owner/),
        'none',
      ])
    })
  })
})
