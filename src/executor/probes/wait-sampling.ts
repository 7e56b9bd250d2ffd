import type pg from 'pg'
import { unifiedEvent } from '../../study/journal/wait-events.js'
import type { WaitEvent, Waits } from '../../study/readings.js'
import { monotonicMs } from '../clock.js'
import { makeCounter } from './wait-events.js'

/** Samples of some backends so far, by event. */
export interface Profile {
  readonly counts: ReadonlyMap<WaitEvent, number>
  /** When they were read, by `monotonicMs`. */
  readonly readAt: number
  /** Pause between two samples. */
  readonly periodMs: number
}

/**
 * Whether the server has the extension pg_wait_sampling in this database, loaded, and counting by
 * process.
 */
export async function hasWaitSampling(control: pg.Client): Promise<boolean> {
  const { rows } = await control.query<{ there: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_wait_sampling')
        AND current_setting('pg_wait_sampling.profile_period', true) IS NOT NULL
        AND current_setting('pg_wait_sampling.profile_pid', true) IS DISTINCT FROM 'off' AS there`,
  )
  return rows[0]!.there
}

/** Reads the counts of pg_wait_sampling for some backends. */
export async function readProfile(control: pg.Client, pids: readonly number[]): Promise<Profile> {
  const found = await control.query<{ schema: string; periodMs: number }>(
    `SELECT quote_ident(nspname) AS schema, current_setting('pg_wait_sampling.profile_period')::float8 AS "periodMs"
     FROM pg_extension JOIN pg_namespace AS space ON space.oid = extnamespace WHERE extname = 'pg_wait_sampling'`,
  )
  const { schema, periodMs } = found.rows[0]!
  const { rows } = await control.query<{ event: WaitEvent; count: number }>(
    `SELECT coalesce(event_type || ':' || event, 'cpu') AS event, sum(count)::float8 AS count
     FROM ${schema}.pg_wait_sampling_profile WHERE pid = ANY ($1) GROUP BY 1`,
    [pids],
  )
  return {
    counts: new Map(rows.map(({ event, count }) => [unifiedEvent(event), count])),
    readAt: monotonicMs(),
    periodMs,
  }
}

/**
 * Waits counted between two readings: the samples are distinguished by event alone, so there is no
 * timeline. Before version 1.1.6 the extension does not count backends without an event; they are
 * then the samples that are missing.
 */
export function waitsBetween(before: Profile, after: Profile, workers: number): Waits {
  const counts = makeCounter()
  for (const [event, count] of after.counts) {
    const since = count - (before.counts.get(event) ?? 0)
    if (since > 0) counts.add(event, since)
  }
  const samples = Math.round((after.readAt - before.readAt) / after.periodMs)
  const counted = counts.list().reduce((sum, [, count]) => sum + count, 0)
  if (!after.counts.has('cpu') && counted < samples * workers) counts.add('cpu', samples * workers - counted)
  return {
    source: 'pg_wait_sampling',
    samples: samples,
    counts: counts.list().map(([event, count]) => ({ event, count })),
    blockers: [],
    timeline: null,
  }
}
