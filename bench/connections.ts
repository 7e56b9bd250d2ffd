import pg from 'pg'

/** Opens `count` connections, calls `task` with them, and closes them, however `task` ends. */
export async function withConnections<T>(
  config: pg.ClientConfig,
  count: number,
  task: (clients: readonly pg.Client[]) => Promise<T>,
): Promise<T> {
  const clients = Array.from({ length: count }, () => new pg.Client(config))
  // A connection that breaks between two statements reports it with the next one.
  for (const client of clients) client.on('error', () => {})
  try {
    await Promise.all(clients.map((client) => client.connect()))
    return await task(clients)
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()))
  }
}
