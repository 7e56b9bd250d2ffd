import type pg from 'pg'
import { mark, observerName, qualifiedObserver, tableObserverArguments } from '../../footprint/mark.js'
import { type BackendReading, cpuOfBackend } from '../backends.js'
import { pssSeen } from '../server-series.js'
import { countConnections, type ObserverRow, readProcFiles, samplePauseMs, selectBlockers } from './observer.js'
import { type LoopConnections, startLoop } from './server-loop.js'

/** One sample of the backends that have written to a table since the sampling began. */
export interface TableUsersRow extends ObserverRow {
  /** The backends, in the order in which they were found. */
  readonly pids: readonly number[]
  /** One per backend, `gone` for one that has ended. */
  readonly events: readonly string[]
  /**
   * Seconds since 1970 at which the first of the backends found by this sample began its statement;
   * null where none was found.
   */
  readonly began: number | null
  /** `/proc/<pid>/schedstat` and `stat`, for each backend. */
  readonly times: readonly (string | null)[] | null
}

/**
 * Statements that read the backends' times with every sample, and what else is in `/proc` less
 * often.
 */
const readTimes = `
        SELECT array_agg(content ORDER BY place, part) INTO times
          FROM unnest(pids) WITH ORDINALITY AS worker (pid, place),
               LATERAL (VALUES (1, pg_read_file('/proc/' || pid || '/schedstat', 0, 400, true)),
                               (2, pg_read_file('/proc/' || pid || '/stat', 0, 2000, true))) AS file (part, content);${readProcFiles}`

/**
 * Makes the function that observes whoever writes to some tables: backends that hold the lock which
 * COPY and INSERT take, and from then on. With `proc` it also reads `/proc`.
 */
export async function createTableObserver(control: pg.Client, schema: string, proc: boolean): Promise<void> {
  await control.query(`
    CREATE FUNCTION ${observerName(schema)}(relations oid[], lock_class int, lock_object int)
    RETURNS TABLE (at float8, pids int[], events text[], blocking text[], began float8, connections int, workers int, own int, autovacuum bool, times text[], host text, backends text[])
    LANGUAGE plpgsql AS $body$
    DECLARE
      next_proc timestamptz := clock_timestamp();
      done text;
      found_now int[];
    BEGIN
      pids := '{}';
      RAISE NOTICE 'observing';
      LOOP
        done := pg_stat_clear_snapshot()::text;
        at := extract(epoch FROM clock_timestamp());
        SELECT array_agg(DISTINCT held.pid) INTO found_now
          FROM pg_locks AS held
         WHERE held.locktype = 'relation' AND held.relation = ANY (relations) AND held.mode = 'RowExclusiveLock'
           AND held.pid <> ALL (pids);
        began := NULL;
        IF found_now IS NOT NULL THEN
          SELECT min(extract(epoch FROM query_start)) INTO began FROM pg_stat_get_activity(NULL) WHERE pid = ANY (found_now);
          pids := pids || found_now;
        END IF;
        SELECT coalesce(array_agg(
                 CASE WHEN activity.pid IS NULL THEN 'gone'
                   WHEN activity.state LIKE 'idle%' THEN 'idle'
                   WHEN activity.wait_event IS NULL THEN 'cpu'
                   ELSE ${proc ? runnable : ''} activity.wait_event_type || ':' || activity.wait_event END ORDER BY place), '{}')
          INTO events
          FROM unnest(pids) WITH ORDINALITY AS worker (pid, place) LEFT JOIN pg_stat_get_activity(NULL) AS activity USING (pid);
        SELECT ${countConnections(schema)},
               count(*) FILTER (WHERE activity.backend_type = 'autovacuum worker') > 0
          INTO connections, workers, own, autovacuum
          FROM pg_stat_get_activity(NULL) AS activity;
        blocking := NULL;
        IF events && ARRAY['Lock:relation', 'Lock:transactionid', 'Lock:tuple', 'Lock:extend', 'Lock:virtualxid'] THEN${selectBlockers}
        END IF;
${proc ? readTimes : ''}
        RETURN NEXT;
        EXIT WHEN pg_try_advisory_xact_lock_shared(lock_class, lock_object);
        done := pg_sleep((${samplePauseMs.min} + ${samplePauseMs.max - samplePauseMs.min} * random()) / 1000)::text;
      END LOOP;
    END $body$;
    COMMENT ON FUNCTION ${qualifiedObserver(schema, tableObserverArguments)} IS '${mark}'`)
}

/** Marks a backend that Linux runs on a core, or that waits for one, whatever its wait event is. */
const runnable = `CASE WHEN left(split_part(pg_read_file('/proc/' || activity.pid || '/stat', 0, 100, true), ') ', 2), 1) = 'R'
                     THEN 'cpu/' ELSE '' END ||`

/** Starts the sampling of whoever writes to `relations`; the returned function ends it. */
export async function startTableObserver(
  connections: LoopConnections,
  schema: string,
  relations: readonly number[],
): Promise<() => Promise<TableUsersRow[]>> {
  const query = `SELECT * FROM ${observerName(schema)}($1::oid[], $2, $3)`
  return startLoop(connections, { name: 'copylab observer', schema, query, values: [relations] })
}

/**
 * Returns the backends that samples found, in the order in which they did, and the samples with an
 * event for each of them: `idle` before it came and after it went. Their CPU time is that of their
 * whole life, up to the last sample that found them.
 */
export function foundBackends(rows: readonly TableUsersRow[]): {
  readonly pids: readonly number[]
  readonly began: number | null
  readonly connections: number
  readonly rows: readonly ObserverRow[]
  readonly backends: readonly BackendReading[]
} {
  const pids = rows.at(-1)?.pids ?? []
  const began = rows.map((row) => row.began).find((at) => at !== null) ?? null
  const padded = rows.map(({ pids: _, times: __, began: ___, ...row }) => ({
    ...row,
    events: pids.map((_, k) => (row.events[k] === 'gone' ? 'idle' : (row.events[k] ?? 'idle'))),
  }))
  const pss = pssSeen(padded, pids.length)
  return {
    pids,
    began,
    connections: rows.reduce(
      (most, { events }) => Math.max(most, events.filter((event) => event !== 'gone').length),
      0,
    ),
    rows: padded,
    backends: pids.map((_, k) => ({
      ...lastTimes(rows, k),
      backendRssPeakBytes: null,
      backendPssPeakBytes: pss[k]!.length === 0 ? null : Math.max(...pss[k]!),
    })),
  }
}

function lastTimes(
  rows: readonly TableUsersRow[],
  backend: number,
): Pick<BackendReading, 'backendCpuMs' | 'backendQueueMs'> {
  for (let k = rows.length - 1; k >= 0; k--) {
    const [schedstat, stat] = rows[k]!.times?.slice(2 * backend, 2 * backend + 2) ?? []
    if (!schedstat && !stat) continue
    const { cpuMs, queueMs } = cpuOfBackend(schedstat ?? '', stat ?? '')
    return { backendCpuMs: cpuMs, backendQueueMs: queueMs }
  }
  return { backendCpuMs: null, backendQueueMs: null }
}
