import pg from 'pg'
import { expect, test } from 'vitest'
import { claimSchema, dropSchema } from '../../../src/executor/footprint/own-schema.js'
import { schemaContent } from '../../../src/executor/footprint/schema-content.js'
import { serverCpuMs } from '../../../src/executor/probes/others.js'
import { runningMsSql } from '../../../src/executor/server/citus/lost-nodes.js'
import { nodeCountersSql, nodeCpuSql, walPositionSql } from '../../../src/executor/server/citus/node-counters.js'
import { hostIdSql, nodeFactsSql } from '../../../src/executor/server/citus/node-facts.js'
import { createNodeObserver, nodeSamplesSql } from '../../../src/executor/server/citus/node-samples.js'
import { nodeIndexesSql } from '../../../src/executor/server/citus/shard-sizes.js'
import { useScratchDatabase } from '../scratch-server.js'

// Every node of a cluster is a PostgreSQL server, and so is the one here: what nodes are asked, it
// is asked.
const client = useScratchDatabase()

async function answerTo(command: string): Promise<unknown> {
  const { rows } = await client().query({ text: command, rowMode: 'array' })
  expect(rows).toHaveLength(1)
  expect(rows[0]).toHaveLength(1)
  return rows[0]![0]
}

test('a node answers each command of copylab by one value of JSON', async () => {
  const facts = (await answerTo(nodeFactsSql)) as { version: string; settings: object; readsProc: boolean }
  expect(facts).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+/), readsProc: true })
  expect(facts.settings).toMatchObject({ fsync: 'on', shared_buffers: '128MB' })
  expect(await answerTo(walPositionSql)).toBeGreaterThan(0)
  expect(await answerTo(runningMsSql)).toBeGreaterThan(0)
  const version = Number((await answerTo('SHOW server_version_num')) as string)
  expect(await answerTo(nodeCountersSql(version))).toMatchObject({
    checkpoints: expect.any(Number),
    walSyncs: expect.any(Number),
    configurationLoadedAt: expect.any(String),
  })
})

test('a node answers with the bytes of the indexes that a schema has there', async () => {
  const schema = "the node's"
  expect(await answerTo(nodeIndexesSql(schema))).toEqual({})
  const quoted = pg.escapeIdentifier(schema)
  await client().query(
    `CREATE SCHEMA ${quoted}; CREATE TABLE ${quoted}.records_1 (id int PRIMARY KEY, note text); CREATE INDEX "By note" ON ${quoted}.records_1 (note)`,
  )
  await client().query(`INSERT INTO ${quoted}.records_1 SELECT k, k FROM generate_series(1, 5000) AS k`)
  const sizes = (await answerTo(nodeIndexesSql(schema))) as Record<string, number>
  expect(Object.keys(sizes).sort()).toEqual([`${quoted}."By note"`, `${quoted}.records_1_pkey`])
  const whole = await client().query(
    `SELECT pg_indexes_size('${quoted.replaceAll("'", "''")}.records_1')::int AS bytes`,
  )
  expect(Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0)).toBe(whole.rows[0].bytes)
})

test.skipIf(process.platform !== 'linux')('a node on Linux answers with its host and its CPU time', async () => {
  expect(await answerTo(hostIdSql)).toMatch(/^[\da-f-]{36}\n$/)
  expect(serverCpuMs((await answerTo(nodeCpuSql)) as never)).toBeGreaterThan(0)
})

test('a node samples its backends that serve the sessions, several times a call', async () => {
  await client().query("SET application_name = 'citus_internal gpid=10000000042'")
  const samples = (await answerTo(nodeSamplesSql(['10000000042', '7']))) as [number, unknown[]][]
  expect(samples).toHaveLength(14)
  const times = samples.map(([ms]) => ms)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(13 * 15)
  for (const [, seen] of samples) expect(seen).toEqual([['10000000042', expect.any(String), false]])
  const others = (await answerTo(nodeSamplesSql(['7']))) as [number, unknown[]][]
  for (const [, seen] of others) expect(seen).toEqual([])
})

test("the function that samples nodes is copylab's own, and is removed with the schema", async () => {
  const schema = 'copylab_nodes-test'
  // Its statement names a function of Citus, which is found when it is called.
  await claimSchema(client(), schema)
  await createNodeObserver(client(), schema)
  expect(await schemaContent(client(), schema)).toMatchObject({ observers: ['text, integer, integer'], others: [] })
  expect(await dropSchema(client(), schema)).toBeNull()
})
