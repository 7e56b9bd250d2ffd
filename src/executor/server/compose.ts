import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { checkedChoice, checkOptions, integerOf } from '../../check.js'
import { displayPath, inCheckout, packageRoot } from '../../project.js'
import { DatabaseError } from '../errors.js'
import { nameOf } from './connection-error.js'
import { inspect } from './inspect.js'
import { noTls } from './reach/tls.js'
import type { Server } from './server.js'
import { measuringSettings } from './settings.js'

/** Major versions whose image `docker-compose.yml` can run. */
export type ComposeVersion = 14 | 15 | 16 | 17 | 18 | 19

/** Options of `compose`. */
export interface ComposeOptions {
  /**
   * The major version that must answer.
   * @default `PG_VERSION`, else 18
   */
  readonly version?: ComposeVersion
}

/** What starts and removes the container; the scripts are those of copylab's own checkout. */
const dockerCompose = `docker compose --file ${displayPath(join(packageRoot, 'docker-compose.yml'))}`
const up = inCheckout ? 'npm run db:up' : `${dockerCompose} up --detach --wait`
const down = inCheckout ? 'npm run db:down' : `${dockerCompose} down --volumes`

const versions: readonly number[] = [14, 15, 16, 17, 18, 19]
const defaultVersion = 18
const defaultPort = 54329

/**
 * The server of copylab's `docker-compose.yml`, which `docker compose up --detach --wait` starts
 * with that file (in copylab's own checkout `npm run db:up`). `PG_VERSION`, `PG_PORT` and
 * `COPYLAB_PG_PASSWORD` have the same meaning here as in that file. Nothing is connected to before
 * the server is used.
 *
 * @throws `RangeError` for a version or a port that cannot be.
 * @example
 * const server = compose({ version: 17 })
 */
export function compose(options: ComposeOptions = {}): Server {
  checkOptions(options, { version: true })
  const version = options.version ?? Number.parseInt(process.env.PG_VERSION || String(defaultVersion), 10)
  checkedChoice(options.version === undefined ? 'PG_VERSION' : 'version', version, versions)
  const port = integerOf('PG_PORT', process.env.PG_PORT || String(defaultPort), { from: 1, to: 65_535 })
  const place = { host: '127.0.0.1', port, database: 'copylab' }
  const config: ClientConfig = {
    ...place,
    user: 'copylab',
    password: process.env.COPYLAB_PG_PASSWORD || 'copylab',
    ...noTls,
  }
  const startIt = `start it with \`${version === defaultVersion ? '' : `PG_VERSION=${version} `}${up}\``
  const remedies = {
    unreachable: startIt,
    refused: `give the one it was created with in COPYLAB_PG_PASSWORD, or \`${down}\` and ${startIt}`,
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
          `PostgreSQL ${facts.version} answers at ${nameOf(place)} instead of ${version}: \`${down}\`, then ${startIt}`,
        )
      }
      signal?.throwIfAborted()
      return task(connection)
    },
  }
}
