import type pg from 'pg'
import { mark, observerArguments, observerName, ownConnection, qualifiedObserver } from '../../footprint/mark.js'
import { type LoopConnections, startLoop } from './server-loop.js'

/** Options of the observer. */
export interface ObserverOptions {
  /** The workers' backends, in the workers' order. */
  readonly pids: readonly number[]
  /**
   * Whether the wait events of the backends are read, which needs a sample every few milliseconds.
   */
  readonly waits: boolean
}

/** One sample, as the server's loop returns it. */
export interface ObserverRow {
  /** Seconds since 1970 by the server's clock. */
  readonly at: number
  /** One per worker that was found, in the workers' order: see `WaitEvent`. */
  readonly events: readonly string[]
  /** One per worker that waits for a lock: "worker,pid of the holder"; null for none. */
  readonly blocking: readonly string[] | null
  /** Client backends, of whomever. */
  readonly connections: number
  /** Those of workers: of the backends that are sampled. */
  readonly workers: number
  /** Those of copylab's own, which control and observe. */
  readonly own: number
  readonly autovacuum: boolean
  /** First line of `/proc/stat`; null in most samples. */
  readonly host: string | null
  /**
   * For each worker `/proc/<pid>/schedstat`, `stat` and the Pss of `smaps_rollup`, one after the
   * other; null in most samples.
   */
  readonly backends: readonly (string | null)[] | null
}

/**
 * Pause between two samples, in milliseconds: drawn at random between the two, so that it does not
 * coincide with a rhythm of the load.
 */
export const samplePauseMs = { min: 15, max: 19 } as const
/**
 * Pause between two readings of `/proc`: long, because for a proportional set size Linux walks
 * through all pages of a process.
 */
const procPauseMs = 500
/**
 * Delay before the first reading, so that it falls within the clock, which starts after the
 * observer.
 */
const firstProcMs = 50

/**
 * SQL that marks a backend that Linux runs on a core, or that waits for one, whatever its wait
 * event is.
 */
const runnable = `
                   CASE WHEN waits AND activity.wait_event IS NOT NULL
                     AND left(split_part(pg_read_file('/proc/' || activity.pid || '/stat', 0, 100, true), ') ', 2), 1) = 'R'
                     THEN 'cpu/' ELSE '' END ||`

/**
 * Expressions that count client backends: all, those of the workers `pids`, and those of copylab's
 * own that control and observe.
 */
export const countConnections = (schema: string): string => `
               count(*) FILTER (WHERE activity.backend_type = 'client backend'),
               count(*) FILTER (WHERE activity.backend_type = 'client backend' AND activity.pid = ANY (pids)),
               count(*) FILTER (WHERE activity.backend_type = 'client backend' AND ${ownConnection(schema, 'activity.application_name')})`

/** Statements that find who keeps which backend waiting for a lock, from `pids` and `events`. */
export const selectBlockers = `
          SELECT array_agg((place - 1) || ',' || holder) INTO blocking
            FROM unnest(pids, events) WITH ORDINALITY AS worker (pid, event, place),
                 LATERAL (SELECT holder FROM unnest(pg_blocking_pids(pid)) AS holder LIMIT 1) AS held
            WHERE event LIKE 'Lock:%';`

/** Statements that read `/proc` of the host and of the backends `pids`, every now and then. */
export const readProcFiles = `
        host := NULL;
        backends := NULL;
        IF clock_timestamp() >= next_proc THEN
          host := split_part(pg_read_file('/proc/stat', 0, 400, true), E'\\n', 1);
          SELECT array_agg(content ORDER BY place, part) INTO backends
            FROM unnest(pids) WITH ORDINALITY AS worker (pid, place),
                 LATERAL (VALUES
                   (1, pg_read_file('/proc/' || pid || '/schedstat', 0, 400, true)),
                   (2, pg_read_file('/proc/' || pid || '/stat', 0, 2000, true)),
                   (3, substring(pg_read_file('/proc/' || pid || '/smaps_rollup', 0, 4000, true) FROM 'Pss: +[0-9]+ kB'))
                 ) AS file (part, content);
          next_proc := clock_timestamp() + ${procPauseMs} * interval '1 ms';
        END IF;`

/**
 * Makes the function that observes. It runs in the server, on a connection of its own: a timer of
 * the client would never see a backend that waits for the client, because the client's event loop
 * is busy just then. With `proc` it also reads `/proc`, whose function the user must then be
 * allowed to call.
 */
export async function createObserver(control: pg.Client, schema: string, proc: boolean): Promise<void> {
  await control.query(`
    CREATE FUNCTION ${observerName(schema)}(pids int[], waits bool, lock_class int, lock_object int)
    RETURNS TABLE (at float8, events text[], blocking text[], connections int, workers int, own int, autovacuum bool, host text, backends text[])
    LANGUAGE plpgsql AS $body$
    DECLARE
      next_proc timestamptz := clock_timestamp() + ${firstProcMs} * interval '1 ms';
      -- Assigned, an expression avoids the executor, which PERFORM does not; its value is not used.
      done text;
      locked bool;
    BEGIN
      RAISE NOTICE 'observing';
      LOOP
        done := pg_stat_clear_snapshot()::text;
        SELECT extract(epoch FROM clock_timestamp()),
               coalesce(array_agg(${proc ? runnable : ''}
                   CASE WHEN activity.state = 'idle' THEN 'idle'
                     WHEN activity.wait_event IS NULL THEN 'cpu'
                     ELSE activity.wait_event_type || ':' || activity.wait_event END
                 ORDER BY array_position(pids, activity.pid)) FILTER (WHERE activity.pid = ANY (pids)), '{}'),
               ${countConnections(schema)},
               count(*) FILTER (WHERE activity.backend_type = 'autovacuum worker') > 0,
               bool_or(activity.wait_event_type = 'Lock' AND activity.pid = ANY (pids))
          INTO at, events, connections, workers, own, autovacuum, locked
          FROM pg_stat_get_activity(NULL) AS activity;
        blocking := NULL;
        IF waits AND locked THEN${selectBlockers}
        END IF;
${proc ? readProcFiles : ''}
        RETURN NEXT;
        EXIT WHEN pg_try_advisory_xact_lock_shared(lock_class, lock_object);
        done := pg_sleep(CASE WHEN waits THEN (${samplePauseMs.min} + ${samplePauseMs.max - samplePauseMs.min} * random()) / 1000 ELSE ${procPauseMs / 1000} END)::text;
      END LOOP;
    END $body$;
    COMMENT ON FUNCTION ${qualifiedObserver(schema, observerArguments)} IS '${mark}'`)
}

/**
 * Starts the sampling; the returned function ends it and returns the samples, with one at its start
 * and one at its end. Rejects when the server refuses.
 */
export async function startObserver(
  connections: LoopConnections,
  schema: string,
  { pids, waits }: ObserverOptions,
): Promise<() => Promise<ObserverRow[]>> {
  const query = `SELECT * FROM ${observerName(schema)}($1, $2, $3, $4)`
  return startLoop(connections, { name: 'copylab observer', schema, query, values: [pids, waits] })
}
