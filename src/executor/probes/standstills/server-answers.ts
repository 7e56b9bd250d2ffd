import type pg from 'pg'
import type { Blocker, Interruption } from '../../../study/readings.js'
import { monotonicMs } from '../../clock.js'
import { DatabaseError } from '../../errors.js'
import type { Workers } from '../../load/workers.js'
import { standstillMs } from './client-standstill.js'
import { type LockHolder, lockHolders } from './lock-holders.js'
import { collectStillCopies, waitingForWorkers } from './still-copies.js'
import { stoppedBackends } from './stopped-backends.js'

/**
 * Pause between an answer and the next question: five in a second cost less than a two-hundredth of
 * a core.
 */
const pauseMs = 200
/** That pause while a worker waits for another session, so that short waits are timed too. */
const blockedPauseMs = 40

/** The workers' server and the connection for questions about them. */
export interface AskedServer {
  /** The control connection, which has nothing else to do while a load runs. */
  readonly control: pg.Client
  /** The workers, who are connected. */
  readonly workers: Pick<Workers, 'pids' | 'openCopies' | 'fail'>
  /** Whether `/proc` of its host can be read. */
  readonly readsProc: boolean
  /**
   * Time for which a COPY may stand still, in milliseconds, before its connection counts as lost.
   * @default 30_000
   */
  readonly lostMs?: number
}

/** Repeated questions to a server. */
export interface ServerAnswers {
  /**
   * Reports a turn of the event loop, at the time `at` by `monotonicMs`: everything that had
   * arrived by the turn before is read.
   */
  turn(at: number): void
  /**
   * Ends the questions once the last one is answered; returns when the server did not answer or a
   * backend was stopped, and who held locks.
   */
  stop(): Promise<{ readonly interruptions: readonly Interruption[]; readonly blockers: readonly Blocker[] }>
}

/**
 * Asks again and again whether another session keeps the workers waiting for a lock, and whether
 * one of their backends is stopped. A late answer shows that the server or the network stands
 * still: a backend with so little work gets a core soon, however busy the machine is. An error ends
 * the questions, and occurs again at the next use of the connection. A worker whose connection
 * carries nothing for too long makes the load fail.
 */
export function askServer({ control, workers, readsProc, lostMs = 30_000 }: AskedServer): ServerAnswers {
  const { pids } = workers
  const silences: Interruption[] = []
  const blockers = collectBlockers()
  const stopped = collectStops()
  const still = collectStillCopies(workers.openCopies)
  /** Time at which the question without an answer yet was asked; null for none. */
  let askedAt: number | null = null
  let asking: Promise<void> = Promise.resolve()
  let nextAt = 0
  let lastTurn = 0
  let turnBefore = 0
  let over = false

  const noteSilence = (): void => {
    if (askedAt === null) return
    // An answer that came between the last two turns may not have been read yet.
    const ms = turnBefore - askedAt
    if (ms >= standstillMs) silences.push({ of: 'server', atMs: askedAt, ms })
  }
  const ask = async (at: number): Promise<void> => {
    askedAt = at
    try {
      const holders = await lockHolders(control, pids)
      const areStopped = readsProc ? await stoppedBackends(control, pids) : []
      const points = await waitingForWorkers(control, pids)
      if (over) return
      noteSilence()
      blockers.add(at, holders)
      stopped.add(at, areStopped.includes(true))
      // One that was stopped while it waited for its worker still says that it waits.
      const waiting = points.map((point, worker) => (areStopped[worker] ? null : point))
      still.add(at, waiting)
      const longest = still.longest()
      if (longest && longest.ms >= lostMs) workers.fail(lostWorker(longest))
      nextAt = monotonicMs() + (holders.length > 0 ? blockedPauseMs : pauseMs)
    } catch {
      nextAt = Number.POSITIVE_INFINITY
    } finally {
      askedAt = null
    }
  }
  return {
    turn(at) {
      turnBefore = lastTurn
      lastTurn = at
      if (askedAt === null && at >= nextAt) asking = ask(at)
    },
    async stop() {
      over = true
      noteSilence()
      await asking
      return { interruptions: [...silences, ...stopped.list(), ...still.list()], blockers: blockers.list() }
    },
  }
}

function lostWorker({ worker, ms }: { readonly worker: number; readonly ms: number }): DatabaseError {
  return new DatabaseError(
    `The connection of worker ${worker} carries nothing any more: for ${Math.round(ms / 1000)} s the server has waited for the worker, and the worker for the server: check the network and its firewall`,
  )
}

/** Adds up, sample by sample, who kept which workers waiting, and from which sample to which. */
export function collectBlockers(): {
  add(at: number, holders: readonly LockHolder[]): void
  list(): Blocker[]
} {
  const found = new Map<string, Blocker & { readonly seenAt: number }>()
  let sampleBefore = Number.NEGATIVE_INFINITY
  return {
    add(at, holders) {
      for (const { waiting, pid, user, application } of holders) {
        const key = JSON.stringify([pid, user, application])
        const { workers = [], waitedMs = 0, seenAt = Number.NaN } = found.get(key) ?? {}
        found.set(key, {
          pid,
          user,
          application,
          workers: workers.includes(waiting) ? workers : [...workers, waiting].sort((a, b) => a - b),
          waitedMs: waitedMs + (seenAt === sampleBefore ? at - sampleBefore : 0),
          seenAt: at,
        })
      }
      sampleBefore = at
    },
    list: () => [...found.values()].map(({ seenAt: _, ...blocker }) => blocker),
  }
}

/**
 * Adds up, sample by sample, when some backend was stopped: from the first sample that found one so
 * to the next that did not, or to the last.
 */
function collectStops(): { add(at: number, isStopped: boolean): void; list(): Interruption[] } {
  const found: { readonly atMs: number; ms: number }[] = []
  let wasStopped = false
  return {
    add(at, isStopped) {
      if (isStopped && !wasStopped) found.push({ atMs: at, ms: 0 })
      const last = found.at(-1)
      if (last && (isStopped || wasStopped)) last.ms = at - last.atMs
      wasStopped = isStopped
    },
    list: () => found.map((one) => ({ of: 'backend', ...one })),
  }
}
