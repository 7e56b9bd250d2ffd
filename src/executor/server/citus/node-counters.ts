import type pg from 'pg'
import { DatabaseError } from '../../errors.js'
import { type ServerStats, serverCpuMs, serverStatsSql } from '../../probes/others.js'
import { type Counters, countersSql, readCounters } from '../../probes/wal-io.js'
import { type Cluster, nameOfNode } from './cluster.js'
import { askNodes, onNodesSql } from './run-on-nodes.js'

/** A number of each node that answered, by its `nodeId`. */
export type PerNode<T> = ReadonlyMap<number, T>

/** Query for the position of a node's WAL, in bytes from its beginning. */
export const walPositionSql = "SELECT to_json((pg_current_wal_insert_lsn() - '0/0')::float8)"

/** Query for the counters of a node. */
export const nodeCountersSql = (versionNumber: number): string =>
  `SELECT row_to_json(counters) FROM (${countersSql(versionNumber)}) AS counters`

/** Query for the CPU time of all processes of a node's server. */
export const nodeCpuSql = `SELECT row_to_json(server) FROM (${serverStatsSql}) AS server`

/**
 * Writes all dirty pages of every node. Throws `DatabaseError` that names the nodes which did not.
 */
export async function checkpointNodes(control: pg.Client, cluster: Cluster): Promise<void> {
  const { rows } = await control.query<{ nodeId: number; result: string }>(
    `SELECT nodeid AS "nodeId", result FROM ${onNodesSql("'CHECKPOINT'")} WHERE NOT success`,
  )
  if (rows.length === 0) return
  const words = rows.map(({ nodeId, result }) => `${nameOfNode(cluster, nodeId)} (${result})`)
  throw new DatabaseError(`CHECKPOINT failed on ${words.join(' and ')}: find there what is in its way, then run again`)
}

/** Reads the position of each node's WAL. */
export async function walPositions(control: pg.Client): Promise<PerNode<number>> {
  return answered(await askNodes<number>(control, walPositionSql))
}

/**
 * Reads the counters of each node; those of the coordinator, the first, over the connection that
 * reads them in other trials too, since a backend knows only of the settings that it has read.
 */
export async function nodeCounters(
  control: pg.Client,
  versionNumber: number,
  [coordinator]: readonly { readonly nodeId: number }[],
): Promise<PerNode<Counters>> {
  const own = await readCounters(control, versionNumber)
  const others = answered(await askNodes<Counters>(control, nodeCountersSql(versionNumber)))
  return new Map([...others, [coordinator!.nodeId, own]])
}

/** Reads the CPU time of each node's server, in milliseconds. */
export async function nodeCpuMs(control: pg.Client): Promise<PerNode<number>> {
  const found = answered(await askNodes<ServerStats>(control, nodeCpuSql))
  return new Map(
    [...found].flatMap(([nodeId, stats]) => {
      const ms = serverCpuMs(stats)
      return ms === null ? [] : [[nodeId, ms] as const]
    }),
  )
}

/** The sum over all nodes; null where one of them has no number. */
export function totalOf(numbers: PerNode<number | null>, nodes: readonly { readonly nodeId: number }[]): number | null {
  let sum = 0
  for (const { nodeId } of nodes) {
    const own = numbers.get(nodeId) ?? null
    if (own === null) return null
    sum += own
  }
  return sum
}

/** The differences between two readings, of the nodes that both have. */
export function sinceOf(before: PerNode<number>, after: PerNode<number>): PerNode<number> {
  return new Map(
    [...after].flatMap(([nodeId, now]) => {
      const then = before.get(nodeId)
      return then === undefined ? [] : [[nodeId, now - then] as const]
    }),
  )
}

function answered<T>(answers: Awaited<ReturnType<typeof askNodes<T>>>): PerNode<T> {
  return new Map(answers.flatMap(({ nodeId, value }) => (value === null ? [] : [[nodeId, value] as const])))
}
