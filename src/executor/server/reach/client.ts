import pg from 'pg'

/** How long a server may take to answer a connection; a configuration's own value goes before. */
export const connectTimeoutMs = 10_000
/** How long it may take to take leave of one. */
const farewellMs = 2_000
/** After so long without a word the kernel asks whether the other side is there still: Node.js then gives it ten seconds. */
const keepAliveMs = 30_000

/** By these a server takes leave: its WARNING is the last word, and the connection ends without another. */
const partingCodes: readonly (string | undefined)[] = ['57P01', '57P02']

/**
 * A client that knows what was said first when its connection was lost. That is what its statements fail with from then on, where pg itself says no
 * more than "Connection terminated unexpectedly" and "not queryable".
 */
export class Client extends pg.Client {
  /** What ended the connection; null while it stands. */
  lostBy: Error | null = null

  constructor(config: pg.ClientConfig) {
    super({
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
      ...config,
    })
    const lose = (error: Error): void => {
      this.lostBy ??= error
    }
    this.on('error', lose)
    this.connection.on('errorMessage', (error) => {
      if (error.severity === 'FATAL' || error.severity === 'PANIC') lose(error)
    })
    this.on('notice', ({ code, message, length }) => {
      if (partingCodes.includes(code)) {
        this.breakOff(Object.assign(new pg.DatabaseError(message ?? '', length, 'error'), { code }))
      }
    })
    const { query } = this
    const refuseWhenLost = (...given: Parameters<typeof query>): unknown => {
      if (this.lostBy === null) return Reflect.apply(query, this, given)
      const error = this.lostBy
      const [statement] = given as readonly unknown[]
      if (!isSubmittable(statement)) return Promise.reject(error)
      process.nextTick(() => statement.handleError(error, this.connection))
      return statement
    }
    this.query = refuseWhenLost as typeof query
  }

  /** Ends the connection at once, whatever it waits for, and gives its statements the reason. */
  breakOff(reason?: Error): void {
    this.connection.stream.destroy(reason)
  }

  /** Takes leave of the server, or breaks off where that takes too long. */
  async disconnect(): Promise<void> {
    const patience = setTimeout(() => this.breakOff(), farewellMs)
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
