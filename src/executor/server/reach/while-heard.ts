import type { Socket } from 'node:net'
import type pg from 'pg'
import { DatabaseError } from '../../errors.js'

/** Time after which a connection that carries nothing while its answer is due counts as lost. */
const silentMs = 30_000

/**
 * Waits for an answer that is due on a connection for as long as anything arrives there; a
 * connection that stays silent for `withinMs` is broken off, and its statements fail with a
 * `DatabaseError`.
 */
export async function whileHeard<T>(client: pg.Client, answer: Promise<T>, withinMs = silentMs): Promise<T> {
  const stream = client.connection.stream as Socket
  let heard = stream.bytesRead
  const timer = setInterval(() => {
    if (stream.bytesRead === heard) {
      stream.destroy(
        new DatabaseError(
          `A connection of copylab has carried nothing for ${withinMs / 1000} s although an answer is due: check the network and its firewall`,
        ),
      )
    }
    heard = stream.bytesRead
  }, withinMs)
  try {
    return await answer
  } finally {
    clearInterval(timer)
  }
}
