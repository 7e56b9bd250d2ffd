import pg from 'pg'
import type { IndexSize } from '../../../study/readings.js'
import { DatabaseError } from '../../errors.js'
import { qualifiedTable } from '../../footprint/mark.js'
import { partitionTreeSql } from '../../table/partition-tree.js'
import { type Cluster, type ClusterNode, nameOfNode } from './cluster.js'
import type { PerNode } from './node-counters.js'
import { askNodes, everyAnswer } from './run-on-nodes.js'

const { escapeLiteral } = pg

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

/** Query for the bytes of every index in a schema on a node, by the index's quoted name. */
export const nodeIndexesSql = (schema: string): string =>
  `SELECT coalesce(json_object_agg(format('%I.%I', nspname, relname), pg_total_relation_size(class.oid)), '{}')
     FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = relnamespace
    WHERE nspname = ${escapeLiteral(schema)} AND relkind = 'i'`

/**
 * Query for each index of a distributed table, and the quoted names that it has in the shards of
 * the table and of its partitions.
 */
export const shardIndexesSql = `SELECT root.relname::text AS name, array_agg(shard_name(own.indexrelid, shardid)) AS shards
   FROM pg_index AS own JOIN pg_class AS class ON class.oid = own.indexrelid AND relkind = 'i'
     JOIN pg_class AS root ON root.oid = coalesce(pg_partition_root(own.indexrelid), own.indexrelid)
     JOIN pg_dist_shard ON logicalrelid = own.indrelid
  WHERE own.indrelid IN (${partitionTreeSql('$1::regclass')}) GROUP BY 1 ORDER BY 1`

/**
 * Reads the size of each index of the study's table over all shards. Throws `DatabaseError` where a
 * node does not answer, or has no index of a name that is expected.
 */
export async function shardIndexSizes(
  control: pg.Client,
  schema: string,
  cluster: Cluster,
): Promise<readonly IndexSize[]> {
  const answers = await askNodes<Record<string, number>>(control, nodeIndexesSql(schema))
  const onNodes = [...everyAnswer(answers, (nodeId) => nameOfNode(cluster, nodeId)).values()]
  const { rows } = await control.query<{ name: string; shards: string[] }>(shardIndexesSql, [qualifiedTable(schema)])
  const bytesOf = (shard: string): number => {
    const sizes = onNodes.flatMap((indexes) => indexes[shard] ?? [])
    if (sizes.length === 0) throw new DatabaseError(`No node of the Citus cluster has the index ${shard}`)
    return sizes.reduce((sum, bytes) => sum + bytes, 0)
  }
  return rows.map(({ name, shards }) => ({ name, bytes: shards.reduce((sum, shard) => sum + bytesOf(shard), 0) }))
}
