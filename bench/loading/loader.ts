import type { CompletedTrial, Factors, RunTrial, Trial } from 'copylab/executor'
import type { Contestant, Settings } from '../rounds/contestant.js'

/** A loader that takes part: copylab in an arrangement, or a program, in all its variants. */
export interface Loader extends Omit<Contestant, 'variants'> {
  readonly variants: readonly LoaderVariant[]
}

/** One way in which a loader may run, as the treatment of a trial. */
export interface LoaderVariant {
  readonly workers: number
  /** Settings, apart from the workers, that distinguish it from the loader's other variants. */
  readonly settings: Settings
  readonly treatment: Factors
}

/** Workers that every loader is tried with. */
export const workerCounts = [1, 2, 3, 4] as const

/** Records that are sent together, with the words for it. */
export interface BatchForm {
  readonly name: string
  readonly sizeFor: (records: number, workers: number) => number
}

const sized = (size: number): BatchForm => ({
  name: `batches of ${size / 1_000}K`,
  sizeFor: (records) => Math.min(records, size),
})

/** Those of the working note. */
export const batchesOf10K = sized(10_000)

/** Batch sizes that every loader is tried with which takes them. */
export const batchForms: readonly BatchForm[] = [
  sized(2_500),
  batchesOf10K,
  sized(50_000),
  { name: 'one COPY a worker', sizeFor: (records, workers) => Math.ceil(records / workers) },
]

/** Every number of workers with every batch size, at these levels of the other factors. */
export function variantsOf(
  records: number,
  levels: Factors,
  {
    workers = workerCounts,
    batches = batchForms,
  }: { readonly workers?: readonly number[]; readonly batches?: readonly BatchForm[] } = {},
): LoaderVariant[] {
  return workers.flatMap((count) =>
    batches.map(({ name, sizeFor }): LoaderVariant => {
      const settings: Settings = batches.length > 1 ? { batches: name } : {}
      return { workers: count, settings, treatment: { ...levels, workers: count, batchSize: sizeFor(records, count) } }
    }),
  )
}

/** A loader as a contestant of trials, which verify count and checksum themselves. */
export function contestantOf({ variants, ...loader }: Loader, run: RunTrial): Contestant {
  return {
    ...loader,
    variants: variants.map(({ workers, settings, treatment }) => ({
      workers,
      settings,
      run: async () => completed(await run({ treatment, probes: false })).totalMs,
      observed: async () => {
        const { clientCpuMs, backendCpuMs } = completed(
          await run({ treatment, probes: { waits: false, walIo: false } }),
        )
        return { clientMs: clientCpuMs, backendMs: backendCpuMs }
      },
    })),
  }
}

function completed(trial: Trial): CompletedTrial {
  if (trial.state === 'failed') throw new Error(`A trial failed: ${trial.error.message}`)
  return trial
}
