/**
 * The entry of a program's keeper: a process of its own, whose one child is the program. It is told
 * what to run, and ends the program when it is asked to and when its parent is gone, SIGKILL
 * included: then it also removes the files that the parent had for the program.
 */

import { rmSync } from 'node:fs'
import { keepProgram } from './keep-program.js'
import type { KeeperNews, KeeperOrder } from './keeper.js'

const asked = new AbortController()

function tell(news: KeeperNews): void {
  // A parent that is gone needs no news.
  if (process.connected) process.send!(news, undefined, {}, () => {})
}

process.on('message', (order: KeeperOrder) => {
  if (order === 'end') return asked.abort()
  keepProgram(order, (started) => tell({ started }), asked.signal)
    .then(
      (ended) => tell({ ended }),
      (error) => tell({ failed: String(error) }),
    )
    .finally(() => {
      if (!process.connected && order.own !== null) rmSync(order.own, { recursive: true, force: true })
    })
})
process.once('disconnect', () => asked.abort())
