import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { DatabaseError } from '../../errors.js'
import { RelayedSocket } from '../../interventions/relay/relayed-socket.js'
import { connectTimeoutMs, type OwnConfig, type OwnSettings } from './own-config.js'

/** Time that an orderly disconnection from a server may take. */
const disconnectMs = 2_000
/**
 * Idle time after which the kernel checks whether the other side is still there: Node.js then gives
 * it ten seconds.
 */
const keepAliveMs = 30_000

/** Number of words of a statement that a message shows. */
const wordsShown = 4

/**
 * SQLSTATEs with which a server ends a connection: its WARNING is the last message before the end.
 */
const endingCodes: readonly (string | undefined)[] = ['57P01', '57P02']

/**
 * A client that keeps the first message about the loss of its connection. Its statements fail with
 * that message from then on, where pg itself reports only "Connection terminated unexpectedly" and
 * "not queryable".
 */
export class Client extends pg.Client {
  /** Error that ended the connection; null while it is open. */
  lostBy: Error | null = null
  /**
   * The first words of the statement that is waited for, and the start of the wait by
   * `performance.now`; null for none.
   */
  asked: { readonly statement: string; readonly at: number } | null = null

  readonly #config: OwnConfig
  #stands = false

  constructor(config: OwnConfig) {
    const { relayPort } = config
    super({
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
      ...config,
      ...(relayPort !== undefined && { stream: () => new RelayedSocket(relayPort) }),
    })
    this.#config = config
    // pg takes what a configuration does not state from the environment: `PGREPLICATION`, which no
    // other program knows, is ignored.
    const { connectionParameters } = this as unknown as { connectionParameters: { replication: unknown } }
    connectionParameters.replication = undefined
    const lose = (error: Error): void => {
      this.lostBy ??= error
    }
    this.on('error', lose)
    this.connection.on('errorMessage', (error) => {
      if (error.severity === 'FATAL' || error.severity === 'PANIC') lose(error)
    })
    this.on('notice', ({ code, message, length }) => {
      if (endingCodes.includes(code)) {
        this.breakOff(Object.assign(new pg.DatabaseError(message ?? '', length, 'error'), { code }))
      }
    })
    const { query } = this
    const refuseWhenLost = (...given: Parameters<typeof query>): unknown => {
      const error = this.lostBy
      const [statement] = given as readonly unknown[]
      if (error === null) {
        const answer: unknown = Reflect.apply(query, this, given)
        if (answer instanceof Promise) this.#waits(statement, answer)
        return answer
      }
      if (!isSubmittable(statement)) return Promise.reject(error)
      process.nextTick(() => statement.handleError(error, this.connection))
      return statement
    }
    this.query = refuseWhenLost as typeof query
  }

  /** Connects, and makes the settings that cannot be start-up parameters. */
  async open(): Promise<void> {
    const { setAfterwards, setFrom17, connectionTimeoutMillis = connectTimeoutMs } = this.#config
    let version = 0
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (parameterName === 'server_version') version = Number.parseInt(parameterValue, 10)
    })
    await this.connect()
    this.#stands = true
    if (setFrom17 && version >= 17) await set(this, setFrom17, connectionTimeoutMillis)
    if (setAfterwards) await settle(this, setAfterwards, connectionTimeoutMillis)
  }

  #waits(statement: unknown, answer: Promise<unknown>): void {
    const text = typeof statement === 'string' ? statement : (statement as { readonly text: string }).text
    const asked = { statement: text.trim().split(/\s+/).slice(0, wordsShown).join(' '), at: performance.now() }
    this.asked = asked
    const answered = (): void => {
      if (this.asked === asked) this.asked = null
    }
    answer.then(answered, answered)
  }

  /** Ends the connection at once, whatever it waits for; its statements fail with the reason. */
  breakOff(reason?: Error): void {
    this.connection.stream.destroy(reason)
  }

  /** Disconnects from the server in order, or breaks off where that takes too long. */
  async disconnect(): Promise<void> {
    // A connection that was never made may emit no end.
    if (!this.#stands) return this.breakOff()
    const patience = setTimeout(() => this.breakOff(), disconnectMs)
    await this.end().catch(() => {})
    clearTimeout(patience)
  }
}

/** A statement that drives the connection by itself, as a COPY does. */
interface Submittable {
  handleError(error: Error, connection: pg.Connection): void
}

function isSubmittable(statement: unknown): statement is Submittable {
  return typeof (statement as { submit?: unknown } | null)?.submit === 'function'
}

/**
 * Makes settings by utility statements, which need no catalogue: the first of them may have to end
 * a time-out of a millisecond.
 */
async function set(client: pg.Client, settings: OwnSettings, withinMs: number): Promise<void> {
  const statements = Object.entries(settings).map(([name, value]) => `SET ${name} = ${pg.escapeLiteral(value)}`)
  await answered(client, { text: statements.join('; ') }, withinMs)
}

/**
 * Restores what a pooler withholds from a connection: its settings, and the process id of its
 * backend, which `backendPid` then returns.
 */
async function settle(client: pg.Client, settings: OwnSettings, withinMs: number): Promise<void> {
  const text = `SELECT pg_catalog.pg_backend_pid() AS pid,
                       (SELECT pg_catalog.count(pg_catalog.set_config(key, value, false)) FROM pg_catalog.json_each_text($1)) AS settings`
  const { rows } = await answered<{ pid: number }>(client, { text, values: [JSON.stringify(settings)] }, withinMs)
  Object.assign(client, { processID: rows[0]!.pid })
}

/**
 * Runs the first query of a new connection. Throws `DatabaseError` where no answer comes in time: a
 * pooler accepts clients before it has a backend for them.
 */
async function answered<R extends pg.QueryResultRow>(
  client: pg.Client,
  question: pg.QueryConfig,
  withinMs: number,
): Promise<pg.QueryResult<R>> {
  const bounded = { ...question, query_timeout: withinMs }
  return client.query<R>(bounded).catch((cause: unknown) => {
    if (!(cause instanceof Error && cause.message === 'Query read timeout')) throw cause
    throw new DatabaseError(
      `A new connection got no answer within ${withinMs / 1000} s: where a pooler stands between, raise its pool size, or connect to the server itself; else find what blocks the server`,
      { cause },
    )
  })
}
