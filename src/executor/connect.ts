import pg from 'pg'

/** Connects one client, calls `task` with it, and disconnects it, however `task` ends. */
export async function withClient<T>(config: pg.ClientConfig, task: (client: pg.Client) => Promise<T>): Promise<T> {
  return withClients([config], ([client]) => task(client!))
}

/**
 * Connects one client per configuration, all at once, calls `task` with them in the same order, and disconnects them all. An abort breaks the
 * connections off, whatever they are waiting for; their backends may go on, until they look for the client.
 */
export async function withClients<T>(
  configs: readonly pg.ClientConfig[],
  task: (clients: pg.Client[]) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  const clients = configs.map((config) => new pg.Client(config))
  // A connection that breaks between two queries emits an error nobody listens to; the next query on it reports the break.
  for (const client of clients) client.on('error', () => {})
  const breakOff = (): void => {
    for (const client of clients) client.connection.stream.destroy()
  }
  signal?.addEventListener('abort', breakOff, { once: true })
  try {
    const connecting = await Promise.allSettled(clients.map((client) => client.connect()))
    signal?.throwIfAborted()
    const refused = connecting.find((outcome) => outcome.status === 'rejected')
    if (refused) throw refused.reason
    return await task(clients)
  } finally {
    signal?.removeEventListener('abort', breakOff)
    await Promise.allSettled(clients.map((client) => client.end()))
  }
}

/** A connection's start-up options with more settings, which win over those that the server's address or `PGOPTIONS` gives. */
export function withSettings(
  { config }: { readonly config: pg.ClientConfig },
  settings: { readonly [setting: string]: string },
): string {
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replace(/[\\\s]/g, '\\$&')}`)
  return [config.options, ...options].filter(Boolean).join(' ')
}
