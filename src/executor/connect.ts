import { Client } from './server/reach/client.js'
import { connectionLost } from './server/reach/lost-connection.js'
import type { OwnConfig } from './server/reach/own-config.js'

/** How connections are opened and broken off. */
export interface Connecting {
  /** Breaks the connections off. */
  readonly signal?: AbortSignal
  /**
   * Time after the abort, in milliseconds, to end running work in good order.
   * @default 0
   */
  readonly graceMs?: number
  /**
   * Makes the error of a connection that cannot be opened.
   * @default what the driver says
   */
  readonly refusal?: (error: Error) => Error
}

/**
 * Connects one client, calls `task` with it, and disconnects it, however `task` ends. See
 * `withClients`.
 */
export async function withClient<T>(
  config: OwnConfig,
  task: (client: Client) => Promise<T>,
  connecting: Connecting = {},
): Promise<T> {
  return withClients([config], ([client]) => task(client!), connecting)
}

/**
 * Connects one client per configuration, all at once, calls `task` with them in the same order, and
 * disconnects them all. An abort breaks the connections off, whatever they are waiting for, and
 * their statements then fail with its reason; their backends may continue until they notice that
 * the client is gone. Throws `DatabaseError` where `task` fails by the loss of one of the
 * connections.
 */
export async function withClients<T>(
  configs: readonly OwnConfig[],
  task: (clients: Client[]) => Promise<T>,
  { signal, graceMs = 0, refusal = (error) => error }: Connecting = {},
): Promise<T> {
  signal?.throwIfAborted()
  const clients = configs.map((config) => new Client(config))
  let patience: NodeJS.Timeout | undefined
  const breakOff = (): void => {
    for (const client of clients) client.breakOff(signal?.reason as Error)
  }
  const onAbort = (): void => {
    if (graceMs === 0) breakOff()
    else patience = setTimeout(breakOff, graceMs)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const connecting = await Promise.allSettled(clients.map((client) => client.open()))
    signal?.throwIfAborted()
    const refused = connecting.find((outcome) => outcome.status === 'rejected')
    if (refused) throw refusal(refused.reason as Error)
    return await task(clients).catch((error: unknown) => {
      const lost = clients.findIndex(({ lostBy }) => lostBy !== null && lostBy === error)
      throw lost < 0 || signal?.aborted ? error : connectionLost(error as Error, configs[lost]!)
    })
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await Promise.all(clients.map((client) => client.disconnect()))
    clearTimeout(patience)
  }
}
