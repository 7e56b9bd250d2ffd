import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Connection } from 'copylab/executor'

/** A way to a server that can be broken. */
export interface Proxy {
  /** Connection to the server through this proxy. */
  readonly connection: Connection
  /**
   * Passes nothing on any more, in neither direction, and closes nothing: what a network does that
   * is gone. New connections are taken, and not answered.
   */
  stall(): void
  /** Breaks every connection by a TCP reset. */
  reset(): void
  /** Ends every connection in good order. */
  end(): void
}

/** Calls `task` with a proxy before `direct`, and closes it. */
export async function withProxy<T>(direct: Connection, task: (proxy: Proxy) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>()
  let stalled = false
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer({ allowHalfOpen: true }, (near) => {
    keep(near)
    if (stalled) return
    const far = keep(connect(direct.config.port!, direct.config.host))
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (data) => !stalled && to.write(data))
      from.on('end', () => !stalled && to.end())
      from.on('close', () => !stalled && to.destroy())
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const clearing = (how: (socket: Socket) => void) => (): void => {
    for (const socket of sockets) how(socket)
  }
  try {
    return await task({
      connection: { ...direct, config: { ...direct.config, host: '127.0.0.1', port } },
      stall: () => {
        stalled = true
      },
      reset: clearing((socket) => socket.resetAndDestroy()),
      end: clearing((socket) => socket.end()),
    })
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((closed) => server.close(closed))
  }
}
