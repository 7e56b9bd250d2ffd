import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { expect, it, vi } from 'vitest'
import { connectPort } from '../../../src/executor/calls/port-calls.js'

function pair(goneError: () => Error | Promise<Error>) {
  const { port1, port2 } = new MessageChannel()
  const never = new Promise<number>(() => {})
  connectPort(port2, { double: (n: number) => 2 * n, wait: () => never }, () => new Error('unused'))
  return {
    port1,
    port2,
    peer: connectPort<Record<string, never>, { double(n: number): number; wait(): Promise<number> }>(
      port1,
      {},
      goneError,
    ),
  }
}

it('connectPort does not ask why the other side went where no call needs it', async () => {
  // What waits for the end of a thread is kept until then: of every trial, were it asked for each.
  const goneError = vi.fn(() => new Error('gone'))
  const { port1, peer } = pair(goneError)
  expect(await peer.call('double', 4)).toBe(8)
  const closed = once(port1, 'close')
  peer.close()
  await closed
  expect(goneError).not.toHaveBeenCalled()
  await expect(peer.call('double', 4)).rejects.toThrow('gone')
})

it('connectPort rejects calls that wait when the other side goes, with the reason that it waits for', async () => {
  const { port2, peer } = pair(async () => new Error('gone'))
  const waiting = peer.call('wait')
  port2.close()
  await expect(waiting).rejects.toThrow('gone')
})
