import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort, isFreePort, loopback } from '../../src/free-port.js'

test('freePort gives a port that can be listened on; isFreePort tells one in use from it', async () => {
  const port = await freePort()
  expect(await isFreePort(port)).toBe(true)
  const server = createServer().listen(port, loopback)
  await once(server, 'listening')
  expect((server.address() as AddressInfo).port).toBe(port)
  expect(await isFreePort(port)).toBe(false)
  server.close()
  await once(server, 'close')
})
