import type { ClientConfig } from 'pg'
import { checkedChoice, checkOptions, integerIn } from '../../check.js'
import { DatabaseError } from '../errors.js'
import { nameOf } from './connection-error.js'
import { inspect } from './inspect.js'
import { noTls } from './reach/tls.js'
import type { Server } from './server.js'
import { measuringSettings } from './settings.js'

/** Major versions whose image `docker-compose.yml` can run. */
export type ComposeVersion = 14 | 15 | 16 | 17 | 18

export interface ComposeOptions {
  /**
   * The major version that must answer.
   * @default `PG_VERSION`, else 18
   */
  readonly version?: ComposeVersion
}

const versions: readonly number[] = [14, 15, 16, 17, 18]
const defaultVersion = 18
const defaultPort = 54329

/**
 * The server of `docker-compose.yml`, which `npm run db:up` starts and `npm run db:down` removes.
 * `PG_VERSION`, `PG_PORT` and `COPYLAB_PG_PASSWORD` have the same meaning here as in that file.
 * Nothing is connected to before the server is used.
 *
 * @throws `TypeError` for a version or a port that cannot be.
 * @example
 * const server = compose({ version: 17 })
 */
export function compose(options: ComposeOptions = {}): Server {
  checkOptions(options, { version: true })
  const version = options.version ?? Number.parseInt(process.env.PG_VERSION || String(defaultVersion), 10)
  checkedChoice(options.version === undefined ? 'PG_VERSION' : 'version', version, versions)
  const port = integerIn('PG_PORT', process.env.PG_PORT || String(defaultPort), { from: 1, to: 65_535 })
  const place = { host: '127.0.0.1', port, database: 'copylab' }
  const config: ClientConfig = {
    ...place,
    user: 'copylab',
    password: process.env.COPYLAB_PG_PASSWORD || 'copylab',
    ...noTls,
  }
  const startIt = `start it with \`${version === defaultVersion ? '' : `PG_VERSION=${version} `}npm run db:up\``
  const remedies = {
    unreachable: startIt,
    refused: `give the one it was created with in COPYLAB_PG_PASSWORD, or \`npm run db:down\` and ${startIt}`,
  }
  return {
    describe: () => ({ kind: 'compose', version, settings: measuringSettings }),
    use: async (task, { signal, onStep } = {}) => {
      signal?.throwIfAborted()
      onStep?.('connecting to PostgreSQL in Docker')
      const connection = await inspect(config, { kind: 'compose', place, remedies, signal })
      const { facts } = connection
      if (Math.floor(facts.versionNumber / 10_000) !== version) {
        throw new DatabaseError(
          `PostgreSQL ${facts.version} answers at ${nameOf(place)} instead of ${version}: \`npm run db:down\`, then ${startIt}`,
        )
      }
      signal?.throwIfAborted()
      return task(connection)
    },
  }
}
