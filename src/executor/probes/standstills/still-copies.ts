import type pg from 'pg'
import type { Interruption } from '../../../study/readings.js'
import type { OpenCopies } from '../../load/open-copies.js'
import { standstillMs } from './client-standstill.js'

/** Turns of a worker's event loop in which it would have read an answer that had arrived. */
const leastTurns = 5

/**
 * Returns, for each of the backends `pids`, how far it is where it waits for its worker, or is
 * gone; null where it works. Two equal texts mean that nothing came from the worker in between.
 */
export async function waitingForWorkers(control: pg.Client, pids: readonly number[]): Promise<(string | null)[]> {
  const { rows } = await control.query<{ point: string | null }>(
    `SELECT CASE WHEN activity.pid IS NULL THEN 'gone'
                 WHEN activity.state = 'idle' OR activity.wait_event = 'ClientRead'
                   THEN concat_ws(' ', activity.state, activity.state_change, copy.bytes_processed) END AS point
       FROM unnest($1::int[]) WITH ORDINALITY AS worker (pid, place)
            LEFT JOIN pg_stat_get_activity(NULL) AS activity USING (pid)
            LEFT JOIN pg_stat_progress_copy AS copy USING (pid)
       ORDER BY place`,
    [pids],
  )
  return rows.map(({ point }) => point)
}

/** A COPY that gets on neither at the worker nor at the server. */
interface Still {
  readonly point: string
  readonly from: number
  readonly turnsFrom: number
  to: number
  turnsTo: number
}

/** Samples of all workers, added up to standstills. */
export interface StillCopies {
  /** Adds a sample: the backends' points, of the time `at`. */
  add(at: number, points: readonly (string | null)[]): void
  /** The worker whose COPY stands still for longest at the last sample; null for none. */
  longest(): { readonly worker: number; readonly ms: number } | null
  /** The standstills of a second and more, those of several workers at a time as one. */
  list(): Interruption[]
}

/**
 * Collects when a COPY stood still: the server waited for the worker and the worker, whose event
 * loop turned, for the server. It is the network between them then that carries nothing, or what
 * stands between.
 */
export function collectStillCopies(open: OpenCopies): StillCopies {
  const now = new Map<number, Still>()
  const ended: Still[] = []
  const isLong = ({ from, to, turnsFrom, turnsTo }: Still): boolean =>
    to - from >= standstillMs && turnsTo - turnsFrom >= leastTurns
  return {
    add(at, points) {
      for (const [worker, point] of points.entries()) {
        const turns = Atomics.load(open, worker)
        const before = now.get(worker)
        if (before && turns >= before.turnsTo && point === before.point) {
          before.to = at
          before.turnsTo = turns
          continue
        }
        if (before && isLong(before)) ended.push(before)
        if (point === null || turns === 0) now.delete(worker)
        else now.set(worker, { point, from: at, turnsFrom: turns, to: at, turnsTo: turns })
      }
    },
    longest() {
      const long = [...now]
        .filter(([, still]) => isLong(still))
        .map(([worker, { from, to }]) => ({ worker, ms: to - from }))
      return long.sort((a, b) => b.ms - a.ms)[0] ?? null
    },
    list: () => joined([...ended, ...[...now.values()].filter(isLong)]),
  }
}

/** Periods in order of time, those that overlap as one. */
function joined(periods: readonly Still[]): Interruption[] {
  const found: { readonly of: 'server'; readonly atMs: number; ms: number }[] = []
  for (const { from, to } of [...periods].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last && from <= last.atMs + last.ms) last.ms = Math.max(last.ms, to - last.atMs)
    else found.push({ of: 'server', atMs: from, ms: to - from })
  }
  return found
}
