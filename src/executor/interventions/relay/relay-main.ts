/**
 * The entry of the relay: a process of its own, through which workers reach the server. It is told
 * where the server is and by how much each of its ports is to lengthen round trips, tells the
 * ports, and ends with its parent.
 */

import { connect, createServer, type Server, type Socket } from 'node:net'
import { DelayLine } from './delay-line.js'
import type { RelayNews, RelayOrder, RelayTarget } from './relay.js'

process.once('message', (order: RelayOrder) => {
  Promise.all(order.roundTripsMs.map((ms) => listen(order.target, ms))).then(
    (ports) => tell({ ports }),
    (error) => tell({ failed: String(error) }),
  )
})
process.once('disconnect', () => process.exit())

function tell(news: RelayNews): void {
  process.send!(news)
}

/** Listens on this machine alone, and returns the port. */
function listen(target: RelayTarget, roundTripMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (worker) =>
      relay(worker, target, roundTripMs),
    )
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
}

/** Passes on what a worker and the server send each other; one that breaks breaks the other. */
function relay(worker: Socket, target: RelayTarget, roundTripMs: number): void {
  const server = connect({ ...target, allowHalfOpen: true, noDelay: true })
  const there = Math.floor(roundTripMs / 2)
  const lines = [line(worker, server, there), line(server, worker, roundTripMs - there)]
  const breakOff = (): void => {
    for (const one of lines) one.cut()
    worker.destroy()
    server.destroy()
  }
  worker.on('error', breakOff)
  server.on('error', breakOff)
  worker.on('close', (hadError) => hadError && breakOff())
  server.on('close', (hadError) => hadError && breakOff())
}

function line(from: Socket, to: Socket, delayMs: number): DelayLine {
  const delayed = new DelayLine(delayMs, from, to)
  from.on('data', (bytes: Buffer) => delayed.take(bytes))
  from.on('end', () => delayed.take(null))
  to.on('drain', () => delayed.drained())
  return delayed
}
