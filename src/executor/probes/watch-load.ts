import type { Blocker, Interruption } from '../../study/readings.js'
import { momentNow, standstillsBetween } from './standstills/client-standstill.js'
import { type AskedServer, askServer } from './standstills/server-answers.js'

/** Interval at which the client's event loop should turn: shorter delays are not detected. */
const turnMs = 20

/**
 * Interruptions of a load, in order of time. Times count by `monotonicMs`, not yet from the trial's
 * clock.
 */
export interface Watched {
  readonly interruptions: readonly Interruption[]
  readonly blockers: readonly Blocker[]
}

/**
 * Watches a load from this thread until the function that it returns is called: whether the client,
 * its machine, the server or the network stands still, and which sessions lock out the workers.
 * Without a server for a null trial.
 */
export function watchLoad(server: AskedServer | null): () => Promise<Watched> {
  const answers = server && askServer(server)
  const own: Interruption[] = []
  let before = momentNow()
  const turn = (): void => {
    const now = momentNow()
    own.push(...standstillsBetween(before, now))
    answers?.turn(now.at)
    before = now
  }
  turn()
  const timer = setInterval(turn, turnMs)
  return async () => {
    clearInterval(timer)
    turn()
    const { interruptions = [], blockers = [] } = (await answers?.stop()) ?? {}
    return { interruptions: [...own, ...interruptions].sort((a, b) => a.atMs - b.atMs), blockers }
  }
}
