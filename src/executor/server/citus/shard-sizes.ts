import type pg from 'pg'
import { qualifiedTable } from '../../footprint/mark.js'
import { partitionTreeSql } from '../../table/partition-tree.js'
import type { ClusterNode } from './cluster.js'
import type { PerNode } from './node-counters.js'

/** Query for the bytes of a table's shards, with their indexes, by the node that they are on. */
export const shardSizesSql = `SELECT node.nodeid AS "nodeId", sum(shard_size)::float8 AS bytes
   FROM citus_shards AS shard JOIN pg_dist_node AS node USING (nodename, nodeport)
  WHERE table_name IN (${partitionTreeSql('$1::regclass')}) GROUP BY node.nodeid`

/** Reads the size of the shards of the study's table on each node; none where a node has none. */
export async function shardSizes(
  control: pg.Client,
  schema: string,
  nodes: readonly ClusterNode[],
): Promise<PerNode<number>> {
  const { rows } = await control.query<{ nodeId: number; bytes: number }>(shardSizesSql, [qualifiedTable(schema)])
  const known = rows.filter(({ nodeId }) => nodes.some((node) => node.nodeId === nodeId))
  return new Map(known.map(({ nodeId, bytes }) => [nodeId, bytes]))
}
