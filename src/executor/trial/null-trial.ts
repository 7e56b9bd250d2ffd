import { checkOptions } from '../../check.js'
import { type Factors, treatmentOf } from '../../study/design.js'
import type { Treatment } from '../../study/treatment.js'
import { LostRecordsError } from '../errors.js'
import { type Input, type InputToInspect, inspected } from '../input/input.js'
import { makeThreadPool } from '../load/threads/thread-pool.js'
import { withWorkers } from '../load/with-workers.js'
import { survey } from '../verify/survey.js'

/** Options of `runNullTrial`. */
export interface NullTrialOptions {
  readonly input: Input | InputToInspect
  /** Levels of some factors; the others have those of `defaultTreatment`. */
  readonly treatment?: Factors
  readonly signal?: AbortSignal
  readonly onStep?: (message: string) => void
}

/** Result of a null trial: the speed of the client when the records are dropped. */
export interface NullTrial {
  readonly treatment: Treatment
  readonly records: number
  readonly totalMs: number
  readonly recordsPerSecond: number
  /** Share of the time in which the busiest event loop was busy, 0 to 1. */
  readonly eventLoopUtilisation: number
}

/**
 * Runs the pipeline of a trial without a server: reads, analyses, encodes and hands over every
 * record, and drops it. Runs it twice and returns the second result, since the first run executes
 * code that is not compiled yet. In a study this is a treatment with `target: 'nothing'`.
 */
export async function runNullTrial(options: NullTrialOptions): Promise<NullTrial> {
  checkOptions(options, { input: true, treatment: true, signal: true, onStep: true })
  const { onStep } = options
  const signal = options.signal ?? new AbortController().signal
  const treatment = treatmentOf({ ...options.treatment, target: 'nothing' })
  const input = await inspected(options.input, { signal, onStep })
  const table = input.fits
  const { facts, files } = await survey(input, table, await input.files({ signal, onStep }), { signal })
  const threads = makeThreadPool()
  const job = {
    input,
    table,
    files,
    treatment,
    server: null,
    slowDownBy: 0,
    observeLoops: true,
    timeRoundTrip: false,
    signal,
  }
  const load = () => withWorkers(job, threads, (workers) => workers.load())
  try {
    await load()
    const { totalMs, parts, loops } = await load()
    const records = parts.reduce((sum, part) => sum + part.records, 0)
    if (records !== facts.records) throw new LostRecordsError(facts, { records, checksum: 'unknown' })
    return {
      treatment,
      records,
      totalMs,
      recordsPerSecond: (records / totalMs) * 1000,
      eventLoopUtilisation: Math.max(...loops.map((loop) => loop.utilisation)),
    }
  } finally {
    await threads.close()
  }
}
