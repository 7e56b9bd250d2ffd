/**
 * One load in a process of its own, for what it takes in memory:
 * `memory-child.js '<JSON of ChildTask>'`, with the server in `DATABASE_URL`, prints the JSON of a
 * `ChildMemory`. The task `null` loads nothing.
 */

import { flights, type Treatment, url, withTrials } from 'copylab/executor'
import { processPeakBytes } from './process-memory.js'

/** The process's task after it has imported `copylab/executor`. */
export type ChildTask = { readonly records: number; readonly treatment: Partial<Treatment> } | null

/** Resident set sizes of the process in bytes. */
export interface ChildMemory {
  /** When nothing but `copylab/executor` had been imported. */
  readonly importedBytes: number
  /**
   * The peak from the process's start to its end, reading the input once before the trial included:
   * `VmHWM` of Linux. Null elsewhere, with a reason.
   */
  readonly processPeakBytes: number | null
  readonly processPeakMissing: string | null
  /**
   * The peak from `process.resourceUsage().maxRSS`, in bytes, which on Linux is never less than the
   * peak of the process that started this one.
   */
  readonly maxRssBytes: number
  /** The peak up to the trial's start; null where `processPeakBytes` is, and without a trial. */
  readonly beforeTrialPeakBytes: number | null
  /**
   * The highest of samples every 10 ms from the trial's start to its end, verification included;
   * null without a trial.
   */
  readonly trialPeakBytes: number | null
  /** Clock time of the trial in milliseconds; null without a trial. */
  readonly totalMs: number | null
}

const sampleEveryMs = 10

async function load({ records, treatment }: NonNullable<ChildTask>) {
  const options = { server: url(), input: flights({ records }), treatments: [treatment] }
  return withTrials(options, async (run) => {
    const beforeTrialPeakBytes = processPeakBytes()
    let trialPeakBytes = process.memoryUsage.rss()
    const takeSample = (): void => {
      trialPeakBytes = Math.max(trialPeakBytes, process.memoryUsage.rss())
    }
    const sampling = setInterval(takeSample, sampleEveryMs)
    const trial = await run({ treatment, probes: false }).finally(() => clearInterval(sampling))
    takeSample()
    if (trial.state === 'failed') throw new Error(trial.error.message)
    return { beforeTrialPeakBytes, trialPeakBytes, totalMs: trial.totalMs }
  })
}

const task = JSON.parse(process.argv[2] ?? 'null') as ChildTask
const importedBytes = process.memoryUsage.rss()
const loaded = task && (await load(task))
const peak = processPeakBytes()
const memory: ChildMemory = {
  importedBytes,
  processPeakBytes: peak,
  processPeakMissing: peak === null ? 'the system has no /proc/self/status with VmHWM' : null,
  maxRssBytes: process.resourceUsage().maxRSS * 1024,
  beforeTrialPeakBytes: loaded?.beforeTrialPeakBytes ?? null,
  trialPeakBytes: loaded?.trialPeakBytes ?? null,
  totalMs: loaded?.totalMs ?? null,
}
console.log(JSON.stringify(memory))
