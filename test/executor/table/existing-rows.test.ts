import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  csv,
  ddl,
  type Factors,
  type Input,
  type InputToInspect,
  like,
  runStudy,
  type Server,
  type StudyOptions,
  synthetic,
  type TableSource,
  withTrials,
} from '../../../src/entries/executor.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'

const { server, rows } = useRunningServer(scratchEmbedded)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-existing-rows-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

// With a table of others in the database, rows are put back from kept ones.
beforeAll(() => rows('CREATE SCHEMA shop; CREATE TABLE shop.unrelated ()'))
afterAll(() => rows('DROP SCHEMA shop CASCADE'))

/** An input of lines that `line` writes, from 0. */
function lines(header: string, count: number, line: (n: number) => string): InputToInspect {
  const files = mkdtempSync(join(folder, 'files-'))
  writeFileSync(join(files, '0.csv'), `${[header, ...Array.from({ length: count }, (_, n) => line(n))].join('\n')}\n`)
  return csv(files)
}

const day = (n: number): string => `2026-01-${String(1 + (n % 28)).padStart(2, '0')}`

interface Loaded {
  readonly input: Input | InputToInspect
  readonly table?: TableSource
  readonly treatment: Factors
  /** Selects from the loaded table, which is `{table}`. */
  readonly select: string
}

/** Loads twice into tables with existing rows; returns what is found after the second load. */
async function loaded({ input, table, treatment, select }: Loaded): Promise<object[]> {
  return withTrials({ server, input, ...(table && { table }), treatments: [treatment] }, async (run) => {
    const [schema] = (await rows(
      "SELECT quote_ident(nspname) AS own FROM pg_namespace WHERE starts_with(nspname, 'copylab_trial-')",
    )) as [{ own: string }]
    const found: object[][] = []
    for (let k = 0; k < 2; k++) {
      expect(await run({ treatment })).toMatchObject({ state: 'completed' })
      found.push(await rows(select.replaceAll('{table}', `${schema.own}.records`)))
    }
    expect(found[1]).toEqual(found[0])
    return found[1]!
  })
}

const one = { workers: 2, batchSize: 40 } as const

const study = (factors: Factors, more: Partial<StudyOptions>) =>
  runStudy({
    name: 'rows',
    server,
    input: synthetic({ records: 10, width: 16 }),
    factors: { ...one, ...factors },
    blocks: 1,
    warmUpBlocks: 0,
    folder,
    onFound: () => {},
    ...more,
  })

const refused = (factors: Factors, more: Partial<StudyOptions>): Promise<string> =>
  study(factors, more).then(
    () => 'accepted',
    ({ name, message }: Error) => `${name}: ${message}`,
  )

describe('existing rows that are copies of the records', () => {
  it('follow those of the original, with keys of every kind out of their way', async () => {
    await rows(`
      CREATE TABLE shop.orders (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        shop int2 NOT NULL, number int4 NOT NULL, code varchar(12) NOT NULL, token uuid NOT NULL UNIQUE,
        day date NOT NULL, price numeric(6, 2), note text, gross numeric GENERATED ALWAYS AS (price * 2) STORED,
        UNIQUE (shop, number), EXCLUDE USING btree (day WITH =, number WITH =));
      CREATE UNIQUE INDEX by_code ON shop.orders (lower(code)) WHERE price IS NOT NULL;
      INSERT INTO shop.orders (shop, number, code, token, day, price)
        SELECT 1, -k, 'Old' || k, md5('old' || k)::uuid, '2025-01-01'::date + k, k FROM generate_series(1, 30) AS k`)
    const uuid = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`
    const input = lines(
      'shop,number,code,token,day,price,note',
      100,
      (n) => `2,${n},Code${n},${uuid(n)},${day(n)},1.50,x`,
    )
    const [found] = await loaded({
      input,
      table: like('shop.orders'),
      treatment: { ...one, existingRows: 330 },
      select: `SELECT count(*)::int AS all, count(DISTINCT id)::int AS ids, count(DISTINCT code)::int AS codes, count(DISTINCT token)::int AS tokens,
                 count(*) FILTER (WHERE note IS NULL)::int AS originals, max(number) AS number, max(id)::int AS id,
                 min(id) FILTER (WHERE code = 'Code0')::int > 330 AS later,
                 (SELECT json_agg(code ORDER BY id) FROM {table} WHERE code LIKE 'Code7_%' AND code LIKE '%~%' AND length(code) = 7) AS moved,
                 md5(string_agg(concat_ws('|', shop, number, code, token, day, price, note, gross), ',' ORDER BY number)) AS content
               FROM {table}`,
    })
    expect(found).toEqual({
      all: 430,
      ids: 430,
      codes: 430,
      tokens: 430,
      originals: 30,
      // From -30 to 99: 130 numbers.
      number: 99 + 3 * 130,
      id: 430,
      later: true,
      moved: ['Code7~1', 'Code7~2', 'Code7~3'],
      content: expect.any(String),
    })
    expect(await rows('SELECT count(*)::int AS rows FROM shop.orders')).toEqual([{ rows: 30 }])
  })

  it('are equal before each trial and in each session', async () => {
    const input = lines('note,number', 50, (n) => `note ${n},${n}`)
    await rows(
      'CREATE TABLE shop.notes (id serial PRIMARY KEY, note text, number int DEFAULT 7, made timestamptz DEFAULT now())',
    )
    const factors = { existingRows: [0, 50, 160], indexBuild: ['before', 'after'] } as const
    const first = await study(factors, { input, table: like('shop.notes') })
    const again = await study(factors, { input, table: like('shop.notes'), blocks: 3 })
    expect(again.origin).toBe('measured')
    expect(again.trials.map(({ state }) => state)).toEqual(Array.from({ length: 18 }, () => 'completed'))
    const checksums = again.contexts.map(({ existingChecksum }) => existingChecksum)
    expect(checksums).toEqual([first.contexts[0]!.existingChecksum, first.contexts[0]!.existingChecksum])
    expect(checksums[0]).toMatch(/^-?[1-9]\d*$/)
    for (const existingRows of [50, 160]) {
      const sizes = again.trials.flatMap((trial) =>
        trial.state === 'completed' &&
        trial.treatment.existingRows === existingRows &&
        trial.treatment.indexBuild === 'before'
          ? [trial.existingBytes]
          : [],
      )
      expect([sizes.length, new Set(sizes).size]).toEqual([3, 1])
    }
  })

  it('fill tables of statements, with partitions, and of the records alone', async () => {
    const table = ddl(`
      CREATE TABLE {table} (id int, day timestamptz, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
      CREATE TABLE first PARTITION OF {table} FOR VALUES FROM (MINVALUE) TO ('2026-01-10');
      CREATE TABLE rest PARTITION OF {table} DEFAULT;
      CREATE INDEX ON {table} (note)`)
    const select = 'SELECT count(*)::int AS all, count(DISTINCT id)::int AS ids, max(id)::int AS id FROM {table}'
    const input = lines('id,day,note', 100, (n) => `${n},${day(n)} 10:00:00+00,x`)
    const treatment = { ...one, existingRows: 250 }
    expect(await loaded({ input, table, treatment, select })).toEqual([{ all: 350, ids: 350, id: 349 }])
    const plain = { input: synthetic({ records: 100, width: 16 }), treatment }
    expect(await loaded({ ...plain, select })).toEqual([{ all: 350, ids: 350, id: 349 }])
    const without = lines('a,b', 100, (n) => `${n % 3},${n % 5}`)
    const sums = 'SELECT count(*)::int AS all, sum(a)::int AS sum FROM {table}'
    expect(await loaded({ input: without, treatment, select: sums })).toEqual([{ all: 350, sum: 99 + 198 + 50 - 1 }])
  })

  it('are refused by the key that has no column to move, but not in a layout without it', async () => {
    await rows(`
      CREATE TABLE shop.kinds (id int PRIMARY KEY);
      INSERT INTO shop.kinds SELECT generate_series(1, 20);
      CREATE TABLE shop.flags (kind int REFERENCES shop.kinds, flag bool, small int2, CONSTRAINT once UNIQUE (kind, flag), CONSTRAINT apart UNIQUE (small, flag));
      INSERT INTO shop.flags VALUES (19, true, 1), (20, true, 2)`)
    const input = lines('kind,flag,small', 10, (n) => `${1 + n},true,${30_000 + n}`)
    const table = like('shop.flags')
    expect(await refused({ existingRows: 5 }, { input, table })).toBe(
      "RangeError: Expected `existingRows` to be at most 2, the rows of its own that the table has, got 5: more would be copies of the input's records, and the key once (kind, flag) has no column that copylab can move out of their way (flag: values of type bool are not moved; kind: it refers to another table). Take no more, or layouts without that key (--layout)",
    )
    expect(await refused({ existingRows: 2 }, { input, table })).toBe('accepted')
    const layout = { bare: { without: ['once'] } }
    // The range of int2 ends above; there is room below.
    expect(await refused({ existingRows: 5, layout }, { input, table })).toBe('accepted')
    const wide = lines('kind,flag,small', 10, (n) => `${1 + n},true,${n % 2 ? 32_000 + n : -32_000 - n}`)
    expect(await refused({ existingRows: 5, layout }, { input: wide, table })).toContain(
      'the key apart (small, flag) has no column that copylab can move out of their way (flag: values of type bool are not moved; small: the range of int2 is used up)',
    )
    const text = ddl('CREATE TABLE {table} (kind varchar(2) PRIMARY KEY, flag bool, small int)')
    expect(await refused({ existingRows: 5 }, { input, table: text })).toContain(
      "Expected `existingRows` to be at most 0, got 5: more would be copies of the input's records, and the key records_pkey (kind) has no column that copylab can move out of their way (kind: 2 characters have no room for a suffix)",
    )
    const days = ddl(`CREATE TABLE {table} (kind int, flag bool, small int PRIMARY KEY CHECK (small < 40000))`)
    expect(await refused({ existingRows: 5 }, { input, table: days })).toBe('accepted')
    expect(await refused({ existingRows: 20_000 }, { input, table: days })).toMatch(
      /^RangeError: Expected `existingRows` to be at most 0, got 20,000: more would be copies of the input's records with other values of small, which the table does not allow \(new row for relation "records" violates check constraint "records_small_check"\)/,
    )
  })

  it('are refused where the rows of the original have keys of the records', async () => {
    await rows(`CREATE TABLE shop.export (id int PRIMARY KEY, note text);
                INSERT INTO shop.export SELECT k, 'note ' || k FROM generate_series(0, 99) AS k`)
    const input = lines('id,note', 50, (n) => `${n + 90},note ${n + 90}`)
    const table = like('shop.export')
    for (const existingRows of [91, 300]) {
      expect(await refused({ existingRows }, { input, table })).toMatch(
        /^InputError: The rows that `existingRows` puts into the table and the input's records have a key in common, which export_pkey does not allow: Key \(id\)=\(9\d\) is duplicated\. Load other records \(--offset/,
      )
    }
    expect(await refused({ existingRows: 90 }, { input, table })).toBe('accepted')
    expect(await refused({ existingRows: 300, layout: { bare: { without: ['export_pkey'] } } }, { input, table })).toBe(
      'accepted',
    )
  })

  it('are refused where row security hides those of the original', async () => {
    const [{ database }] = (await rows('SELECT quote_ident(current_database()) AS database')) as [{ database: string }]
    await rows(`CREATE TABLE shop.hidden (id int PRIMARY KEY, note text); ALTER TABLE shop.hidden ENABLE ROW LEVEL SECURITY;
      CREATE ROLE copylab_shopper; GRANT CREATE ON DATABASE ${database} TO copylab_shopper;
      GRANT USAGE ON SCHEMA shop TO copylab_shopper; GRANT SELECT ON shop.hidden TO copylab_shopper`)
    try {
      const shopper: Server = {
        ...server,
        use: (task) =>
          server.use((own) =>
            task({
              ...own,
              config: { ...own.config, options: '-c role=copylab_shopper' },
              facts: { ...own.facts, canCheckpoint: false },
            }),
          ),
      }
      const input = lines('id,note', 10, (n) => `${n},x`)
      const given = { input, table: like('shop.hidden'), server: shopper, probes: false }
      expect(await refused({ existingRows: 5 }, given)).toBe(
        "DatabaseError: Row security hides rows of shop.hidden from copylab_shopper, so that `existingRows` cannot be its first ones: connect as its owner, or as a user with BYPASSRLS, or take a table by `ddl` (--ddl), whose rows are the input's records",
      )
      expect(await refused({ existingRows: 0 }, given)).toBe('accepted')
    } finally {
      await rows('DROP OWNED BY copylab_shopper; DROP ROLE copylab_shopper')
    }
  })
})
