import type { RunTrial, Treatment } from 'copylab/executor'
import type { Contestant, Settings, Variant } from '../rounds/contestant.js'
import { batchSize } from './payload.js'

/** Workers that every contestant is tried with. */
export const workerCounts = [1, 2, 3, 4] as const

const clients = ['event-loop', 'threads'] as const

/**
 * One of copylab's arrangements; workers, and clients where it names several, are left to the
 * pilot.
 */
export interface Arrangement {
  readonly name: string
  readonly fixed: Partial<Treatment>
  readonly clients: readonly Treatment['client'][]
  /**
   * Worker counts to try.
   * @default all that every contestant is tried with
   */
  readonly workers?: readonly number[]
}

export const prepared: Arrangement = {
  name: 'copylab, prepared binary',
  fixed: { source: 'prepared', encoding: 'binary', dispatch: 'queue' },
  clients,
}

export const pipelineOn = (client: Treatment['client']): Arrangement => ({
  name: `copylab, pipeline binary, ${client}`,
  fixed: { source: 'pipeline', encoding: 'binary', dispatch: 'queue' },
  clients: [client],
})

/** copylab's best arrangement from file to table. */
export const best: Arrangement = {
  name: 'copylab, best: queue, binary',
  fixed: { source: 'pipeline', encoding: 'binary', dispatch: 'queue' },
  clients,
}

/** The arrangement of the working note, which the Python importer follows. */
export const asInTheNote: Arrangement = {
  name: 'copylab, as in the note: split, text',
  fixed: { source: 'pipeline', encoding: 'text', dispatch: 'split' },
  clients: ['event-loop'],
}

/** Everything that an arrangement may be tried as. */
export function treatmentsOf({ fixed, clients, workers = workerCounts }: Arrangement): Partial<Treatment>[] {
  return clients.flatMap((client) => workers.map((count) => ({ ...fixed, batchSize, client, workers: count })))
}

/** An arrangement as a contestant; its trials verify count and checksum themselves. */
export function contestantOf(arrangement: Arrangement, run: RunTrial): Contestant {
  const several = arrangement.clients.length > 1
  return {
    name: arrangement.name,
    kind: 'copylab',
    clock: "from the clock's start to the last COPY's commit (totalMs); connected before",
    settings: {
      ...(arrangement.fixed as Settings),
      batchSize,
      probes: 'none',
      ...(several ? {} : { client: arrangement.clients[0]! }),
    },
    variants: treatmentsOf(arrangement).map(
      (treatment): Variant => ({
        workers: treatment.workers!,
        settings: several ? { client: treatment.client! } : {},
        run: () => totalMs(run, treatment),
      }),
    ),
  }
}

/** Throws when the trial broke. */
async function totalMs(run: RunTrial, treatment: Partial<Treatment>): Promise<number> {
  const trial = await run({ treatment, probes: false })
  if (trial.state === 'failed') throw new Error(`A trial of copylab failed: ${trial.error.message}`)
  return trial.totalMs
}
