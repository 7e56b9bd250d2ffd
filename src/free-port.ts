import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** The address that only this machine reaches. */
export const loopback = '127.0.0.1'

/** A port of `loopback` that is free now. Another program may take it before it is used. */
export async function freePort(): Promise<number> {
  const port = await listenOn(0)
  if (port === null) throw new Error(`Every port of ${loopback} is in use`)
  return port
}

/**
 * Whether a port of `loopback` is free now. Throws what the system says when it may not be used at
 * all.
 */
export async function isFreePort(port: number): Promise<boolean> {
  return (await listenOn(port)) !== null
}

/** Listens for a moment; 0 has the system choose. Null when the port is in use. */
async function listenOn(wanted: number): Promise<number | null> {
  const server = createServer().listen(wanted, loopback)
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null
    throw error
  }
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
