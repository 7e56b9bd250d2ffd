import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { CopyError, DatabaseError } from '../../../src/executor/errors.js'
import { type ClusterNode, nameOfNode, readCluster } from '../../../src/executor/server/citus/cluster.js'
import {
  distribute,
  distributeSql,
  referenceSql,
  sequentialSql,
} from '../../../src/executor/server/citus/distribute.js'
import { namingLostNodes } from '../../../src/executor/server/citus/lost-nodes.js'
import { checkpointNodes } from '../../../src/executor/server/citus/node-counters.js'
import { seenOnNodes, sessionsSql } from '../../../src/executor/server/citus/node-samples.js'
import { nearbyCpuMs } from '../../../src/executor/server/citus/observe-nodes.js'
import { askNodes, everyAnswer, onNodesSql } from '../../../src/executor/server/citus/run-on-nodes.js'
import { shardIndexSizes, shardSizesSql } from '../../../src/executor/server/citus/shard-sizes.js'
import { relationSizes } from '../../../src/executor/table/relation-sizes.js'
import { defaultTreatment } from '../../../src/study/treatment.js'

/** Stands for a coordinator, which cannot be had here: gives these answers, in their order. */
function answering(...answers: (readonly object[] | Error)[]) {
  const asked: string[] = []
  const query = async (sql: string): Promise<{ rows: readonly object[] }> => {
    asked.push(sql)
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return { rows: answer ?? [] }
  }
  return { client: { query } as unknown as pg.Client, asked }
}

const place = { host: 'db', port: 5432, database: 'shop' }
const nodes: readonly ClusterNode[] = [
  { nodeId: 1, node: 'db:5432', role: 'coordinator' },
  { nodeId: 2, node: 'one:5432', role: 'worker' },
]
const row = (nodeId: number | null, groupId: number, more: object = {}) => ({
  nodeId,
  groupId,
  node: `n${nodeId}:5432`,
  isActive: true,
  holdsShards: groupId > 0,
  isCoordinator: true,
  version: '13.0.5',
  ...more,
})
const installed = [{ version: '13.0-1' }]

describe('the statements for Citus', () => {
  it('distribute a table by a column, with shards of its own, as many as are asked for, or with those of another', () => {
    const by = { column: "it's", shards: null, colocateWith: null }
    expect(distributeSql('s.records', by)).toBe(
      "SELECT create_distributed_table('s.records', 'it''s', colocate_with => 'none')",
    )
    expect(distributeSql('s.records', { ...by, shards: 32 })).toMatch(/colocate_with => 'none', shard_count => 32\)$/)
    expect(distributeSql('s.records', { ...by, colocateWith: 'shop.customers' })).toMatch(
      /, colocate_with => 'shop\.customers'\)$/,
    )
    expect(referenceSql('s.keys')).toBe("SELECT create_reference_table('s.keys')")
    expect(sequentialSql).toBe("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")
  })

  it('ask every node, those that do not answer included', () => {
    expect(onNodesSql("'SELECT 1'")).toBe(
      "run_command_on_all_nodes('SELECT 1', give_warning_for_connection_errors := true)",
    )
    expect(sessionsSql).toContain('citus_calculate_gpid(citus_nodeid_for_gpid(citus_backend_gpid()), pid)')
    expect(shardSizesSql).toContain('citus_shards')
  })

  it('have the sizes of all shards, and without Citus those of the table', () => {
    expect(relationSizes('t', true)).toEqual({
      table: 'citus_relation_size(t)',
      indexes: '(citus_total_relation_size(t) - citus_table_size(t))',
      total: 'citus_total_relation_size(t)',
    })
    expect(relationSizes('t', false).total).toBe('pg_total_relation_size(t)')
  })
})

describe('readCluster', () => {
  it('has the coordinator and the workers that are active and may hold shards', async () => {
    const { client } = answering(installed, [
      row(1, 0),
      row(2, 1),
      row(3, 2, { isActive: false }),
      row(4, 3, { holdsShards: false }),
    ])
    expect(await readCluster(client, place)).toEqual({
      version: '13.0.5',
      nodes: [
        { nodeId: 1, node: 'n1:5432', role: 'coordinator' },
        { nodeId: 2, node: 'n2:5432', role: 'worker' },
      ],
    })
  })

  it('has a coordinator that is not listed by the name that it is reached by', async () => {
    const { client } = answering(installed, [row(2, 1)])
    expect((await readCluster(client, place)).nodes[0]).toEqual({ nodeId: 0, node: 'db:5432', role: 'coordinator' })
  })

  it.each([
    ['a server without Citus', [[]], /^PostgreSQL at db:5432\/shop has no Citus, which distributes tables: name the/],
    [
      'an old Citus',
      [[{ version: '10.2-1' }]],
      /^Citus 10\.2-1 at db:5432\/shop is too old, copylab needs 11 or newer/,
    ],
    [
      'a worker node',
      [installed, [row(1, 0, { isCoordinator: false, node: 'boss:5432' }), row(2, 1, { isCoordinator: false })]],
      /is a worker node of its Citus cluster, .*: connect to boss:5432$/,
    ],
    ['a coordinator that lists nobody', [installed, [row(null, 0)]], /^The Citus coordinator at .* has no worker node/],
    ['a coordinator alone', [installed, [row(1, 0, { holdsShards: true })]], /SELECT citus_add_node\('host', 5432\)/],
  ] as const)('refuses %s, with the remedy', async (_, answers, words) => {
    const { client } = answering(...answers)
    const read = readCluster(client, place)
    await expect(read).rejects.toThrow(DatabaseError)
    await expect(read).rejects.toThrow(words)
  })
})

describe('answers of nodes', () => {
  it('are values, or the first line of why there is none', async () => {
    const { client, asked } = answering([
      { nodeId: 1, success: true, result: '{"a":1}' },
      { nodeId: 2, success: false, result: 'failed to connect\nto it' },
    ])
    const answers = await askNodes(client, "SELECT 'x'")
    expect(asked[0]).toContain("run_command_on_all_nodes('SELECT ''x''', ")
    expect(answers).toEqual([
      { nodeId: 1, value: { a: 1 }, refusal: null },
      { nodeId: 2, value: null, refusal: 'failed to connect' },
    ])
    expect(() => everyAnswer(answers, (nodeId) => nameOfNode({ nodes }, nodeId))).toThrow(
      "The cluster's one:5432 (failed to connect) did not answer: start it, or remove it by citus_remove_node",
    )
    expect(everyAnswer(answers.slice(0, 1), String)).toEqual(new Map([[1, { a: 1 }]]))
  })

  it('give the size of each index over all its shards, or name the node or the shard that has none', async () => {
    const cluster = { version: '13.0.5', nodes }
    const has = (nodeId: number, sizes: object) => ({ nodeId, success: true, result: JSON.stringify(sizes) })
    const shards = [
      { name: 'by_note', shards: ['s.by_note_1', 's.by_note_2'] },
      { name: 'pkey', shards: ['s.pkey_1'] },
    ]
    const sizesOf = (...answers: object[]) => shardIndexSizes(answering(answers, shards).client, 's', cluster)
    // A shard may have a copy on another node.
    const first = has(1, { 's.by_note_1': 10, 's.pkey_1': 200, 's.pkey': 7 })
    expect(await sizesOf(first, has(2, { 's.by_note_2': 20, 's.pkey_1': 300 }))).toEqual([
      { name: 'by_note', bytes: 30 },
      { name: 'pkey', bytes: 500 },
    ])
    await expect(sizesOf(first, has(2, {}))).rejects.toThrow('No node of the Citus cluster has the index s.by_note_2')
    await expect(sizesOf(first, { nodeId: 2, success: false, result: 'gone' })).rejects.toThrow(
      "The cluster's one:5432 (gone) did not answer",
    )
  })

  it('name the nodes on which CHECKPOINT fails', async () => {
    const cluster = { version: '13.0.5', nodes }
    const { client, asked } = answering([])
    await checkpointNodes(client, cluster)
    expect(asked[0]).toContain(onNodesSql("'CHECKPOINT'"))
    await expect(checkpointNodes(answering([{ nodeId: 2, result: 'no' }]).client, cluster)).rejects.toThrow(
      'CHECKPOINT failed on one:5432 (no): find there what is in its way, then run again',
    )
  })
})

describe('distribute', () => {
  const by = { column: 'customer', shards: null, colocateWith: null }
  const refusal = (code: string): Error =>
    Object.assign(Object.create(pg.DatabaseError.prototype), { code, message: 'cannot', detail: 'No key.' })

  it('makes one shard after the other, since foreign keys to reference tables ask for it', async () => {
    const { client, asked } = answering()
    await distribute(client, 'copylab_x', by)
    expect(asked).toEqual([sequentialSql, distributeSql('"copylab_x".records', by)])
  })

  it('says what Citus refuses, and throws what is not about the table unchanged', async () => {
    await expect(distribute(answering([], refusal('0A000')).client, 'copylab_x', by)).rejects.toThrow(
      'Citus does not distribute the table by customer: cannot: No key. Distribute by a column that every key has, or leave out what is in the way by a layout',
    )
    const lost = refusal('08006')
    await expect(distribute(answering([], lost).client, 'copylab_x', by)).rejects.toBe(lost)
  })
})

describe('namingLostNodes', () => {
  const session = (client: pg.Client) => ({
    control: client,
    cluster: { version: '13.0.5', nodes: nodes.map((node) => ({ ...node, ...facts })) },
    meanings: { layout: { distributed: { distribute: 'id' } } },
  })
  const facts = { version: '17.4', host: null, readsProc: false, settings: {} }
  const trial = { treatment: { ...defaultTreatment, layout: 'distributed' }, trialMs: 5_000 }
  const copy = new CopyError(
    { worker: 1, batch: 2, firstRecord: 3, record: null, sqlState: '08006' },
    'it broke\nthere',
  )
  const ran = (nodeId: number, ms: number | null) => ({ nodeId, success: ms !== null, result: String(ms ?? 'gone') })

  it('names the node that does not answer, and one that was started again during the trial', async () => {
    const gone = [ran(1, 900_000), ran(2, null)]
    const { client } = answering(gone, gone)
    const named = (await namingLostNodes(copy, session(client), trial)) as CopyError
    expect(named.message).toBe(
      'it broke: the node one:5432 of the Citus cluster does not answer; start it, then run again',
    )
    expect(named).toMatchObject({ worker: 1, batch: 2, firstRecord: 3, sqlState: '08006' })
    const again = answering([ran(1, 900_000), ran(2, 1_000)])
    expect(((await namingLostNodes(new Error('x'), session(again.client), trial)) as Error).message).toBe(
      'x: the node one:5432 of the Citus cluster was started again; see its log, then run again',
    )
  })

  it('asks again where a node, or the coordinator, did not answer the first time', async () => {
    const replaced = [ran(1, 900_000), ran(2, 1_000)]
    for (const first of [[ran(1, 900_000), ran(2, null)], [], new Error('lost')]) {
      const { client, asked } = answering(first, replaced)
      const named = (await namingLostNodes(copy, session(client), trial)) as CopyError
      expect(named.message).toMatch(/^it broke: the node one:5432 of the Citus cluster was started again/)
      expect(asked).toHaveLength(2)
    }
  })

  it('leaves the error of a trial whose nodes all answer, or whose table is not distributed', async () => {
    const well = answering([ran(1, 900_000), ran(2, 900_000)])
    expect(await namingLostNodes(copy, session(well.client), trial)).toBe(copy)
    expect(well.asked).toHaveLength(1)
    const { client, asked } = answering()
    const plain = { ...trial, treatment: defaultTreatment }
    expect(await namingLostNodes(copy, session(client), plain)).toBe(copy)
    expect(asked).toEqual([])
  })
})

describe('nearbyCpuMs', () => {
  /** Nodes on these hosts, the coordinator's first. */
  const on = (...hosts: readonly (number | null)[]) =>
    hosts.map((host, k) => ({
      nodeId: k + 1,
      node: `n${k + 1}:5432`,
      role: k === 0 ? ('coordinator' as const) : ('worker' as const),
      host,
    }))
  const read = new Map([
    [1, 1000],
    [2, 200],
    [3, 30],
  ])

  it("adds up the workers on the coordinator's host", () => {
    expect(nearbyCpuMs(on(0, 0, 0), read)).toBe(230)
    expect(nearbyCpuMs(on(0, 0, 1), read)).toBe(200)
    expect(nearbyCpuMs(on(0, 1, 1), new Map())).toBe(0)
  })

  it('is not known where a worker that may be there could not be read', () => {
    expect(nearbyCpuMs(on(0, 0, 0), new Map([...read].slice(0, 2)))).toBe(
      "the CPU time of n3:5432 in the Citus cluster, on the coordinator's host, could not be read",
    )
    expect(nearbyCpuMs(on(0, null, 0), read)).toBe(
      "the host of n2:5432 in the Citus cluster could not be read, and with it which nodes share the coordinator's",
    )
    expect(nearbyCpuMs(on(null, 0, null), read)).toMatch(/^the host of n1:5432, n3:5432 in the Citus cluster/)
  })
})

describe('seenOnNodes', () => {
  const samples = (...all: unknown[]) => JSON.stringify(all)

  it('counts what was seen within the clock, and workers that commit on some node once', () => {
    const seen = seenOnNodes(
      [
        { at: 10, nodeId: 2, samples: samples([5, [['7', 'cpu', true]]], [50, [['7', 'IO:WALSync', true]]]) },
        {
          at: 10,
          nodeId: 3,
          samples: samples(
            [
              6,
              [
                ['7', 'idle', true],
                ['8', 'cpu', true],
              ],
            ],
            [51, [['7', 'idle', false]]],
          ),
        },
        { at: 11, nodeId: 2, samples: samples([0, [['7', 'cpu', true]]]) },
        { at: 11, nodeId: 3, samples: null },
      ],
      (at) => (at - 10) * 1000,
      500,
    )
    expect(seen.perNode.get(2)).toEqual({
      samples: 2,
      counts: [
        { event: 'IO:WalSync', count: 1 },
        { event: 'cpu', count: 1 },
      ],
    })
    expect(seen.perNode.get(3)?.samples).toBe(2)
    // Two workers at the first moment, one at the second.
    expect(seen.committing).toBe(1.5)
    expect(seenOnNodes([], Number, 500)).toEqual({ perNode: new Map(), committing: null })
  })
})
