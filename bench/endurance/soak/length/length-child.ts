/**
 * Studies in one process: `length-child.js '<JSON of LengthTask>'`, with the server in
 * `DATABASE_URL`. Stands still after every trial and after every study, and tells its parent what
 * this process holds then.
 */

import { flights, type Progress, runStudy, type Study, url } from 'copylab/executor'
import { collectInThreads } from './collecting.js'
import { type LeakName, leakOf } from './leaks.js'
import { pause } from './pausing.js'
import { type ProcessFigures, processFigures } from './process-figures.js'

/** What a child runs: a study of one block, and then one of `blocks`. */
export interface LengthTask {
  readonly records: number
  readonly workers: readonly number[]
  readonly blocks: number
  readonly seed: number
  /** Folder of the studies. */
  readonly folder: string
  /** What is to be left open after every trial, to show that it would be noticed. */
  readonly leaks: readonly LeakName[]
}

/** What a child tells after a trial or a study. */
export interface Told {
  readonly study: string
  /** The block of the trial; after a study, whether its results are still held or let go. */
  readonly at: number | 'held' | 'let go'
  readonly state: 'completed' | 'failed'
  readonly figures: ProcessFigures
}

const { records, workers, blocks, seed, folder, leaks } = JSON.parse(process.argv[2]!) as LengthTask

function tell(told: Omit<Told, 'figures'>): void {
  collectInThreads()
  pause({ ...told, figures: processFigures() } satisfies Told)
}

async function study(name: string, ownBlocks: number): Promise<void> {
  const onProgress = ({ trial }: Progress): void => {
    if (!trial) return
    for (const leak of leaks) leakOf(leak)
    tell({ study: name, at: trial.block, state: trial.state })
  }
  let results: Study | null = await runStudy({
    name,
    server: url(),
    input: flights({ records }),
    factors: { workers, client: ['event-loop', 'threads'], encoding: ['text', 'binary'], batchSize: 1_000 },
    blocks: ownBlocks,
    warmUpBlocks: 0,
    seed,
    folder,
    onProgress,
  })
  tell({ study: results.plan.name, at: 'held', state: 'completed' })
  results = null
  await new Promise(setImmediate)
  tell({ study: name, at: 'let go', state: 'completed' })
}

// What a first study opens for good, such as the system's random numbers, does not count.
await study('soak-first', 1)
await study('soak', blocks)
// Leaks would keep the process.
process.exit()
