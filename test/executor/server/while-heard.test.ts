import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { whileHeard } from '../../../src/executor/server/reach/while-heard.js'

/** A connection whose answer comes when it is told to, or fails when it is broken off. */
function connection() {
  let resolve = (_: string): void => {}
  let reject = (_: Error): void => {}
  const answer = new Promise<string>((...settle) => {
    ;[resolve, reject] = settle
  })
  const stream = { bytesRead: 0, destroy: (reason: Error) => reject(reason) }
  return { client: { connection: { stream } } as unknown as pg.Client, stream, answer, resolve }
}

describe('whileHeard', () => {
  it('breaks off a connection that carries nothing', async () => {
    const { client, answer } = connection()
    await expect(whileHeard(client, answer, 20)).rejects.toThrow(
      /has carried nothing for 0.02 s although an answer is due/,
    )
  })

  it('waits for as long as something arrives', async () => {
    const { client, stream, answer, resolve } = connection()
    const heard = whileHeard(client, answer, 300)
    for (let k = 0; k < 40; k++) {
      stream.bytesRead++
      await pause(20)
    }
    resolve('all')
    expect(await heard).toBe('all')
  })
})
