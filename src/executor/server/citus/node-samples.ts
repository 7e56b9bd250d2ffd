import pg from 'pg'
import { unifiedEvent } from '../../../study/journal/wait-events.js'
import type { NodeReading, WaitEvent } from '../../../study/readings.js'
import { change } from '../../footprint/change.js'
import { mark, nodeObserverArguments, observerName, qualifiedObserver } from '../../footprint/mark.js'
import { samplePauseMs } from '../../probes/sampling/observer.js'
import { type LoopConnections, startLoop } from '../../probes/sampling/server-loop.js'
import { makeCounter } from '../../probes/wait-events.js'
import { onNodesSql } from './run-on-nodes.js'

const { escapeLiteral } = pg

/**
 * Samples of one call: a call opens a connection to each node, so there are few of them.
 */
const samplesOfCall = 14

/** Samples of one node, as the server's loop returns them. */
export interface NodeSampleRow {
  /** Seconds since 1970 at which the call began, by the coordinator's clock. */
  readonly at: number
  readonly nodeId: number
  /** The answer to `nodeSamplesSql`; null where the node did not answer. */
  readonly samples: string | null
}

/**
 * One sample: milliseconds since the call began, and for each backend that serves a worker the
 * number of the worker's session in the cluster, its event, and whether it is committing.
 */
type Sample = readonly [ms: number, seen: readonly (readonly [session: string, event: WaitEvent, commits: boolean])[]]

/**
 * Query that samples on a node what the backends do that serve sessions of the coordinator, given
 * by their numbers in the cluster: several times, a few milliseconds apart. A backend is committing
 * in two phases from PREPARE TRANSACTION to the end of COMMIT PREPARED.
 */
export function nodeSamplesSql(sessions: readonly string[]): string {
  const { min, max } = samplePauseMs
  return `SELECT json_agg(json_build_array(ms, seen)) FROM generate_series(1, ${samplesOfCall}) AS k
   CROSS JOIN LATERAL (
     SELECT CASE WHEN pg_sleep((${min} + ${max - min} * random()) / 1000)::text IS NOT NULL AND pg_stat_clear_snapshot()::text IS NOT NULL THEN k END AS turn OFFSET 0
   ) AS paused
   CROSS JOIN LATERAL (
     SELECT extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000 AS ms,
            coalesce(json_agg(json_build_array(session, event, commits)), '[]') AS seen
     FROM (
       SELECT split_part(application_name, ' gpid=', 2) AS session,
              CASE WHEN state LIKE 'idle%' THEN 'idle' WHEN wait_event IS NULL THEN 'cpu' ELSE wait_event_type || ':' || wait_event END AS event,
              query LIKE 'PREPARE TRANSACTION%' OR state = 'active' AND query LIKE 'COMMIT PREPARED%' AS commits
       FROM pg_stat_get_activity(nullif(turn, turn)) WHERE application_name LIKE 'citus_internal gpid=%'
     ) AS backend WHERE session IN (${sessions.map(escapeLiteral).join(', ')})
   ) AS sample`
}

/** Makes the function on the coordinator that samples all nodes until it is ended. */
export async function createNodeObserver(control: pg.Client, schema: string): Promise<void> {
  await change(
    control,
    `CREATE FUNCTION ${observerName(schema)}(command text, lock_class int, lock_object int)
    RETURNS TABLE (at float8, "nodeId" int, samples text)
    LANGUAGE plpgsql AS $body$
    BEGIN
      RAISE NOTICE 'observing';
      LOOP
        at := extract(epoch FROM clock_timestamp());
        RETURN QUERY SELECT at, nodeid, CASE WHEN success THEN result END FROM ${onNodesSql('command')};
        EXIT WHEN pg_try_advisory_xact_lock_shared(lock_class, lock_object);
      END LOOP;
    END $body$`,
  )
  await change(control, `COMMENT ON FUNCTION ${qualifiedObserver(schema, nodeObserverArguments)} IS '${mark}'`)
}

/**
 * Query for the numbers in the cluster of sessions of this coordinator, given by their backends.
 */
export const sessionsSql = `SELECT citus_calculate_gpid(citus_nodeid_for_gpid(citus_backend_gpid()), pid)::text AS session
   FROM unnest($1::int[]) WITH ORDINALITY AS worker (pid, place) ORDER BY place`

/**
 * Starts the sampling of all nodes; the returned function ends it, within the time of one call, and
 * returns the samples. Rejects when the server refuses.
 */
export async function startNodeSamples(
  connections: LoopConnections,
  schema: string,
  pids: readonly number[],
): Promise<() => Promise<NodeSampleRow[]>> {
  const { rows } = await connections.control.query<{ session: string }>(sessionsSql, [pids])
  return startLoop(connections, {
    name: 'copylab observer of nodes',
    schema,
    query: `SELECT * FROM ${observerName(schema)}($1, $2, $3)`,
    values: [nodeSamplesSql(rows.map(({ session }) => session))],
  })
}

/** What the samples of all nodes within a clock say. */
export interface SeenOnNodes {
  readonly perNode: ReadonlyMap<number, Pick<NodeReading, 'counts'> & { readonly samples: number }>
  /**
   * Number of workers that were committing on some node, summed over the moments that were sampled,
   * as a share of these moments; null without any.
   */
  readonly committing: number | null
}

/**
 * Adds up the samples that fall within the clock. `msOf` turns the coordinator's clock, in seconds,
 * into milliseconds since the clock started. The nodes of one call are sampled at the same time,
 * so their samples of equal place are one moment.
 */
export function seenOnNodes(
  rows: readonly NodeSampleRow[],
  msOf: (at: number) => number,
  totalMs: number,
): SeenOnNodes {
  const perNode = new Map<number, { samples: number; events: ReturnType<typeof makeCounter> }>()
  const moments = new Map<string, Set<string>>()
  for (const { at, nodeId, samples } of rows) {
    if (samples === null) continue
    const node = perNode.get(nodeId) ?? { samples: 0, events: makeCounter() }
    perNode.set(nodeId, node)
    for (const [place, [ms, seen]] of (JSON.parse(samples) as readonly Sample[]).entries()) {
      const sampledMs = msOf(at) + ms
      if (sampledMs < 0 || sampledMs > totalMs) continue
      node.samples++
      const moment = `${at} ${place}`
      const committing = moments.get(moment) ?? new Set()
      moments.set(moment, committing)
      for (const [session, event, commits] of seen) {
        node.events.add(unifiedEvent(event))
        if (commits) committing.add(session)
      }
    }
  }
  const committing = [...moments.values()].reduce((sum, { size }) => sum + size, 0)
  return {
    perNode: new Map(
      [...perNode].map(([nodeId, { samples, events }]) => [
        nodeId,
        { samples, counts: events.list().map(([event, count]) => ({ event, count })) },
      ]),
    ),
    committing: moments.size === 0 ? null : committing / moments.size,
  }
}
