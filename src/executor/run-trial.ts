import { survey } from './checksum.js'
import { treatmentsOf } from './design.js'
import type { Input } from './input/input.js'
import { chosenProbes } from './probes/observers.js'
import type { Probes } from './readings.js'
import type { Server } from './server/server.js'
import { withSession } from './session.js'
import { executeTrial } from './trial.js'
import type { Treatment, Trial } from './types.js'

export interface SessionOptions {
  readonly server: Server
  readonly input: Input
  readonly signal?: AbortSignal
  readonly onStep?: (message: string) => void
}

export interface TrialOptions extends SessionOptions {
  /** The factors to set; the others take `defaultTreatment`. */
  readonly treatment: Partial<Treatment>
  /** What is observed: all probes unless told, none for `false`. */
  readonly probes?: Partial<Probes> | boolean
}

/** Runs one more trial of a session. */
export type RunTrial = (options: Pick<TrialOptions, 'treatment' | 'probes'>) => Promise<Trial>

/** Runs a single trial, verified like every other, and keeps no journal. For trying things out: one run ranks nothing. */
export async function runTrial({ treatment, probes, ...options }: TrialOptions): Promise<Trial> {
  return withTrials({ ...options, treatments: [treatment] }, (run) => run({ treatment, probes }))
}

/**
 * Runs trials one after the other on one server, as `task` asks for them, and keeps no journal: the input is read once, threads stay warm. `treatments`
 * are those that may be asked for; the server must have connections for them.
 */
export async function withTrials<T>(
  options: SessionOptions & { readonly treatments: readonly Partial<Treatment>[] },
  task: (run: RunTrial) => Promise<T>,
): Promise<T> {
  const { server, input, onStep } = options
  const signal = options.signal ?? new AbortController().signal
  const treatments = options.treatments.map((treatment) => treatmentsOf(treatment)[0]!)
  const { facts: truth, files } = await survey(input, await input.files({ signal, onStep }), { signal })
  const study = `trial-${process.pid}`
  const setup = { study, input, files, truth, signal, probes: chosenProbes() }
  let trials = 0
  return server.use(
    (connection) =>
      withSession({ ...setup, connection }, treatments, (session) =>
        task(({ treatment: factors, probes }) => {
          const treatment = treatmentsOf(factors)[0]!
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
      ),
    { signal, onStep },
  )
}
