import type pg from 'pg'
import type { NodeFacts } from '../../../study/context.js'
import type { Meanings } from '../../../study/factors/meanings.js'
import { distributionOf } from '../../../study/table/layout-of.js'
import type { Treatment } from '../../../study/treatment.js'
import { DatabaseError } from '../../errors.js'
import { nameOf, type Place } from '../connection-error.js'

/** A node of a Citus cluster. */
export interface ClusterNode extends Pick<NodeFacts, 'node' | 'role'> {
  /** `nodeid` of `pg_dist_node`; 0 for a coordinator that is not listed there. */
  readonly nodeId: number
}

/** A Citus cluster, by what its coordinator says of it. */
export interface Cluster {
  /** Version of Citus: "13.0.5". */
  readonly version: string
  /** The coordinator, then the workers that are active. */
  readonly nodes: readonly ClusterNode[]
}

/** A cluster with the facts of its nodes, as a session uses it. */
export interface SessionCluster {
  readonly version: string
  readonly nodes: readonly (ClusterNode & NodeFacts)[]
}

/** A session's cluster, and the meanings of its layouts. */
export interface Clustered {
  readonly cluster: SessionCluster | null
  readonly meanings: Meanings
}

/** Returns the cluster that the table of a treatment is distributed over; null where it is not. */
export function clusterUnder({ cluster, meanings }: Clustered, treatment: Treatment): SessionCluster | null {
  return distributionOf(meanings, treatment) === null ? null : cluster
}

/** Citus numbers the sessions of a cluster from this version on. */
const oldestMajor = 11

/** What the coordinator's catalogue holds of a node. */
interface NodeRow {
  readonly nodeId: number
  readonly node: string
  readonly groupId: number
  readonly isActive: boolean
  readonly holdsShards: boolean
}

/**
 * Reads which nodes a Citus cluster has. Throws `DatabaseError` for a server without Citus, one
 * that is not its cluster's coordinator, and a coordinator without workers.
 */
export async function readCluster(client: pg.Client, place: Place): Promise<Cluster> {
  const installed = await client.query<{ version: string }>(
    "SELECT extversion AS version FROM pg_extension WHERE extname = 'citus'",
  )
  const [found] = installed.rows
  if (!found) {
    throw new DatabaseError(
      `PostgreSQL at ${nameOf(place)} has no Citus, which distributes tables: name the coordinator of a cluster and a database with the extension citus, or leave --distribute (\`distribute\`) out`,
    )
  }
  if (Number.parseInt(found.version, 10) < oldestMajor) {
    throw new DatabaseError(
      `Citus ${found.version} at ${nameOf(place)} is too old, copylab needs ${oldestMajor} or newer: upgrade it, or leave --distribute (\`distribute\`) out`,
    )
  }
  const { rows } = await client.query<NodeRow & { isCoordinator: boolean; version: string }>(
    `SELECT nodeid AS "nodeId", nodename || ':' || nodeport AS node, listed.groupid AS "groupId", isactive AS "isActive",
            shouldhaveshards AS "holdsShards", local.groupid = 0 AS "isCoordinator",
            substring(citus_version() FROM 'Citus (\\S+)') AS version
       FROM (SELECT groupid FROM pg_dist_local_group) AS local (groupid)
         LEFT JOIN pg_dist_node AS listed ON noderole = 'primary' ORDER BY listed.groupid, nodeid`,
  )
  const { isCoordinator, version } = rows[0]!
  const nodes = rows.filter(({ nodeId }) => nodeId !== null)
  const coordinator = nodes.find(({ groupId }) => groupId === 0)
  if (!isCoordinator) {
    const where = coordinator ? `connect to ${coordinator.node}` : 'connect to that'
    throw new DatabaseError(
      `PostgreSQL at ${nameOf(place)} is a worker node of its Citus cluster, and tables are distributed by the coordinator alone: ${where}`,
    )
  }
  const workers = nodes.filter(({ groupId, isActive, holdsShards }) => groupId !== 0 && isActive && holdsShards)
  if (workers.length === 0) {
    throw new DatabaseError(
      `The Citus coordinator at ${nameOf(place)} has no worker node that is active and may hold shards, so there is nothing to distribute a table over: add one there by SELECT citus_add_node('host', 5432), or leave --distribute (\`distribute\`) out`,
    )
  }
  const { nodeId, node } = coordinator ?? { nodeId: 0, node: `${place.host}:${place.port}` }
  return {
    version,
    nodes: [
      { nodeId, node, role: 'coordinator' },
      ...workers.map((own): ClusterNode => ({ nodeId: own.nodeId, node: own.node, role: 'worker' })),
    ],
  }
}

/** Address of a node of the cluster by its number. */
export function nameOfNode({ nodes }: Pick<Cluster, 'nodes'>, nodeId: number): string {
  return nodes.find((own) => own.nodeId === nodeId)?.node ?? `node ${nodeId}`
}
