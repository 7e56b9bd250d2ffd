import type pg from 'pg'
import type { InputFacts } from '../../study/context.js'
import { sharedCores } from '../../study/factors/cores.js'
import type { Meanings } from '../../study/factors/meanings.js'
import type { Probes } from '../../study/readings.js'
import type { Definition } from '../../study/table/definition.js'
import type { Table } from '../../study/table/table.js'
import { levelsOf, type Treatment } from '../../study/treatment.js'
import { clearUp } from '../footprint/clear-up.js'
import { type Consent, obtainConsent } from '../footprint/consent.js'
import type { Left } from '../footprint/left.js'
import { leftWords } from '../footprint/left-words.js'
import { schemaOf } from '../footprint/mark.js'
import { claimSchema } from '../footprint/own-schema.js'
import type { PlacedFile } from '../input/batches.js'
import type { Input } from '../input/input.js'
import { type CoreBinding, withCoreBinding } from '../interventions/cores/core-binding.js'
import { withRelay } from '../interventions/relay/relay.js'
import { type MeasuredRelay, roundTripOf } from '../interventions/relay/round-trip.js'
import { type ProgramFolder, withProgramFolder } from '../load/program/program-folder.js'
import { makeThreadPool, type ThreadPool } from '../load/threads/thread-pool.js'
import type { Observers } from '../probes/observers.js'
import { observerConfigs, withObservers } from '../probes/with-observers.js'
import type { SessionCluster } from '../server/citus/cluster.js'
import { requireConnections } from '../server/inspect.js'
import type { Connection } from '../server/server.js'
import type { ExistingContent } from '../table/existing-rows.js'
import { prepareTables } from '../table/make-table.js'
import { cancellable } from '../trial/cancellable.js'
import { type Control, cancelConfig, connectingTo, controlConfig, withControl } from '../trial/control.js'
import { whileNamingHolders } from '../trial/naming-holders.js'
import { copiesDatabases, type KeptTable, makeRowsDatabase } from '../trial/rows-database.js'
import { endWorkers } from '../trial/worker-backends.js'
import { checkSettings } from '../trial/worker-settings.js'

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
  /**
   * The databases that tables with existing rows are copied from, by layout; null where the rows
   * are put back into the one database.
   */
  readonly keptTables: Map<string, KeptTable> | null
  /** The files that hold records of the input's window. */
  readonly files: readonly PlacedFile[]
  /** Content that the table must have after each trial. */
  readonly truth: InputFacts
  /** Aborted by the caller, and when the server does not answer any more. */
  readonly signal: AbortSignal
  /** What binds server and client to cores in some trials; null where nothing does. */
  readonly cores: CoreBinding | null
  /** What lengthens round trips in some trials; null where nothing does. */
  readonly relay: MeasuredRelay | null
  /** What the programs load that load in some trials; null where none does. */
  readonly programs: ProgramFolder | null
  /** Called with a description of a wait once it takes long. */
  readonly onWait: (message: string) => void
  /** To be called when an operation began or ended, which shows that the server answers. */
  readonly onEvent: () => void
}

/** Options of a session. */
export interface SessionSetup
  extends Omit<
    Session,
    | 'schema'
    | 'control'
    | 'observers'
    | 'threads'
    | 'existing'
    | 'keptTables'
    | 'cores'
    | 'relay'
    | 'programs'
    | 'existingChecksum'
    | 'onWait'
    | 'onEvent'
  > {
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
  const { probes, onWait = () => {}, onWarning, yes, trials, ...rest } = setup
  const shared = { ...rest, onWait }
  const { study, connection } = setup
  let left: Left | null = null
  const whileConnected = async ({ client: control, signal, onEvent }: Control): Promise<T> => {
    const workers = Math.max(0, ...treatments.filter(({ target }) => target === 'table').map((own) => own.workers))
    const copies = await copiesDatabases({ ...shared, control }, treatments)
    const observers = observerConfigs({ ...shared, probes }).length
    // In a copied database are another control connection, and other observers.
    const own = observers + (copies ? 1 + observers : 0)
    await requireConnections(control, { workers, own }, connection.facts)
    await checkSettings(connection, treatments, shared.meanings, signal)
    await obtainConsent(control, { ...shared, records: shared.truth.records, trials, signal }, yes)
    const schema = schemaOf(study)
    const cancelling = cancelConfig(shared)
    // A process that was killed during a trial may have left workers' backends that wait for a lock
    // and would load into a table of this session.
    await whileNamingHolders(control, cancelling, () => claimSchema(control, schema, () => endWorkers(control, study)))
    const threads = makeThreadPool()
    try {
      const making = { ...shared, control, schema, signal }
      const existingChecksum = await whileNamingHolders(control, cancelling, () =>
        cancellable(control, cancelling, signal, () =>
          copies ? makeRowsDatabase(making, treatments) : prepareTables(making, treatments),
        ),
      )
      const existing = new Map<string, ExistingContent>()
      const keptTables = copies ? new Map<string, KeptTable>() : null
      const whileObserved = (intervening: Interventions): Promise<T> =>
        withProgramFolder(making, treatments, (programs) =>
          withObservers(
            { ...making, probes },
            treatments,
            (observers) =>
              task({
                ...making,
                ...intervening,
                observers,
                threads,
                existing,
                keptTables,
                existingChecksum,
                programs,
                onEvent,
              }),
            connectingTo(connection, signal),
          ),
        )
      return await withInterventions(making, treatments, whileObserved)
    } finally {
      await threads.close()
      const config = controlConfig(shared)
      left = await clearUp({ schema, control, config, endWorkers: (client) => endWorkers(client, study) })
    }
  }
  const [outcome] = await Promise.allSettled([withControl(shared, whileConnected)])
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

/** What changes in some trials what a reason is suspected in. */
type Interventions = Pick<Session, 'cores' | 'relay'>

/** Prepares the interventions that the treatments ask for, and undoes them after `task`. */
async function withInterventions<T>(
  { control, connection }: Pick<Session, 'control' | 'connection'>,
  treatments: readonly Treatment[],
  task: (interventions: Interventions) => Promise<T>,
): Promise<T> {
  const loading = treatments.filter(({ target }) => target === 'table')
  const cores = levelsOf(loading, 'cores')
  const roundTripsMs = levelsOf(loading, 'roundTripMs').filter((ms) => ms > 0)
  const withCores = (next: (binding: CoreBinding | null) => Promise<T>): Promise<T> =>
    cores.some((level) => level !== sharedCores) ? withCoreBinding({ control, connection }, cores, next) : next(null)
  const withRelayed = async (next: (relay: MeasuredRelay | null) => Promise<T>): Promise<T> => {
    if (roundTripsMs.length === 0) return next(null)
    const directMs = await roundTripOf(control)
    return withRelay(connection.config, roundTripsMs, (relay) => next({ ...relay, directMs }))
  }
  return withCores((binding) => withRelayed((relay) => task({ cores: binding, relay })))
}
