import type { Factors, Treatment } from 'copylab/executor'
import type { Settings } from '../rounds/contestant.js'
import { type BatchForm, batchesOf10K, type Loader, variantsOf } from './loader.js'

/** One of copylab's arrangements. */
export interface Arrangement {
  readonly name: string
  readonly fixed: Partial<Pick<Treatment, 'source' | 'encoding' | 'dispatch' | 'client'>>
  /**
   * Clients to try.
   * @default the one that is fixed
   */
  readonly clients?: readonly Treatment['client'][]
  /**
   * Batch sizes to try.
   * @default all
   */
  readonly batches?: readonly BatchForm[]
  /**
   * Numbers of COPYs ahead to try, of batches that are more than one COPY of a worker.
   * @default none ahead
   */
  readonly ahead?: readonly number[]
  /**
   * Worker counts to try.
   * @default all
   */
  readonly workers?: readonly number[]
}

export const prepared: Arrangement = {
  name: 'copylab, prepared binary',
  fixed: { source: 'prepared', encoding: 'binary', dispatch: 'queue', client: 'event-loop' },
  ahead: [0, 1, 2],
}

/** From file to table. */
export const pipeline: Arrangement = {
  name: 'copylab, from files',
  fixed: { source: 'pipeline', encoding: 'binary', dispatch: 'queue' },
  clients: ['event-loop', 'threads'],
  ahead: [0, 1, 2],
}

/** The arrangement of the working note, which the Python importer follows. */
export const asInTheNote: Arrangement = {
  name: 'copylab, as in the note: split, text',
  fixed: { source: 'pipeline', encoding: 'text', dispatch: 'split', client: 'event-loop' },
  batches: [batchesOf10K],
}

/** An arrangement as a loader of that many records. */
export function copylab({ name, fixed, clients, ahead = [0], ...tried }: Arrangement, records: number): Loader {
  const each: Pick<Factors, 'client'>[] = clients === undefined ? [{}] : clients.map((client) => ({ client }))
  return {
    name,
    kind: 'copylab',
    clock: "from the clock's start to the last COPY's commit (totalMs); connected before",
    settings: { ...fixed, probes: 'none' },
    variants: each.flatMap((client) =>
      variantsOf(records, { ...fixed, ...client }, tried).flatMap((variant) => {
        const isOneCopy = (variant.treatment.batchSize as number) * variant.workers >= records
        return (isOneCopy ? [0] : ahead).map((copiesAhead) => ({
          ...variant,
          settings: {
            ...(client as Settings),
            ...variant.settings,
            ...(copiesAhead > 0 && { ahead: `${copiesAhead} ahead` }),
          },
          treatment: { ...variant.treatment, copiesAhead },
        }))
      }),
    ),
  }
}
