import { checkedOptions, type NamesOf } from '../check.js'
import { designOf, type Factors, treatmentOf } from '../study/design.js'
import type { Probes } from '../study/readings.js'
import { chosenProbes } from '../study/readings.js'
import type { Trial } from '../study/trial.js'
import type { Consent } from './footprint/consent.js'
import type { Input } from './input/input.js'
import type { Server } from './server/server.js'
import { withSession } from './session.js'
import { executeTrial } from './trial/trial.js'
import { survey } from './verify/survey.js'

export interface SessionOptions {
  readonly server: Server
  readonly input: Input
  readonly signal?: AbortSignal
  readonly onStep?: (message: string) => void
  /**
   * That the trials may run on a server which copylab did not start and which is not this
   * machine's. Refused unless told.
   */
  readonly yes?: Consent
  /** Told when what the trials made on the server could not be removed from it. */
  readonly onWarning?: (text: string) => void
}

export interface TrialOptions extends SessionOptions {
  /** The factors to set; the others take `defaultTreatment`. */
  readonly treatment: Factors
  /** What is observed: all probes unless told, none for `false`. */
  readonly probes?: Partial<Probes> | boolean
}

const trialOptions: NamesOf<TrialOptions> = {
  treatment: true,
  probes: true,
  server: true,
  input: true,
  signal: true,
  onStep: true,
  yes: true,
  onWarning: true,
}

/** Runs one more trial of a session. */
export type RunTrial = (options: Pick<TrialOptions, 'treatment' | 'probes'>) => Promise<Trial>

/**
 * Runs a single trial, verified like every other, and keeps no journal. For trying things out: one
 * run ranks nothing.
 */
export async function runTrial(given: TrialOptions): Promise<Trial> {
  const { treatment, probes, ...options } = checkedOptions(given, trialOptions)
  return withTrials({ ...options, treatments: [treatment] }, (run) => run({ treatment, probes }))
}

/**
 * Runs trials one after the other on one server, as `task` asks for them, and keeps no journal: the
 * input is read once, threads stay warm. `treatments` are those that may be asked for; the server
 * must have connections for them.
 */
export async function withTrials<T>(
  options: SessionOptions & { readonly treatments: readonly Factors[] },
  task: (run: RunTrial) => Promise<T>,
): Promise<T> {
  const { server, input, onStep, onWarning = () => {}, yes = false } = options
  const signal = options.signal ?? new AbortController().signal
  const treatments = options.treatments.map(treatmentOf)
  const { meanings } = designOf(options.treatments)
  const table = input.fits
  const inputFiles = await input.files({ signal, onStep })
  const study = `trial-${process.pid}`
  let trials = 0
  return server.use(
    async (connection) => {
      const { facts: truth, files } = await survey(input, table, inputFiles, { signal })
      const shared = { study, connection, input, table, meanings, files, truth, signal }
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
          return executeTrial({ ...session, observers }, { place, slowDownBy: 0 })
        }),
      )
    },
    { signal, onStep },
  )
}
