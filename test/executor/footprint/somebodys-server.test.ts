import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cleanServer,
  type Input,
  runStudy,
  runTrial,
  type Server,
  type StudyOptions,
  synthetic,
} from '../../../src/entries/executor.js'
import { withClient } from '../../../src/executor/connect.js'
import { change } from '../../../src/executor/footprint/change.js'
import { isNearby } from '../../../src/executor/footprint/consent.js'
import { readSchemaMark } from '../../../src/executor/footprint/mark.js'
import { claimSchema } from '../../../src/executor/footprint/own-schema.js'
import { projectRoot } from '../../../src/project.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'

const { server, connection, rows } = useRunningServer(scratchEmbedded)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab somebody '))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  const left = (await rows("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'copylab_')")) as {
    nspname: string
  }[]
  for (const { nspname } of left) await rows(`DROP SCHEMA "${nspname}" CASCADE`)
})

const small = synthetic({ records: 300, width: 20 })
const options = (changes: Partial<StudyOptions> = {}): StudyOptions => ({
  name: 'made',
  server,
  input: small,
  factors: { workers: [1, 3], batchSize: 100, secondaryIndexes: [0, 1] },
  blocks: 2,
  warmUpBlocks: 0,
  probes: false,
  folder,
  ...changes,
})

describe('consent', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.255', true],
    ['::1', true],
    ['[::1]', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['LocalHost', true],
    ['local socket', true],
    ['/var/run/postgresql', true],
    ['db.example.org', false],
    ['10.0.0.5', false],
    ['127.0.0.1.example.org', false],
    ['127.0.0.256', false],
    ['1127.0.0.1', false],
    ['localhost.example.org', false],
    ['mylocalhost', false],
    ['fe80::1', false],
    ['2001:db8::1', false],
    ['0.0.0.0', false],
    ['', false],
  ])('isNearby(%j) is %j', (host, near) => {
    expect(isNearby(host)).toBe(near)
  })

  /** The server as it is, under the name of another machine. */
  const remote: Server = {
    describe: () => ({ kind: 'test' }),
    use: (task, given) =>
      server.use(
        (own) => task({ ...own, facts: { ...own.facts, kind: 'url', host: 'db.example.org', port: 5432 } }),
        given,
      ),
  }
  const wanted =
    /^Nothing was done yet: db\.example\.org:5432\/copylab is a server that copylab did not start\. 8 trials of 300 records would run on it, .* schema copylab_made, .*: about \d+ kB of WAL in all, 8 CHECKPOINTs \(one before each trial\), up to 5 connections \(3 of workers, the others to control and observe\) and about \d+ kB of disk at a time\. Of others there is 1 table \(the database holds \d[\d.]* MB\) and 2 connections\. To allow it: --yes on the command line, `yes: true` in code/

  it('runStudy on another machine is refused with what it would do, and touches nothing', async () => {
    await rows('CREATE TABLE public.theirs ()')
    try {
      await withClient({ ...connection().config, application_name: 'psql' }, () =>
        expect(runStudy(options({ server: remote }))).rejects.toThrow(wanted),
      )
      expect(await rows("SELECT FROM pg_namespace WHERE starts_with(nspname, 'copylab_')")).toEqual([])
      expect(readdirSync(join(folder, 'made'))).toEqual([])
      await expect(runTrial({ server: remote, input: small, treatment: { workers: 1 } })).rejects.toThrow(
        'Nothing was done yet',
      )
    } finally {
      await rows('DROP TABLE public.theirs')
    }
  })

  it('runStudy({ yes }) runs, asks, or takes the no', async () => {
    const asked: string[] = []
    const no = runStudy(options({ server: remote, yes: (text) => !asked.push(text) }))
    await expect(no).rejects.toThrow('Nothing was done on db.example.org:5432/copylab')
    expect(asked).toEqual([expect.stringMatching(/^db\.example\.org.* and \d+ connections?\.$/)])
    const study = await runStudy(options({ server: remote, blocks: 1, yes: true }))
    expect(study.trials).toHaveLength(4)
    // What is on disk is read without a word, and only the trials that are missing are announced.
    expect((await runStudy(options({ server: remote, blocks: 1 }))).origin).toBe('disk')
    await expect(runStudy(options({ server: remote }))).rejects.toThrow('4 trials of 300 records would run on it')
    const trial = await runTrial({
      server: remote,
      input: small,
      treatment: { workers: 1 },
      yes: () => Promise.resolve(true),
    })
    expect(trial.state).toBe('completed')
  })
})

describe('readSchemaMark(schema, comment)', () => {
  const time = '2026-11-29T10:00:00.000Z'
  it.each([
    ['copylab_a', `created by copylab, study a, ${time}`, { study: 'a', createdAt: time }],
    ['copylab_A-b_1', `created by copylab, study A-b_1, ${time}`, { study: 'A-b_1', createdAt: time }],
    ['copylab_a', 'created by copylab', { study: 'a', createdAt: null }],
    ['copylab_b', `created by copylab, study a, ${time}`, null],
    ['precious', `created by copylab, study a, ${time}`, null],
    ['copylab_a', 'created by copylab for my thesis', null],
    ['copylab_a', `created by copylab, study a, ${time} and edited`, null],
    ['copylab_a', 'Created by copylab', null],
    ['copylab_a', null, null],
  ])('of %s, %j, is %j', (schema, comment, mark) => {
    expect(readSchemaMark(schema, comment)).toEqual(mark)
  })
})

describe('a schema of another user', () => {
  it('is refused in one sentence, and kept by clean', async () => {
    await rows(`CREATE ROLE copylab_plain LOGIN PASSWORD 'x'; GRANT CREATE ON DATABASE ${connection().config.database} TO copylab_plain;
      CREATE SCHEMA copylab_made; COMMENT ON SCHEMA copylab_made IS 'created by copylab'`)
    const config = { ...connection().config, user: 'copylab_plain', password: 'x' }
    const plain: Server = { describe: () => ({ kind: 'test' }), use: (task) => task({ ...connection(), config }) }
    try {
      await expect(runStudy(options({ server: plain }))).rejects.toThrow(
        /^The schema copylab_made exists and belongs to another user, copylab: choose another study name, or let that user remove it/,
      )
      expect(await cleanServer(plain, async (left) => left)).toMatchObject({
        removed: [],
        kept: [{ name: 'copylab_made', reason: expect.stringContaining('belongs to another user, copylab') }],
      })
      // A superuser may remove what a user of the server left.
      await rows('ALTER SCHEMA copylab_made OWNER TO copylab_plain')
      expect(await cleanServer(server, async (left) => left)).toMatchObject({ removed: ['copylab_made'], kept: [] })
    } finally {
      await rows('DROP SCHEMA IF EXISTS copylab_made; DROP OWNED BY copylab_plain; DROP ROLE copylab_plain')
    }
  })
})

describe('a session that loses its control connection', () => {
  const terminate =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'copylab/made/control'"

  /** An input whose first trial runs a statement before it hands out a record. */
  const during = (statement: () => Promise<unknown>): Input => {
    let passes = 0
    return {
      ...small,
      files: async (given) =>
        (await small.files(given)).map((file) => ({
          ...file,
          async *read() {
            if (++passes === 2) await statement()
            yield* file.read()
          },
        })),
    }
  }

  it('removes its schema over another one', async () => {
    const error = await runStudy(options({ input: during(() => rows(terminate)) })).then(
      () => expect.fail(),
      (reason: Error) => reason,
    )
    expect(error.message).toContain('terminating connection due to administrator command')
    expect(error.message).not.toContain('is left at')
    expect(await rows("SELECT FROM pg_namespace WHERE starts_with(nspname, 'copylab_')")).toEqual([])
  })

  it('names the schema and the command where none can be had', async () => {
    await withClient({ ...connection().config, database: 'postgres' }, async (admin) => {
      const allow = (are: boolean) =>
        admin.query(`ALTER DATABASE ${connection().config.database} ALLOW_CONNECTIONS ${are}`)
      const cutOff = async (): Promise<void> => {
        await allow(false)
        await admin.query(terminate)
      }
      const ended = runStudy(options({ input: during(cutOff) }))
      await expect(ended)
        .rejects.toThrow(
          /terminating connection due to administrator command[\s\S]*\nThe schema copylab_made is left at 127.*not currently accepting connections.*`npx copylab clean --server embedded` lists and removes/,
        )
        .finally(() => allow(true))
    })
    expect(await cleanServer(server, async (left) => left)).toMatchObject({ removed: ['copylab_made'], kept: [] })
  })
})

describe('what a server refuses', () => {
  it.each([
    ['CREATE SCHEMA', 'CREATE SCHEMA'],
    ['CREATE TABLE', 'CREATE TABLE'],
    ['CREATE INDEX', 'CREATE INDEX'],
  ])('%s is named with the server’s word, and nothing is left', async (statement, tag) => {
    await rows(`CREATE FUNCTION public.friday() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no DDL on Fridays'; END $$;
      CREATE EVENT TRIGGER friday ON ddl_command_end WHEN TAG IN ('${tag}') EXECUTE FUNCTION public.friday()`)
    try {
      await expect(runStudy(options())).rejects.toThrow(
        `${statement} was refused by the server (no DDL on Fridays): remove what forbids it there`,
      )
      expect(await rows("SELECT FROM pg_namespace WHERE starts_with(nspname, 'copylab_')")).toEqual([])
    } finally {
      await rows('DROP EVENT TRIGGER friday; DROP FUNCTION public.friday()')
    }
  })

  it('a full disk is called so, in every statement', async () => {
    await rows(`CREATE FUNCTION public.full() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file "base/5/1": No space left on device'; END $$;
      CREATE EVENT TRIGGER full_disk ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.full()`)
    try {
      await expect(runStudy(options())).rejects.toThrow(
        /^The server's disk is full, so that CREATE TABLE failed \(could not extend/,
      )
    } finally {
      await rows('DROP EVENT TRIGGER full_disk; DROP FUNCTION public.full()')
    }
  })

  it('a CHECKPOINT that fails tells where to look', async () => {
    // A disk cannot be filled here. The server's own error, as it was seen on one that was full.
    const refusing = {
      query: () =>
        withClient(connection().config, (client) =>
          client.query(
            "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'checkpoint request failed'; END $$",
          ),
        ),
    } as unknown as pg.Client
    await expect(change(refusing, 'CHECKPOINT')).rejects.toThrow(
      /^CHECKPOINT failed on the server \(checkpoint request failed\): its log says why, most often that the server's disk is full\. Make room there, then run again$/,
    )
  })
})

describe('copylab clean', () => {
  let running: ChildProcess | null = null
  afterEach(() => running?.kill('SIGKILL'))

  /** Runs the built command line on the tests' server, without a terminal. */
  function copylab(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const { host, port, user, password, database } = connection().config
    const env = {
      ...process.env,
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: String(password),
      PGDATABASE: database,
    }
    const child = spawn(process.execPath, [join(projectRoot, 'dist', 'cli.js'), ...args], { cwd: folder, env })
    running = child
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })))
  }

  it('lists what is left, removes it with --yes, and keeps what is in use or holds others’ objects', async () => {
    await rows(`CREATE SCHEMA "copylab_Old"; COMMENT ON SCHEMA "copylab_Old" IS 'created by copylab';
      CREATE TABLE "copylab_Old".records WITH (autovacuum_enabled = false) AS SELECT generate_series(1, 1000) AS id;
      CREATE SCHEMA copylab_new; COMMENT ON SCHEMA copylab_new IS 'created by copylab, study new, 2026-11-29T10:00:00.000Z';
      CREATE SCHEMA copylab_theirs; CREATE TABLE copylab_theirs.records ()`)
    await withClient({ ...connection().config, application_name: 'elsewhere' }, async (control) => {
      await claimSchema(control, 'copylab_used')
      const listed = await copylab('clean', '--server', 'url', '--json')
      expect({ code: listed.code, stderr: listed.stderr }).toEqual({ code: 0, stderr: '' })
      const schemas = [
        { name: 'copylab_Old', study: 'Old', bytes: expect.any(Number), createdAt: null, inUse: false },
        { name: 'copylab_new', study: 'new', bytes: 0, createdAt: '2026-11-29T10:00:00.000Z', inUse: false },
        { name: 'copylab_used', study: 'used', bytes: 0, createdAt: expect.stringMatching(/^20.*Z$/), inUse: true },
      ]
      expect(JSON.parse(listed.stdout)).toEqual({ schemas, databases: [], folders: [] })
      expect((JSON.parse(listed.stdout) as { schemas: { bytes: number }[] }).schemas[0]!.bytes).toBeGreaterThan(36_000)
      await rows('CREATE VIEW copylab_new.report AS SELECT 1 AS value')
      const removed = await copylab('clean', '--server', 'url', '--json', '--yes')
      expect(removed.code).toBe(1)
      expect(JSON.parse(removed.stdout)).toEqual({
        schemas,
        databases: [],
        folders: [],
        removed: ['copylab_Old'],
        kept: [{ name: 'copylab_new', reason: expect.stringContaining('view copylab_new.report (owner copylab)') }],
      })
      await rows('DROP VIEW copylab_new.report')
    })
    const text = await copylab('clean', '--server', 'url')
    expect(text).toMatchObject({ code: 0, stdout: expect.stringContaining('copylab_used') })
    expect(text.stdout).toContain(
      'Nothing was removed: `npx copylab clean --server url --yes` removes what is not in use',
    )
    expect((await cleanServer(server, async (left) => left)).removed).toEqual(['copylab_new', 'copylab_used'])
    expect(await rows('SELECT FROM copylab_theirs.records')).toEqual([])
  })

  it('is what a study names that was killed, and removes all of it', async () => {
    const study =
      'study --name killed --input synthetic --records 20000 --workers 1 --batch-size 1000 --blocks 50 --server url --folder'
    const ended = copylab(...study.split(' '), folder)
    await expect
      .poll(() => rows("SELECT FROM pg_stat_activity WHERE application_name = 'copylab/killed/w0'"))
      .toHaveLength(1)
    running!.kill('SIGKILL')
    expect((await ended).code).toBeNull()
    await expect
      .poll(() => rows("SELECT FROM pg_stat_activity WHERE starts_with(application_name, 'copylab/killed/')"))
      .toEqual([])
    const { schemas, removed } = await cleanServer(server, async (left) => left)
    expect(schemas).toEqual([
      {
        name: 'copylab_killed',
        study: 'killed',
        bytes: expect.any(Number),
        createdAt: expect.any(String),
        inUse: false,
      },
    ])
    expect(removed).toEqual(['copylab_killed'])
  })
})
