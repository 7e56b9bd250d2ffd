import type { Client, ClientConfig } from 'pg'
import type { ServerFacts } from '../../study/context.js'
import type { Finding } from '../../study/finding.js'
import { withClient } from '../connect.js'
import { DatabaseError } from '../errors.js'
import { readMachine, unreadMachine } from '../probes/machine/machine-facts.js'
import { serverFiles } from '../probes/machine/read-files.js'
import { readStorage, unreadStorage } from '../probes/machine/storage-facts.js'
import { connectionError, nameOf, type Place, type Remedies } from './connection-error.js'
import {
  selectCollation,
  selectEncoding,
  selectFreeConnections,
  selectProcRefusal,
  selectRights,
  selectSettings,
  selectVersion,
  selectWritability,
  type Version,
} from './facts-sql.js'
import { ownConfig } from './reach/own-config.js'
import { detectPooler } from './reach/pooler.js'
import type { Connection } from './server.js'

export interface InspectOptions {
  readonly kind: string
  /**
   * Address of the server for messages and facts.
   * @default host, port and database of the configuration
   */
  readonly place?: Place
  readonly remedies?: Remedies
  /** Findings that are known already. */
  readonly findings?: readonly Finding[]
  readonly signal?: AbortSignal
}

const oldestVersion = 14
/** Maximum wait for a lock on PostgreSQL's own catalogues. */
const lockTimeout = '10s'
/** Maximum wait in milliseconds for every other answer: all queries are small. */
const answerMs = 30_000

/**
 * Finding for a user who may not issue CHECKPOINT: from PostgreSQL 15 on the right can be granted;
 * before, only superusers have it.
 */
export const noCheckpoint = (versionNumber: number): Finding => ({
  code: 'no-checkpoint',
  message: `This user may not issue CHECKPOINT, so a trial may include the time of writing pages that the trial before it left: connect as a superuser${versionNumber >= 150_000 ? ', or grant this user pg_checkpoint' : ', since before PostgreSQL 15 nobody else may'}`,
})

const noProc = (refusal: string): Finding => ({
  code: 'no-proc',
  message: `CPU time and memory of the backends, and of the server's host, stay unknown: ${refusal}`,
})

const poolerBetween: Finding = {
  code: 'pooler-between',
  message:
    "A pooler stands between copylab and the server, and its work counts as the server's: connect to the server itself",
}

/**
 * Connects once and checks that a study can run: PostgreSQL 14 or newer, in UTF-8, writable, with
 * the right to create a schema and a backend for each connection. Throws `DatabaseError` in one
 * sentence with the remedy; the password is in neither message nor cause.
 */
export async function inspect(config: ClientConfig, options: InspectOptions): Promise<Connection> {
  const place = options.place ?? placeOf(config)
  const remedies = options.remedies ?? { unreachable: 'start it, or correct host and port', refused: 'correct them' }
  const own = { ...ownConfig({ config }, 'copylab/inspect', { lock_timeout: lockTimeout }), query_timeout: answerMs }
  // The answers are returned as values, so that only failures of the connection are described as
  // such.
  const checked = await withClient(
    own,
    async (client) => {
      try {
        const pooled = await detectPooler(client, own, place)
        const facts = await factsOf(client, place, pooled, options)
        return { connection: { config: withPassword(config, client), facts, pooled } }
      } catch (error) {
        if (error instanceof DatabaseError) return { error }
        throw error
      }
    },
    options,
  ).catch((error: unknown) => ({
    error: error instanceof DatabaseError ? error : connectionError(error, place, config, remedies),
  }))
  options.signal?.throwIfAborted()
  if ('error' in checked) throw checked.error
  return checked.connection
}

/** A configuration with the password that the client found, also in `~/.pgpass`. */
function withPassword(config: ClientConfig, { password }: Client): ClientConfig {
  return password ? { ...config, password } : config
}

/**
 * Throws `DatabaseError` when the server has fewer connections left than the study's workers need,
 * and those of copylab's own that observe them; `client` itself is not counted.
 */
export async function requireConnections(
  client: Client,
  { workers, own }: { readonly workers: number; readonly own: number },
  place: Place,
): Promise<void> {
  const free = await selectFreeConnections(client)
  const needed = workers + own
  if (free < needed) {
    throw new DatabaseError(
      `The study needs ${needed} connections (${workers} for its workers, ${own} to observe them) and ${nameOf(place)} has ${Math.max(0, free)} left: use fewer workers, close other clients, or raise max_connections`,
    )
  }
}

/** Throws `DatabaseError` for a server whose version is too old for copylab's statements. */
export function requireVersion({ version, versionNumber }: Version, place: Place): void {
  if (versionNumber < oldestVersion * 10_000) {
    throw new DatabaseError(
      `PostgreSQL ${version} at ${nameOf(place)} is too old, copylab needs ${oldestVersion} or newer: upgrade it, or use embedded() or another server`,
    )
  }
}

/** Throws `DatabaseError` for a database that does not keep text as copylab sends and reads it. */
function requireEncoding(encoding: string, place: Place): void {
  if (encoding === 'UTF8' || encoding === 'SQL_ASCII') return
  throw new DatabaseError(
    `The database ${nameOf(place)} has the encoding ${encoding}, and copylab needs UTF8: name another database, or create one with \`createdb --encoding=UTF8 --template=template0\``,
  )
}

function placeOf({ host = 'localhost', port = 5432, database = '' }: ClientConfig): Place {
  return { host, port, database }
}

async function factsOf(
  client: Client,
  place: Place,
  pooled: boolean,
  { kind, findings = [] }: InspectOptions,
): Promise<ServerFacts> {
  const version = await selectVersion(client)
  requireVersion(version, place)
  requireEncoding(await selectEncoding(client), place)
  const { inRecovery, readOnly } = await selectWritability(client)
  if (inRecovery) {
    throw new DatabaseError(`PostgreSQL at ${nameOf(place)} is a standby and takes no writes: connect to its primary`)
  }
  if (readOnly) {
    throw new DatabaseError(
      `PostgreSQL at ${nameOf(place)} is read-only (default_transaction_read_only): turn that off for this user, or use another server`,
    )
  }
  const { canCheckpoint, canCreateSchema } = await selectRights(client)
  if (!canCreateSchema) {
    throw new DatabaseError(
      `The user may not create a schema in ${nameOf(place)}: GRANT CREATE ON DATABASE to it, or connect as another user`,
    )
  }
  const procRefusal = await selectProcRefusal(client)
  // This connection closes before the study opens its own.
  const settings = { ...(await selectSettings(client)), lc_collate: await selectCollation(client) }
  return {
    kind,
    ...version,
    ...place,
    settings,
    canCheckpoint,
    procRefusal,
    machine: procRefusal === null ? await readMachine(serverFiles(client)) : unreadMachine(procRefusal),
    storage: procRefusal === null ? await readStorage(client) : unreadStorage(procRefusal),
    findings: [
      ...findings,
      ...(pooled ? [poolerBetween] : []),
      ...(canCheckpoint ? [] : [noCheckpoint(version.versionNumber)]),
      ...(procRefusal ? [noProc(procRefusal)] : []),
    ],
  }
}
