import type pg from 'pg'
import type { InputFacts } from '../study/context.js'
import type { Meanings } from '../study/factors/meanings.js'
import type { Probes } from '../study/readings.js'
import type { Definition } from '../study/table/definition.js'
import { triggersOf } from '../study/table/layout-of.js'
import type { Table } from '../study/table/table.js'
import type { Treatment } from '../study/treatment.js'
import { withClient, withClients } from './connect.js'
import { clearUp } from './footprint/clear-up.js'
import { type Consent, obtainConsent } from './footprint/consent.js'
import type { Left } from './footprint/left.js'
import { leftWords } from './footprint/left-words.js'
import { schemaOf } from './footprint/mark.js'
import { claimSchema } from './footprint/own-schema.js'
import type { PlacedFile } from './input/batches.js'
import type { Input } from './input/input.js'
import { makeThreadPool, type ThreadPool } from './load/threads/thread-pool.js'
import { needsObserver, type Observers, prepareObservers } from './probes/observers.js'
import type { SessionCluster } from './server/citus/cluster.js'
import { connectionGone, nameOf } from './server/connection-error.js'
import { requireConnections } from './server/inspect.js'
import type { Client } from './server/reach/client.js'
import { type OwnConfig, ownConfig } from './server/reach/own-config.js'
import type { Connection } from './server/server.js'
import type { ExistingContent } from './table/existing-rows.js'
import { prepareTables } from './table/make-table.js'
import { whileNamingHolders } from './trial/naming-holders.js'
import { watchServer } from './trial/watch-server.js'
import { endWorkers } from './trial/worker-backends.js'
import { checkSettings } from './trial/worker-settings.js'

/** Resources that all trials of a session share. */
export interface Session {
  readonly study: string
  readonly schema: string
  readonly connection: Connection
  /** Connection that resets and verifies; it never loads. */
  readonly control: pg.Client
  readonly observers: Observers
  /**
   * Threads of the workers for `client: 'threads'`: started when first needed, kept from trial to
   * trial.
   */
  readonly threads: ThreadPool
  readonly input: Input
  /** The table to fill. */
  readonly table: Table
  /** How it is made; null where it is made from its columns alone. */
  readonly definition: Definition | null
  /** Meanings of the named levels. */
  readonly meanings: Meanings
  /** The cluster that tables are distributed over; null where none is. */
  readonly cluster: SessionCluster | null
  /** Checksum of the rows that tables hold before a load; null for none. */
  readonly existingChecksum: string | null
  /** What tables with existing rows held before the first trial of each layout. */
  readonly existing: Map<string, ExistingContent>
  /** The files that hold records of the input's window. */
  readonly files: readonly PlacedFile[]
  /** Content that the table must have after each trial. */
  readonly truth: InputFacts
  /** Aborted by the caller, and when the server does not answer any more. */
  readonly signal: AbortSignal
  /** To be called when an operation began or ended, which shows that the server answers. */
  readonly onEvent: () => void
}

/** Options of a session. */
export interface SessionSetup
  extends Omit<Session, 'schema' | 'control' | 'observers' | 'threads' | 'existing' | 'existingChecksum' | 'onEvent'> {
  readonly probes: Probes
  /** Called with a description of a wait once it takes long. */
  readonly onWait?: (message: string) => void
  /** Called with a description of what the session leaves on the server, and how to remove it. */
  readonly onWarning: (text: string) => void
  /** Whether the trials may run on a server that others may use. */
  readonly yes: Consent
  /** The treatments of the trials that are going to run, one for each trial. */
  readonly trials: readonly Treatment[]
}

/**
 * Time after an abort that a server may take to end running statements and to remove the study's
 * schema; then its connections are broken off.
 */
const abortGraceMs = 3_000

/**
 * Opens the control connection and the observer's, checks that the treatments' workers can connect
 * too, locks the study's schema while `task` runs, and removes it afterwards. Throws
 * `DatabaseError` when there are too few connections, when there is no consent to trials on a
 * server that others may use, or when the schema is in use or not copylab's own. A schema that
 * remains is named in the error that `task` throws, else, and after an abort, by `onWarning`.
 */
export async function withSession<T>(
  setup: SessionSetup,
  treatments: readonly Treatment[],
  task: (session: Session) => Promise<T>,
): Promise<T> {
  const { probes, onWait = () => {}, onWarning, yes, trials, ...shared } = setup
  const { study, connection } = setup
  const silence = new AbortController()
  const signal = AbortSignal.any([setup.signal, silence.signal])
  const refusal = (error: Error): Error => connectionGone(error, connection)
  const connecting = { signal, graceMs: abortGraceMs, refusal }
  const config = controlConfig(connection, study)
  let left: Left | null = null
  const whileWatched = async (control: Client): Promise<T> => {
    const watch = watchServer({
      config: cancelConfig({ connection, study }),
      place: nameOf(connection.facts),
      control,
      onWait,
      onSilence: (error) => silence.abort(error),
    })
    return whileConnected(control, watch.event).finally(watch.end)
  }
  const whileConnected = async (control: pg.Client, onEvent: () => void): Promise<T> => {
    const observerConfigs = observerConfigsOf(setup)
    const workers = Math.max(0, ...treatments.filter(({ target }) => target === 'table').map((own) => own.workers))
    await requireConnections(control, workers + observerConfigs.length, connection.facts)
    await checkSettings(connection, treatments, shared.meanings, signal)
    await obtainConsent(control, { ...shared, records: shared.truth.records, trials, signal }, yes)
    const schema = schemaOf(study)
    // A process that was killed during a trial may have left workers' backends that wait for a lock
    // and would load into a table of this session.
    await whileNamingHolders(control, cancelConfig({ connection, study }), () =>
      claimSchema(control, schema, () => endWorkers(control, study)),
    )
    const threads = makeThreadPool()
    try {
      const existingChecksum = await whileNamingHolders(control, cancelConfig({ connection, study }), () =>
        prepareTables({ ...shared, control, schema, signal }, treatments),
      )
      const observed = async ([observer = null, nodeObserver = null]: (pg.Client | null)[]): Promise<T> => {
        const readsProc = probes.backends && connection.facts.procRefusal === null
        const firesTriggers = treatments.some((treatment) => triggersOf(shared, treatment).length > 0)
        const observed = { probes, readsProc, firesTriggers }
        const observers = await prepareObservers(control, { observer, nodeObserver }, schema, observed)
        return task({
          ...shared,
          schema,
          control,
          observers,
          threads,
          existing: new Map(),
          existingChecksum,
          signal,
          onEvent,
        })
      }
      return await withClients(observerConfigs, observed, connecting)
    } finally {
      await threads.close()
      left = await clearUp({ schema, control, config, endWorkers: (client) => endWorkers(client, study) })
    }
  }
  const [outcome] = await Promise.allSettled([withClient(config, whileWatched, connecting)])
  const words = left && leftWords(left, connection.facts)
  if (outcome.status === 'fulfilled') {
    if (words) onWarning(words)
    return outcome.value
  }
  // An abort's reason is the caller's own.
  if (words && outcome.reason === setup.signal.reason) onWarning(words)
  else if (words) outcome.reason.message += `\n${words}`
  throw outcome.reason
}

/**
 * Configuration of the control connection: it times out on a lock that another session holds on the
 * study's table, instead of waiting without bound.
 */
function controlConfig(connection: Connection, study: string): OwnConfig {
  return ownConfig(connection, `copylab/${study}/control`, { lock_timeout: '10s' })
}

/**
 * Configuration of the connection that cancels statements of the control connection; it must not
 * wait long itself.
 */
export function cancelConfig({ connection, study }: Pick<Session, 'connection' | 'study'>): OwnConfig {
  return ownConfig(connection, `copylab/${study}/cancel`)
}

/**
 * Configurations of the connections of the observer, and of the observer of a cluster's nodes:
 * their one statement lasts as long as a trial, and reports by a notice that it runs.
 */
function observerConfigsOf({ connection, study, probes, cluster }: SessionSetup): readonly OwnConfig[] {
  if (!needsObserver(probes)) return []
  const names = cluster !== null && probes.waits ? ['observer', 'nodes'] : ['observer']
  return names.map((name) => ownConfig(connection, `copylab/${study}/${name}`))
}
