import pg from 'pg'
import { DatabaseError } from './errors.js'
import { connectTimeoutMs, type OwnConfig, type OwnSettings } from './server/reach/own-config.js'

/** Connects one client, calls `task` with it, and disconnects it, however `task` ends. */
export async function withClient<T>(config: OwnConfig, task: (client: pg.Client) => Promise<T>): Promise<T> {
  return withClients([config], ([client]) => task(client!))
}

/**
 * Connects one client per configuration, all at once, calls `task` with them in the same order, and disconnects them all. An abort breaks the
 * connections off, whatever they are waiting for; their backends may go on, until they look for the client.
 */
export async function withClients<T>(
  configs: readonly OwnConfig[],
  task: (clients: pg.Client[]) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  const clients = configs.map(makeClient)
  const connected = new Set<pg.Client>()
  const connect = async (client: pg.Client, config: OwnConfig): Promise<void> => {
    const { setAfterwards, setFrom17, connectionTimeoutMillis = connectTimeoutMs } = config
    let version = 0
    client.connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (parameterName === 'server_version') version = Number.parseInt(parameterValue, 10)
    })
    await client.connect()
    connected.add(client)
    if (setFrom17 && version >= 17) await set(client, setFrom17, connectionTimeoutMillis)
    if (setAfterwards) await settle(client, setAfterwards, connectionTimeoutMillis)
  }
  // A connection that breaks between two queries emits an error nobody listens to; the next query on it reports the break.
  for (const client of clients) client.on('error', () => {})
  const breakOff = (): void => {
    for (const client of clients) client.connection.stream.destroy()
  }
  signal?.addEventListener('abort', breakOff, { once: true })
  try {
    const connecting = await Promise.allSettled(clients.map((client, k) => connect(client, configs[k]!)))
    signal?.throwIfAborted()
    const refused = connecting.find((outcome) => outcome.status === 'rejected')
    if (refused) throw refused.reason
    return await task(clients)
  } finally {
    signal?.removeEventListener('abort', breakOff)
    // The end of a connection that was never made may not come.
    for (const client of clients) if (!connected.has(client)) client.connection.stream.destroy()
    await Promise.allSettled([...connected].map((client) => client.end()))
  }
}

/** pg takes what a configuration leaves open from the environment: `PGREPLICATION`, which no other program knows, is not asked. */
function makeClient(config: OwnConfig): pg.Client {
  const client = new pg.Client(config)
  const { connectionParameters } = client as unknown as { connectionParameters: { replication: unknown } }
  connectionParameters.replication = undefined
  return client
}

/** As utility statements, which look nothing up: the first of them may be to end a time-out of a millisecond. */
async function set(client: pg.Client, settings: OwnSettings, withinMs: number): Promise<void> {
  const statements = Object.entries(settings).map(([name, value]) => `SET ${name} = ${pg.escapeLiteral(value)}`)
  await answered(client, { text: statements.join('; ') }, withinMs)
}

/** Makes up for what a pooler keeps from a connection: its settings, and the number of its backend, which `backendPid` then tells. */
async function settle(client: pg.Client, settings: OwnSettings, withinMs: number): Promise<void> {
  const text = `SELECT pg_catalog.pg_backend_pid() AS pid,
                       (SELECT pg_catalog.count(pg_catalog.set_config(key, value, false)) FROM pg_catalog.json_each_text($1)) AS settings`
  const { rows } = await answered<{ pid: number }>(client, { text, values: [JSON.stringify(settings)] }, withinMs)
  Object.assign(client, { processID: rows[0]!.pid })
}

/** What a new connection is asked first. Throws `DatabaseError` where it has no answer in time: a pooler lets clients in before it has a backend for them. */
async function answered<R extends pg.QueryResultRow>(
  client: pg.Client,
  question: pg.QueryConfig,
  withinMs: number,
): Promise<pg.QueryResult<R>> {
  const bounded = { ...question, query_timeout: withinMs }
  return client.query<R>(bounded).catch((cause: unknown) => {
    if (!(cause instanceof Error && cause.message === 'Query read timeout')) throw cause
    throw new DatabaseError(
      `A new connection got no answer within ${withinMs / 1000} s: where a pooler stands between, raise its pool size, or connect to the server itself; else see what keeps the server`,
      { cause },
    )
  })
}
