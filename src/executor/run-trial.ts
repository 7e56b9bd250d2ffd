import { survey } from './checksum.js'
import { treatmentsOf } from './design.js'
import type { Input } from './input/input.js'
import { chosenProbes } from './probes/observers.js'
import type { Probes } from './readings.js'
import type { Server } from './server/server.js'
import { withSession } from './session.js'
import { executeTrial } from './trial.js'
import type { Treatment, Trial } from './types.js'

export interface TrialOptions {
  readonly server: Server
  readonly input: Input
  /** The factors to set; the others take `defaultTreatment`. */
  readonly treatment: Partial<Treatment>
  /** What is observed: all probes unless told, none for `false`. */
  readonly probes?: Partial<Probes> | boolean
  readonly signal?: AbortSignal
  readonly onStep?: (message: string) => void
}

/** Runs a single trial, verified like every other, and keeps no journal. For trying things out: one run ranks nothing. */
export async function runTrial(options: TrialOptions): Promise<Trial> {
  const { server, input, onStep } = options
  const signal = options.signal ?? new AbortController().signal
  const treatment = treatmentsOf(options.treatment)[0]!
  const probes = chosenProbes(options.probes)
  const { facts: truth, files } = await survey(input, await input.files({ signal, onStep }), { signal })
  const study = `trial-${process.pid}`
  return server.use(
    (connection) =>
      withSession({ study, connection, input, files, truth, signal, probes }, [treatment], (session) =>
        executeTrial(session, {
          place: { trial: 1, block: 1, position: 1, phase: 'measured', control: null, treatment },
          slowDownBy: 0,
        }),
      ),
    { signal, onStep },
  )
}
