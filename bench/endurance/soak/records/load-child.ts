/**
 * Loads records by one trial after the other in one process: `load-child.js '<JSON of LoadTask>'`,
 * with the server in `DATABASE_URL`, prints the JSON of a `Loaded`.
 */

import { flights, synthetic, type Treatment, url, withTrials } from 'copylab/executor'
import { processPeakBytes } from '../../../parts/memory/process-memory.js'

/** What is loaded, and how: a trial for each treatment. */
export interface LoadTask {
  readonly input: 'flights' | 'synthetic'
  readonly records: number
  readonly treatments: readonly Partial<Treatment>[]
}

/** What a process loaded, and the most memory that it had. */
export interface Loaded {
  readonly trials: readonly {
    readonly client: Treatment['client']
    /** Records in the table, whose checksum was that of the input; null for a trial that failed. */
    readonly verified: number | null
    readonly totalMs: number | null
    readonly error: string | null
  }[]
  /** Null where the system does not tell. */
  readonly peakBytes: number | null
}

const { input, records, treatments } = JSON.parse(process.argv[2]!) as LoadTask
const made = input === 'flights' ? flights({ records }) : synthetic({ records, width: 8, columns: 1 })
const trials = await withTrials({ server: url(), input: made, treatments }, async (run) => {
  const own: Loaded['trials'][number][] = []
  for (const treatment of treatments) {
    const trial = await run({ treatment, probes: false })
    const { client } = trial.treatment
    if (trial.state === 'failed') own.push({ client, verified: null, totalMs: null, error: trial.error.message })
    else own.push({ client, verified: trial.records, totalMs: trial.totalMs, error: null })
  }
  return own
})
console.log(JSON.stringify({ trials, peakBytes: processPeakBytes() } satisfies Loaded))
