import pg, { type ClientConfig } from 'pg'
import type { Remedies } from './connection-error.js'
import { inspect } from './inspect.js'
import type { Server } from './server.js'

/** What pg worked out from a connection string, the `PG*` variables and its defaults. Its types leave this part out. */
interface Resolved {
  readonly user: string | undefined
  readonly password: string | null | undefined
  readonly host: string
  readonly port: number
  readonly database: string | undefined
  readonly connectionParameters: {
    readonly ssl: ClientConfig['ssl']
    readonly sslnegotiation: string | undefined
    readonly options: string | undefined
  }
}

/**
 * Any server that can be reached: by `connectionString` (`postgresql://user:password@host:port/database?sslmode=…`), else by `DATABASE_URL`, else by
 * `PGHOST PGPORT PGDATABASE PGUSER PGPASSWORD PGSSLMODE PGOPTIONS`; a password may also come from `~/.pgpass`. The environment is read
 * when `url` is called. Throws `TypeError` for a string that is no such URL, without repeating it.
 */
export function url(connectionString: string | undefined = process.env.DATABASE_URL): Server {
  const { user, password, host, port, database = user, connectionParameters } = resolve(connectionString)
  const { ssl, sslnegotiation, options } = connectionParameters
  // In parts: what a connection string says would go before what a worker sets, such as its application_name.
  const given = { user, password: password ?? undefined, host, port, database, ssl, sslnegotiation, options }
  const config = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ClientConfig
  const place = { host: host.startsWith('/') ? 'local socket' : host, port, database: database ?? '' }
  return {
    describe: () => ({ kind: 'url', ...place }),
    use: async (task, { signal, onStep } = {}) => {
      signal?.throwIfAborted()
      onStep?.(`connecting to PostgreSQL at ${place.host}`)
      const facts = await inspect(config, { kind: 'url', place, remedies })
      signal?.throwIfAborted()
      return task({ config, facts })
    },
  }
}

const remedies: Remedies = {
  unreachable: 'start it, or correct DATABASE_URL or the PG* variables',
  refused: 'give both in DATABASE_URL, or in PGUSER and PGPASSWORD or ~/.pgpass',
}

/** pg reads everything when a client is made; this one is never connected. */
function resolve(connectionString: string | undefined): Resolved {
  if (connectionString && !/^(postgres(ql)?:\/\/|\/)/i.test(connectionString)) throw malformed()
  try {
    return new pg.Client(connectionString ? { connectionString } : {}) as unknown as Resolved
  } catch (error) {
    // A URL that cannot be parsed is not shown, since it may hold a password; a certificate file that cannot be read may be.
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_INVALID_URL' || error instanceof URIError) throw malformed()
    throw new TypeError(`Expected \`connectionString\` to have options that pg can follow: ${message}`)
  }
}

function malformed(): TypeError {
  return new TypeError(
    'Expected `connectionString` or DATABASE_URL to be like postgresql://user:password@host:5432/database, got something else',
  )
}
