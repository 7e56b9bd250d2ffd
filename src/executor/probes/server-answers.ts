import type pg from 'pg'
import type { Blocker, Interruption } from '../../study/readings.js'
import { monotonicMs } from '../clock.js'
import { standstillMs } from './client-standstill.js'
import { type LockHolder, lockHolders } from './lock-holders.js'

/** Pause between an answer and the next question. */
const pauseMs = 100

/** A server that is asked, again and again, whether somebody keeps the workers waiting. */
export interface ServerAnswers {
  /** Tells that the event loop has turned, at `at` by `monotonicMs`: what had come by the turn before is read. */
  turn(at: number): void
  /** Ends the asking, and says when the server did not answer, and who held locks. */
  stop(): { readonly silences: readonly Interruption[]; readonly blockers: readonly Blocker[] }
}

/**
 * Asks on the control connection, which has nothing else to do while a load runs. That the answer is long in coming is what tells of a server, or of a network,
 * that stands still: a backend that has no more to do than this gets a core soon, however busy the machine is. An error ends the asking, and is met again by
 * whoever uses the connection next.
 */
export function askServer(control: pg.Client, pids: readonly number[]): ServerAnswers {
  const silences: Interruption[] = []
  const blockers = collectBlockers()
  /** When the question was asked that has no answer yet; null for none. */
  let askedAt: number | null = null
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
      if (over) return
      noteSilence()
      blockers.add(at, holders)
      nextAt = monotonicMs() + pauseMs
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
      if (askedAt === null && at >= nextAt) void ask(at)
    },
    stop() {
      over = true
      noteSilence()
      return { silences, blockers: blockers.list() }
    },
  }
}

/** Adds up, look by look, who kept which workers waiting, and from which look to which. */
export function collectBlockers(): {
  add(at: number, holders: readonly LockHolder[]): void
  list(): Blocker[]
} {
  const found = new Map<string, Blocker & { readonly seenAt: number }>()
  let lookBefore = Number.NEGATIVE_INFINITY
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
          waitedMs: waitedMs + (seenAt === lookBefore ? at - lookBefore : 0),
          seenAt: at,
        })
      }
      lookBefore = at
    },
    list: () => [...found.values()].map(({ seenAt: _, ...blocker }) => blocker),
  }
}
