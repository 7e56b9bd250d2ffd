import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain, sentencesOf } from '../../../src/entries/analysis.js'
import { csv, ddl, like, readStudy, runStudy, runTrial, url, withTrials } from '../../../src/entries/executor.js'
import { useRunningServer } from '../running-server.js'

const address = process.env.CITUS_URL

describe.skipIf(!address)(
  `a Citus cluster${address ? '' : ' (CITUS_URL does not name the coordinator of one)'}`,
  () => {
    const { server, rows } = useRunningServer(url(address ?? 'postgres://localhost'))
    let folder: string
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'copylab-citus-'))
      mkdirSync(join(folder, 'files'))
      const lines = Array.from({ length: 4000 }, (_, id) => `${id},${1 + (id % 50)},${(id % 800) / 8}`)
      writeFileSync(join(folder, 'files', 'orders.csv'), `id,customer,amount\n${lines.join('\n')}\n`)
      await rows(`
      CREATE SCHEMA shop_of_citus_test;
      CREATE TABLE shop_of_citus_test.customers (id int PRIMARY KEY);
      INSERT INTO shop_of_citus_test.customers SELECT generate_series(1, 50);
      CREATE TABLE shop_of_citus_test.orders (
        id bigint PRIMARY KEY, customer int REFERENCES shop_of_citus_test.customers, amount numeric(8, 3) CHECK (amount >= 0));
      CREATE INDEX by_customer ON shop_of_citus_test.orders (customer);
      INSERT INTO shop_of_citus_test.orders SELECT 100000 + k, 1, 1 FROM generate_series(1, 900) AS k`)
    })
    afterAll(async () => {
      await rows('DROP TABLE shop_of_citus_test.orders, shop_of_citus_test.customers')
      await rows('DROP SCHEMA shop_of_citus_test')
      rmSync(folder, { recursive: true })
    })
    const files = () => csv(join(folder, 'files'))

    it('is loaded by plain and distributed tables, verified, with every node in explain', async () => {
      const study = await runStudy({
        name: 'citus-plain',
        server,
        input: files(),
        factors: {
          workers: [2],
          batchSize: [1000],
          layout: { default: {}, distributed: { distribute: 'id', shards: 4 } },
        },
        blocks: 2,
        warmUpBlocks: 0,
        folder: join(folder, 'studies'),
      })
      expect(study.trials.map(({ state }) => state)).toEqual(Array(4).fill('completed'))
      const { cluster } = study.contexts[0]!
      const names = cluster!.nodes.map(({ node }) => node)
      expect(cluster!.nodes.filter(({ role }) => role === 'worker').length).toBeGreaterThan(0)
      for (const trial of study.trials) {
        if (trial.state === 'failed') throw new Error(trial.error.message)
        const isDistributed = trial.treatment.layout === 'distributed'
        expect(trial.nodes?.map(({ node }) => node) ?? null).toEqual(isDistributed ? names : null)
        expect(trial.tableBytes).toBeGreaterThan(0)
        expect(trial.hostOthers === null).toBe(
          trial.missing.hostOthers !== undefined || trial.missing.backends !== undefined,
        )
        if (!trial.nodes) continue
        expect(trial.distributedCommitMs).toBeGreaterThanOrEqual(0)
        const shards = trial.nodes.reduce((sum, { shardBytes }) => sum + shardBytes!, 0)
        expect(shards).toBeGreaterThanOrEqual(trial.tableBytes!)
        expect(trial.nodes.reduce((sum, { walBytes }) => sum + walBytes!, 0)).toBe(trial.walBytes)
        for (const { samples, checkpoints } of trial.nodes) {
          expect(samples).toBeGreaterThan(0)
          expect(checkpoints).toBe(0)
        }
      }
      const read = readStudy('citus-plain', { folder: join(folder, 'studies') })
      const spent = explain(read, { at: { layout: 'distributed' } })
      expect(spent.nodes.map(({ node }) => node)).toEqual(names)
      const sentences = sentencesOf(spent).join('\n')
      for (const name of names) expect(sentences).toContain(`Node ${name} (`)
      const changed = explain(read, { from: { layout: 'default' }, to: { layout: 'distributed' } })
      expect([changed.nodes.from, changed.nodes.to.map(({ node }) => node)]).toEqual([[], names])
    })

    it('takes a table like another, with keys as reference tables, rows that are there, and indexes after the load', async () => {
      const factors = { workers: 2, batchSize: 500, layout: { by: { distribute: 'id' } } } as const
      const treatments = [
        { ...factors, existingRows: 800 },
        { ...factors, indexBuild: 'after' as const, persistence: 'unlogged' as const },
      ]
      await withTrials(
        { server, input: files(), table: like('shop_of_citus_test.orders'), treatments },
        async (run) => {
          for (const treatment of treatments) {
            const trial = await run({ treatment })
            expect(trial).toMatchObject({ state: 'completed', records: 4000 })
            if (trial.state === 'failed') continue
            expect(trial.indexSizes!.map(({ name }) => name)).toEqual(['by_customer', 'orders_pkey'])
            expect(trial.indexSizes!.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(trial.indexBytes)
          }
        },
      )
      const shards = await rows(
        "SELECT count(*)::int AS left FROM pg_dist_partition WHERE logicalrelid::text LIKE 'copylab_trial-%'",
      )
      expect(shards).toEqual([{ left: 0 }])
    })

    it('takes a table by DDL', async () => {
      const table = ddl(
        'CREATE TABLE {table} (id int PRIMARY KEY, customer int, amount numeric); CREATE INDEX ON {table} (customer)',
      )
      const treatment = {
        workers: 2,
        batchSize: 500,
        layout: { by: { distribute: 'id' } },
        existingRows: 5000,
      } as const
      const parted = {
        ...treatment,
        layout: { parted: { distribute: 'id', partitions: { count: 3 } } },
        existingRows: 0,
      } as const
      await withTrials({ server, input: files(), table, treatments: [treatment, parted] }, async (run) => {
        for (const each of [treatment, parted]) {
          const trial = await run({ treatment: each })
          expect(trial).toMatchObject({ state: 'completed', records: 4000 })
          if (trial.state === 'failed') continue
          expect(trial.indexSizes!.map(({ name }) => name)).toEqual(['records_customer_idx', 'records_pkey'])
          expect(trial.indexSizes!.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(trial.indexBytes)
        }
      })
    })

    it("does not count the nodes' work as that of others where it may not be read", async () => {
      // Only the coordinator lets the role read files; Citus makes the role on every node.
      const reader = new URL(address!)
      const database = pg.escapeIdentifier(reader.pathname.slice(1))
      reader.username = 'citus_reader'
      // The nodes may know one password alone for each other.
      const password = pg.escapeLiteral(decodeURIComponent(reader.password))
      await rows(`CREATE ROLE citus_reader LOGIN PASSWORD ${password}`)
      await rows(`GRANT CREATE ON DATABASE ${database} TO citus_reader`)
      await rows(`SET citus.enable_ddl_propagation = off;
        GRANT pg_read_server_files TO citus_reader;
        GRANT EXECUTE ON FUNCTION pg_read_file(text, bigint, bigint, boolean) TO citus_reader`)
      try {
        const treatment = { layout: { by: { distribute: 'id' } } } as const
        const trial = await runTrial({ server: url(reader.href), input: files(), treatment })
        expect(trial).toMatchObject({
          state: 'completed',
          hostBusy: expect.any(Number),
          hostOthers: null,
          missing: { hostOthers: expect.stringMatching(/^the host of .* in the Citus cluster could not be read/) },
        })
      } finally {
        await rows('DROP OWNED BY citus_reader')
        await rows('DROP ROLE citus_reader')
      }
    })

    it('refuses what Citus refuses, before or at the first trial', async () => {
      const load = (column: string, more: object = {}) =>
        withTrials(
          { server, input: files(), treatments: [{ layout: { by: { distribute: column } } }], ...more },
          (run) => run({ treatment: { layout: { by: { distribute: column } } } }),
        )
      const table = like('shop_of_citus_test.orders')
      await expect(load('customer', { table })).rejects.toThrow(/by a column of the primary key \(id\), got `customer`/)
      await expect(load('nothing')).rejects.toThrow(/to be distributed by a column of the table out of id, customer/)
    })
  },
)
