import type { Treatment } from '../../../study/treatment.js'
import { CopyError, DatabaseError } from '../../errors.js'
import type { Session } from '../../session/session.js'
import { clusterUnder, nameOfNode } from './cluster.js'
import { askNodes } from './run-on-nodes.js'

/** Query for the time in milliseconds for which a node's server has run. */
export const runningMsSql = 'SELECT to_json(extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()) * 1000)'

/**
 * Adds to the error of a trial whose table is distributed which nodes of the cluster do not answer,
 * or were started again since the trial began; returns any other error unchanged. `trialMs` is the
 * time since then, in milliseconds.
 */
export async function namingLostNodes(
  error: unknown,
  { control, ...given }: Pick<Session, 'control' | 'cluster' | 'meanings'>,
  { treatment, trialMs }: { readonly treatment: Treatment; readonly trialMs: number },
): Promise<unknown> {
  const cluster = clusterUnder(given, treatment)
  if (cluster === null) return error
  const ask = () => askNodes<number>(control, runningMsSql).catch(() => [])
  const first = await ask()
  const isWhole = first.length > 0 && first.every(({ value }) => value !== null)
  // A connection that the coordinator had kept, and that was lost, is seen at the first use of it,
  // and replaced at the next.
  const answers = isWhole ? first : await ask()
  const lost = answers.filter(({ value }) => value === null).map(({ nodeId }) => nameOfNode(cluster, nodeId))
  const again = answers.filter(({ value }) => value !== null && value < trialMs)
  const words = [
    ...lost.map((name) => `the node ${name} of the Citus cluster does not answer`),
    ...again.map(({ nodeId }) => `the node ${nameOfNode(cluster, nodeId)} of the Citus cluster was started again`),
  ]
  if (words.length === 0) return error
  const remedy = lost.length === 0 ? 'see its log' : 'start it'
  const message = `${(error as Error).message.split('\n')[0]}: ${words.join(', ')}; ${remedy}, then run again`
  if (error instanceof CopyError) return new CopyError(error, message, { cause: error })
  return new DatabaseError(message, { cause: error })
}
