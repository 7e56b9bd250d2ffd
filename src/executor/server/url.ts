import { inMessage } from '../../check.js'
import { type Remedies, refusesTls } from './connection-error.js'
import { inspect } from './inspect.js'
import { type Address, addressOf } from './reach/address.js'
import type { Connection, Server } from './server.js'

/**
 * Any server that can be reached: by `connectionString`
 * (`postgresql://user:password@host:port/database?sslmode=…`), else by `DATABASE_URL`; what that
 * does not state is taken from
 * `PGHOST PGPORT PGDATABASE PGUSER PGPASSWORD PGOPTIONS PGCONNECT_TIMEOUT` and
 * `PGSSLMODE PGSSLROOTCERT PGSSLCERT PGSSLKEY PGSSLNEGOTIATION`, and a password also from
 * `~/.pgpass`. They have the meaning that they have for psql, except that without `sslmode` there
 * is no TLS. The environment is read when `url` is called; nothing is connected to before the
 * server is used.
 *
 * @throws `TypeError` for what is not supported; a connection string is not repeated.
 * @example
 * const server = url('postgresql://importer@db.example.org:5432/shop?sslmode=require')
 */
export function url(connectionString: string | undefined = process.env.DATABASE_URL): Server {
  if (connectionString !== undefined && typeof connectionString !== 'string') {
    throw new TypeError(`Expected an address such as postgres://user@host/database, got ${inMessage(connectionString)}`)
  }
  const address = addressOf(connectionString)
  return {
    describe: () => ({ kind: 'url', ...address.place }),
    use: async (task, { signal, onStep } = {}) => {
      signal?.throwIfAborted()
      onStep?.(`connecting to PostgreSQL at ${address.place.host}`)
      const connection = await connectionTo(address, signal)
      signal?.throwIfAborted()
      return task(connection)
    },
  }
}

const remedies: Remedies = {
  unreachable: 'start it, or correct DATABASE_URL or the PG* variables',
  refused: 'give both in DATABASE_URL, or in PGUSER and PGPASSWORD or ~/.pgpass',
}

/**
 * Connects by the first way that the server accepts: `sslmode=prefer` continues without TLS where
 * there is none.
 */
async function connectionTo({ place, config, ways }: Address, signal?: AbortSignal): Promise<Connection> {
  for (const [k, way] of ways.entries()) {
    try {
      return await inspect({ ...config, ...way }, { kind: 'url', place, remedies, signal })
    } catch (error) {
      if (k + 1 === ways.length || !refusesTls(error)) throw error
    }
  }
  throw new Error('Expected an address to have a way to connect')
}
