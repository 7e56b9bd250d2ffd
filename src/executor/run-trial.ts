import { checkedOptions, type NamesOf } from '../check.js'
import { designOf, type Factors, treatmentOf } from '../study/design.js'
import type { Probes } from '../study/readings.js'
import { chosenProbes } from '../study/readings.js'
import { checkPartitions } from '../study/table/check-partitions.js'
import type { TableSource } from '../study/table/definition.js'
import type { Trial } from '../study/trial.js'
import type { Consent } from './footprint/consent.js'
import type { Input, InputToInspect } from './input/input.js'
import { clusterOf } from './server/citus/node-facts.js'
import type { Server } from './server/server.js'
import { withSession } from './session/session.js'
import { defineLoad } from './table/define-table.js'
import { executeTrial } from './trial/trial.js'
import { survey } from './verify/survey.js'

/** Options of all trials that `runTrial` or `withTrials` runs: server, input and callbacks. */
export interface SessionOptions {
  readonly server: Server
  readonly input: Input | InputToInspect
  /**
   * The table to fill: like another one, `like('public.orders')`, or by SQL, `ddl('orders.sql')`.
   * @default the table that fits the input's records
   */
  readonly table?: TableSource
  readonly signal?: AbortSignal
  readonly onStep?: (message: string) => void
  /**
   * Whether the trials may run on a server that copylab did not start and that is not on this
   * machine.
   * @default false
   */
  readonly yes?: Consent
  /** Called when the objects of the trials could not be removed from the server. */
  readonly onWarning?: (text: string) => void
}

/** Options of `runTrial`. */
export interface TrialOptions extends SessionOptions {
  /** Levels of some factors; the others have those of `defaultTreatment`. */
  readonly treatment: Factors
  /**
   * Probes that observe the trial: all for `true`, none for `false`.
   * @default true
   */
  readonly probes?: Partial<Probes> | boolean
}

const trialOptions: NamesOf<TrialOptions> = {
  treatment: true,
  probes: true,
  server: true,
  input: true,
  table: true,
  signal: true,
  onStep: true,
  yes: true,
  onWarning: true,
}

/** Runs one more trial of a session. */
export type RunTrial = (options: Pick<TrialOptions, 'treatment' | 'probes'>) => Promise<Trial>

/**
 * Runs a single trial, verified like every other, and keeps no journal. For experiments only: one
 * run supports no comparison.
 */
export async function runTrial(given: TrialOptions): Promise<Trial> {
  const { treatment, probes, ...options } = checkedOptions(given, trialOptions)
  return withTrials({ ...options, treatments: [treatment] }, (run) => run({ treatment, probes }))
}

/**
 * Runs trials one after the other on one server, as `task` requests them, and keeps no journal: the
 * input is read once, threads stay warm. `treatments` are those that may be requested; the server
 * must have connections for them.
 */
export async function withTrials<T>(
  options: SessionOptions & { readonly treatments: readonly Factors[] },
  task: (run: RunTrial) => Promise<T>,
): Promise<T> {
  const { server, onStep, onWarning = () => {}, yes = false } = options
  const signal = options.signal ?? new AbortController().signal
  const treatments = options.treatments.map(treatmentOf)
  const { meanings } = designOf(options.treatments)
  const reading = { signal, onStep }
  const { table: source = null, input: given } = options
  const load = { server, input: given, source, study: 'trial', design: { treatments, meanings } }
  const { definition, input, table } = await defineLoad(load, reading)
  if (definition === null) checkPartitions({ definition, table, meanings })
  const inputFiles = await input.files(reading)
  const { study, release } = ownName()
  let trials = 0
  const using = server.use(
    async (connection) => {
      const cluster = await clusterOf(connection, { study, meanings, treatments, signal })
      const { facts: truth, files } = await survey(input, table, inputFiles, { signal })
      const shared = { study, connection, input, table, definition, meanings, files, truth, cluster, signal }
      const setup = { ...shared, probes: chosenProbes(), onWarning, yes, trials: treatments }
      return withSession(setup, treatments, (session) =>
        task(({ treatment: factors, probes }) => {
          const treatment = treatmentOf(factors)
          const observers = { ...session.observers, probes: chosenProbes(probes) }
          const place = {
            trial: ++trials,
            block: 1,
            position: trials,
            phase: 'measured',
            control: null,
            treatment,
          } as const
          return executeTrial({ ...session, observers }, { place, slowDownBy: 0, extraWorkUs: 0 })
        }),
      )
    },
    { signal, onStep },
  )
  return using.finally(release)
}

/** Names in use by the trials that this process runs at the moment. */
const taken = new Set<string>()

/** A name for the schema of trials, which no others have at the same time. */
function ownName(): { readonly study: string; readonly release: () => void } {
  let study = `trial-${process.pid}`
  for (let k = 2; taken.has(study); k++) study = `trial-${process.pid}-${k}`
  taken.add(study)
  return { study, release: () => taken.delete(study) }
}
