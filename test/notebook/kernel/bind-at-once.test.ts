import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Dealer, Router } from 'zeromq'
import { bindAtOnce } from '../../../src/notebook/kernel/bind-at-once.js'

const require = createRequire(import.meta.url)
const { prototype } = require('tslab/dist/jupyter.js').ZmqServer as { prototype: { bindSocket: BindSocket } }

type BindSocket = (socket: Router, port: number) => Promise<void>

/**
 * Has a server of tslab's bind a socket that receives, as its `init` does, and sends from it before
 * the next turn of the event loop.
 */
async function sendWhileBinding(bindSocket: BindSocket): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-bind-'))
  const socket = new Router({ linger: 0 })
  const client = new Dealer({ linger: 0 })
  try {
    const connInfo = { transport: 'ipc', ip: join(folder, 'socket') }
    const first = socket.receive()
    const bound = bindSocket.call({ connInfo } as never, socket, 1)
    const answered = (async () => socket.send(['nobody', 'an answer']))()
    const sent = await answered.then(
      () => 'sent',
      (error: Error) => error.message,
    )
    await bound
    client.connect(`ipc://${connInfo.ip}:1`)
    await client.send('hello')
    const [, message] = await first
    return `${sent}, got ${message}`
  } finally {
    for (const each of [socket, client]) each.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a kernel may answer as soon as it binds its sockets', async () => {
  const corrected: { bindSocket: BindSocket } = { ...prototype }
  bindAtOnce(corrected as never)
  expect(await sendWhileBinding(corrected.bindSocket)).toBe('sent, got hello')
})

test('tslab itself may not: the day it does, this mending goes', async () => {
  expect(await sendWhileBinding(prototype.bindSocket)).toMatch(/^Socket is blocked by a bind/)
})
