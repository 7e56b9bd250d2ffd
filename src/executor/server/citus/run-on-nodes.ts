import pg from 'pg'
import { DatabaseError } from '../../errors.js'

const { escapeLiteral } = pg

/** Answer of one node of a Citus cluster to a command. */
export interface NodeAnswer<T> {
  /** `nodeid` of `pg_dist_node`. */
  readonly nodeId: number
  /** What the command returned; null where the node could not run it. */
  readonly value: T | null
  /** Why it could not; null where it did. */
  readonly refusal: string | null
}

/**
 * SQL that runs a command on every node through the coordinator, those that do not answer included.
 */
export const onNodesSql = (command: string): string =>
  `run_command_on_all_nodes(${command}, give_warning_for_connection_errors := true)`

/** Runs a query that returns one value of JSON on every node, at the same time. */
export async function askNodes<T>(client: pg.Client, query: string): Promise<readonly NodeAnswer<T>[]> {
  const { rows } = await client.query<{ nodeId: number; success: boolean; result: string }>(
    `SELECT nodeid AS "nodeId", success, result FROM ${onNodesSql(escapeLiteral(query))} ORDER BY nodeid`,
  )
  return rows.map(({ nodeId, success, result }) =>
    success
      ? { nodeId, value: JSON.parse(result) as T, refusal: null }
      : { nodeId, value: null, refusal: result.split('\n')[0]! },
  )
}

/** The values of all nodes by node. Throws `DatabaseError` that names the nodes without one. */
export function everyAnswer<T>(
  answers: readonly NodeAnswer<T>[],
  nameOfNode: (nodeId: number) => string,
): ReadonlyMap<number, T> {
  const refused = answers.filter(({ refusal }) => refusal !== null)
  if (refused.length > 0) {
    const words = refused.map(({ nodeId, refusal }) => `${nameOfNode(nodeId)} (${refusal})`)
    throw new DatabaseError(
      `The cluster's ${words.join(' and ')} did not answer: start it, or remove it by citus_remove_node`,
    )
  }
  return new Map(answers.map(({ nodeId, value }) => [nodeId, value as T]))
}
