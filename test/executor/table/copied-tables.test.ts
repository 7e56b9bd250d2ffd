import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cleanServer,
  ddl,
  type Factors,
  runStudy,
  type Server,
  type Study,
  type StudyOptions,
  synthetic,
} from '../../../src/entries/executor.js'
import { withClient } from '../../../src/executor/connect.js'
import { dropDatabases, makeDatabase } from '../../../src/executor/footprint/own-databases.js'
import { claimSchema, dropSchema } from '../../../src/executor/footprint/own-schema.js'
import { projectRoot } from '../../../src/project.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'

const { server, rows, connection } = useRunningServer(scratchEmbedded)

let folder: string
let running: ChildProcess | null = null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-copied-tables-'))
})
afterEach(() => {
  running?.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

const study = (factors: Factors, more: Partial<StudyOptions> = {}): Promise<Study> =>
  runStudy({
    name: 'copied',
    server,
    input: synthetic({ records: 400, width: 16 }),
    factors: { workers: 2, batchSize: 100, ...factors },
    blocks: 2,
    warmUpBlocks: 0,
    folder,
    onFound: () => {},
    ...more,
  })

const databases = () => rows("SELECT datname AS name FROM pg_database WHERE datname LIKE 'copylab%/%' ORDER BY datname")

/** The full name of a study's database, for the sessions in the server's own one. */
async function fullName(study: string, name: string): Promise<string> {
  const [own] = await rows('SELECT to_hex(oid::bigint) AS home FROM pg_database WHERE datname = current_database()')
  return `copylab_${study}/${(own as { home: string }).home}/${name}`
}

/** The sizes with which trials of a treatment began, each once. */
function sizes({ trials }: Study, isMeant: (factors: Factors) => boolean): number[] {
  const found = trials.flatMap((trial) =>
    trial.state === 'completed' && isMeant(trial.treatment) ? [trial.existingBytes!] : [],
  )
  return [...new Set(found)]
}

describe('existing rows on a server of copylab’s own', () => {
  it('come as copies of a database, one for each way in which the table is made', async () => {
    const seen = new Set<string>()
    const made = await study(
      { existingRows: [0, 1_000], secondaryIndexes: [0, 1] },
      {
        onProgress: async () => {
          for (const { name } of (await databases()) as { name: string }[]) seen.add(name)
        },
      },
    )
    expect(made.trials.map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => 'completed'))
    expect(made.contexts.map(({ existingRestore }) => existingRestore)).toEqual(['database'])
    expect(made.trials).toMatchObject(
      made.trials.map(({ treatment }) => ({ restoreMs: treatment.existingRows > 0 ? expect.any(Number) : null })),
    )
    const [bare, indexed] = [0, 1].map((secondaryIndexes) =>
      sizes(made, (own) => own.existingRows === 1_000 && own.secondaryIndexes === secondaryIndexes),
    )
    expect([bare!.length, indexed!.length]).toEqual([1, 1])
    expect(indexed![0]).toBeGreaterThan(bare![0]!)
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([await fullName('copied', 'rows'), await fullName('copied', 'trial')]),
    )
    expect(await databases()).toEqual([])
  })

  it('hold sequences, triggers and partitions of a table by statements', async () => {
    const table = ddl(`
      CREATE TABLE {table} (number int8 GENERATED ALWAYS AS IDENTITY, id int8, text_1 text, text_2 text, text_3 text, text_4 text, PRIMARY KEY (id, number)) PARTITION BY HASH (id);
      CREATE TABLE first PARTITION OF {table} FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE rest PARTITION OF {table} FOR VALUES WITH (MODULUS 2, REMAINDER 1)`)
    const made = await study({ existingRows: 1_000, persistence: ['logged', 'unlogged'] }, { table })
    expect(made.trials.map(({ state }) => state)).toEqual(Array.from({ length: 4 }, () => 'completed'))
    expect(made.contexts[0]!.existingRestore).toBe('database')
  })

  it('come from kept rows where the database holds what a table may need', async () => {
    for (const [make, remove] of [
      ['CREATE TABLE public.theirs ()', 'DROP TABLE public.theirs'],
      ["CREATE TYPE public.kind AS ENUM ('a')", 'DROP TYPE public.kind'],
      ['CREATE EXTENSION pg_trgm', 'DROP EXTENSION pg_trgm'],
      ["ALTER DATABASE {here} SET work_mem = '5MB'", 'ALTER DATABASE {here} RESET work_mem'],
    ]) {
      const here = String(connection().config.database)
      await rows(make!.replace('{here}', here))
      try {
        const made = await study({ existingRows: 1_000 }, { blocks: 1, fresh: true })
        expect([make, made.contexts[0]!.existingRestore]).toEqual([make, 'rows'])
      } finally {
        await rows(remove!.replace('{here}', here))
      }
    }
    const free = await study({ existingRows: 1_000, checkpoints: 'none' }, { blocks: 1, fresh: true })
    expect(free.contexts[0]!.existingRestore).toBe('rows')
  })

  it('leave no database after an abort, and name one that others use or have made', async () => {
    const over = new AbortController()
    const aborted = study(
      { existingRows: 100_000 },
      { signal: over.signal, blocks: 20, onProgress: ({ message }) => message.includes('block 1') && over.abort() },
    )
    await expect(aborted).rejects.toThrow()
    expect(await databases()).toEqual([])

    const name = await fullName('copied', 'rows')
    await rows(`CREATE DATABASE "${name}"`)
    try {
      await expect(study({ existingRows: 1_000 }, { fresh: true })).rejects.toThrow(
        `The database ${name} exists and was not made by copylab (its owner is copylab): choose another study name, or rename that database`,
      )
      expect(await databases()).toEqual([{ name }])
    } finally {
      await rows(`DROP DATABASE "${name}"`)
    }
  })

  it('are safe from a session of a study of equal name in another database of the server', async () => {
    const schema = 'copylab_copied'
    const application_name = 'elsewhere'
    const trial = { schema, template: null, versionNumber: connection().facts.versionNumber }
    const other = { ...connection(), config: { ...connection().config, database: 'copylab' } }
    const elsewhere: Server = { ...server, use: (task) => task(other) }
    await withClient({ ...connection().config, application_name }, async (control) => {
      await claimSchema(control, schema)
      const name = await makeDatabase(control, { ...trial, name: 'trial' })
      try {
        // A worker of the one session, and the whole of another.
        const loading = { ...connection().config, database: name, application_name: 'copylab/copied/w0' }
        await withClient(loading, async (worker) => {
          await study({}, { blocks: 1, server: elsewhere })
          expect((await worker.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
        })
        expect(await databases()).toEqual([{ name }])
        expect((await cleanServer(elsewhere)).databases).toEqual([])
        expect((await cleanServer(server)).databases).toMatchObject([{ name, inUse: true }])
      } finally {
        expect(await dropDatabases(control, schema)).toBeNull()
        expect(await dropSchema(control, schema)).toBeNull()
      }
    })
    expect(await databases()).toEqual([])
  })
})

describe('copylab clean', () => {
  it('lists the databases of a study that was killed, and removes them when nobody is connected', async () => {
    const { host, port, user, password, database } = connection().config
    const program = `
      const { runStudy, synthetic } = await import(${JSON.stringify(join(projectRoot, 'dist', 'entries', 'executor.js'))})
      const connection = ${JSON.stringify({ ...connection(), config: { host, port, user, password, database } })}
      await runStudy({ name: 'killed', server: { describe: () => ({ kind: 'test' }), use: (task) => task(connection) },
        input: synthetic({ records: 400, width: 16 }), factors: { workers: 1, batchSize: 100, existingRows: 1000 }, blocks: 500, folder: ${JSON.stringify(folder)} })`
    running = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: projectRoot, stdio: 'ignore' })
    const ended = new Promise((resolve) => running!.on('close', resolve))
    await expect.poll(async () => (await databases()).length, { timeout: 20_000 }).toBe(3)
    running.kill('SIGKILL')
    await ended
    await expect
      .poll(() => rows("SELECT FROM pg_stat_activity WHERE starts_with(application_name, 'copylab/killed/')"))
      .toEqual([])
    const found = await databases()
    const name = await fullName('killed', 'rows')
    expect(found).toEqual(expect.arrayContaining([{ name }, { name: await fullName('killed', 't1') }]))

    const left = { study: 'killed', bytes: expect.any(Number), createdAt: expect.stringMatching(/^20.*Z$/) }
    await withClient({ ...connection().config, database: name }, async () => {
      const cleaning = await cleanServer(server, async (all) => all)
      expect(cleaning.databases).toEqual(
        found.map((own) => ({ ...own, ...left, inUse: isDeepStrictEqual(own, { name }) })),
      )
      expect(cleaning.schemas).toMatchObject([{ name: 'copylab_killed', inUse: false }])
      expect(cleaning.removed).not.toContain(name)
      expect(cleaning.kept).toEqual([{ name, reason: 'other sessions are connected to it, end them first' }])
    })
    // One that was killed between the two statements has no mark yet.
    await rows(`COMMENT ON DATABASE "${name}" IS NULL`)
    expect(await cleanServer(server, async (all) => all)).toMatchObject({
      databases: [{ name, createdAt: null }],
      removed: [name],
      kept: [],
    })
  })

  it('is not needed where the study runs again', async () => {
    const name = await fullName('copied', 't7')
    await rows(`CREATE DATABASE "${name}" CONNECTION LIMIT 0`)
    await rows(`COMMENT ON DATABASE "${name}" IS 'created by copylab, study copied, 2026-11-29T10:00:00.000Z'`)
    await study({}, { blocks: 1 })
    expect(await databases()).toEqual([])
  })

  it('removes those of an earlier copylab, and of a database that is gone', async () => {
    const names = ['copylab_copied/7fffffff/rows', 'copylab_copied/rows']
    for (const name of names) {
      await rows(`CREATE DATABASE "${name}" CONNECTION LIMIT 0`)
      await rows(`COMMENT ON DATABASE "${name}" IS 'created by copylab, study copied, 2026-11-29T10:00:00.000Z'`)
    }
    expect(await cleanServer(server, async (all) => all)).toMatchObject({ removed: names, kept: [] })
  })
})
