import type pg from 'pg'
import type { Blocker, Interruption } from '../../study/readings.js'
import { momentNow, standstillsBetween } from './client-standstill.js'
import { askServer } from './server-answers.js'

/** How often the client's event loop is to turn: what is less than that late is not seen. */
const turnMs = 20

/** What interrupted a load. Times of interruptions count by `monotonicMs`, not yet from the trial's clock. */
export interface Watched {
  readonly interruptions: readonly Interruption[]
  readonly blockers: readonly Blocker[]
}

/** Watches a load from this thread until the function that it returns is called: whether the client, its machine, the server or the network stands still, and who locks out the workers. */
export function watchLoad(
  server: { readonly control: pg.Client; readonly pids: readonly number[] } | null,
): () => Watched {
  const answers = server && askServer(server.control, server.pids)
  const interruptions: Interruption[] = []
  let before = momentNow()
  const turn = (): void => {
    const now = momentNow()
    interruptions.push(...standstillsBetween(before, now))
    answers?.turn(now.at)
    before = now
  }
  turn()
  const timer = setInterval(turn, turnMs)
  return () => {
    clearInterval(timer)
    turn()
    const { silences = [], blockers = [] } = answers?.stop() ?? {}
    return { interruptions: [...interruptions, ...silences], blockers }
  }
}
