import { oncePer } from '../../once-per.js'
import { waitEventRow } from '../../study/journal/wait-events.js'
import type { Waits, WaitsTimeline } from '../../study/readings.js'
import { selectTreatments, trialsOf } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import { isByProgram, type Selection, type Treatment } from '../../study/treatment.js'
import type { CompletedTrial, CopyPart } from '../../study/trial.js'
import { type Activity, activityNames, activityOf, isRunnable } from './activities.js'
import { waitsOfTrial } from './node-waits.js'

/**
 * Division of the workers' time of one trial, in milliseconds summed over the workers
 * ("worker-seconds" where shown).
 */
export interface WorkerTime {
  readonly trial: number
  readonly block: number
  readonly treatment: Treatment
  /** The backends' wall time: their number × total time. */
  readonly wallMs: number
  /** The time by activity: see `workerTime` for the source of each. */
  readonly ms: { readonly [A in Activity]: number }
  /**
   * Part of `ms.client` that passed while a COPY was open: the server had read all there was, and
   * waited for more.
   */
  readonly clientInCopyMs: number
  /**
   * Share of the time in COPY that the backends slept in waits for locks that others hold, 0 to 1:
   * of the types `Lock` and `LWLock`, and for a buffer's content, which was an LWLock before
   * PostgreSQL 19.
   */
  readonly lockShare: number
  /**
   * False where the server's `/proc` could not be read: then queueing cannot be distinguished from
   * running, and is counted as running.
   */
  readonly cpuKnown: boolean
  /**
   * Time for which the wait samples found the backends running or queueing. It has another source
   * than `ms.running` and `ms.queueing`, which Linux counted, so the two should agree within the
   * error of sampling.
   */
  readonly runnableBySamplesMs: number
}

/**
 * Divides a trial's worker time by these sources:
 * - the workers' own clocks say when each was in COPY, at the barrier, and between COPYs waiting
 *   for the client to have a part ready;
 * - Linux says how long the backends were on a core, and how long runnable without one; the rest
 *   of the time in COPY they slept;
 * - the wait samples say what they slept for. Where Linux does not count queueing, it is the time
 *   for which the samples found a backend runnable beyond its CPU time; where `/proc` cannot be
 *   read, all runnable time of the samples;
 * - samples of a cluster's nodes say how much of the wait for them was their commit;
 * - where a program loads, which has no clocks of its own, the samples alone say when its backends
 *   were in a statement.
 *
 * Returns null where the waits were not read.
 */
export const workerTime = oncePer((trial: CompletedTrial): WorkerTime | null => {
  const waits = waitsOfTrial(trial)
  const { treatment, totalMs, parts, backendCpuMs, backendQueueMs } = trial
  if (!waits) return null
  // A program has as many backends as it connects.
  const backends = trial.workerReadings.length
  const wallMs = backends * totalMs
  const indexesMs = backends * (trial.indexMs ?? 0)
  const loadingMs = wallMs - indexesMs
  const byProgram = isByProgram(treatment)
  const copyMs = byProgram ? loadingMs * shareInStatements(waits) : (trial.copyMs ?? 0)
  const found = byProgram ? inStatements(waits) : inCopy(waits, parts, 1 - copyMs / loadingMs)
  const samples = found.reduce((sum, { count }) => sum + count, 0)
  const runnableSamples = found.reduce((sum, { event, count }) => (isRunnable(event) ? sum + count : sum), 0)
  const runnableBySamplesMs = samples === 0 ? 0 : (copyMs * runnableSamples) / samples

  const ms = Object.fromEntries(activityNames.map((name) => [name, 0])) as { [A in Activity]: number }
  ms.running = backendCpuMs ?? runnableBySamplesMs
  ms.queueing = backendQueueMs ?? Math.max(0, runnableBySamplesMs - ms.running)
  const asleepMs = Math.max(0, copyMs - ms.running - ms.queueing)
  let lockSamples = 0
  for (const { event, count } of found) {
    if (count === 0 || isRunnable(event)) continue
    ms[activityOf(event)] += (asleepMs * count) / (samples - runnableSamples)
    if (waitEventRow(event).contention) lockSamples += count
  }
  // Part of the wait for the nodes is their commit, by the samples of the nodes themselves.
  ms.distributedCommit = Math.min(ms.nodes, trial.distributedCommitMs ?? 0)
  ms.nodes -= ms.distributedCommit
  const clientInCopyMs = ms.client
  ms.barrier = treatment.dispatch === 'split' ? barrierTime(parts) : 0
  ms.client += Math.max(0, loadingMs - copyMs - ms.barrier)
  ms.indexes = indexesMs
  return {
    trial: trial.trial,
    block: trial.block,
    treatment,
    wallMs,
    ms,
    clientInCopyMs,
    lockShare:
      samples === runnableSamples || copyMs === 0
        ? 0
        : (asleepMs / copyMs) * (lockSamples / (samples - runnableSamples)),
    cpuKnown: backendCpuMs !== null,
    runnableBySamplesMs,
  }
})

/**
 * Returns the time with queueing counted as running: for means over trials whose queueing is known
 * and trials whose is not.
 */
export function withoutQueueing(time: WorkerTime): WorkerTime {
  return { ...time, ms: { ...time.ms, running: time.ms.running + time.ms.queueing, queueing: 0 } }
}

/** Activities that only some studies have. */
const rareActivities: readonly Activity[] = ['indexes', 'nodes', 'distributedCommit']

/**
 * Returns the activities that are told apart: queueing where it is known, the making of indexes
 * where some trial made them after its load, and the wait for nodes where tables are distributed.
 */
export function toldActivities(times: readonly WorkerTime[], cpuKnown: boolean): readonly Activity[] {
  const isSeen = (name: Activity): boolean => times.some(({ ms }) => ms[name] > 0)
  return activityNames.filter((name) =>
    name === 'queueing' ? cpuKnown : !rareActivities.includes(name) || isSeen(name),
  )
}

/**
 * Returns the worker time of every completed, measured trial of the selected treatments whose waits
 * were read.
 */
export function workerTimes(study: Study, where: Selection = {}): WorkerTime[] {
  return selectTreatments(study, where)
    .flatMap((treatment) => trialsOf(study, treatment))
    .flatMap((trial) => workerTime(trial) ?? [])
}

/**
 * Returns the time in milliseconds for which workers were finished with their part of a batch and
 * others were not, summed over workers. A part is finished with its last COPY.
 */
export function barrierTime(parts: readonly CopyPart[]): number {
  const workers = parts.reduce((most, { worker }) => Math.max(most, worker + 1), 0)
  const batchEnds: number[] = []
  const partEnds: number[] = []
  for (const part of parts) {
    const { batch, worker } = part
    const place = batch * workers + worker
    batchEnds[batch] = Math.max(batchEnds[batch] ?? 0, endMs(part))
    partEnds[place] = Math.max(partEnds[place] ?? 0, endMs(part))
  }
  let sum = 0
  for (const part of parts) {
    const { batch, worker } = part
    if (endMs(part) === partEnds[batch * workers + worker]) sum = sum + batchEnds[batch]! - endMs(part)
  }
  return sum
}

const endMs = ({ startMs, copyMs }: CopyPart): number => startMs + copyMs

type Counts = readonly { readonly event: string; readonly count: number }[]

/** Counts the wait samples, by event, that found a backend while its worker had a COPY open. */
function inCopy({ timeline, counts }: Waits, parts: readonly CopyPart[], shareOutside: number): Counts {
  if (timeline) return samplesInCopy(timeline, parts)
  // pg_wait_sampling has no timeline; what the workers' clocks place outside COPY was a wait for
  // the client too.
  const outside = shareOutside * counts.reduce((sum, { count }) => sum + count, 0)
  return counts.map(({ event, count }) => ({
    event,
    count: event === 'Client:ClientRead' ? Math.max(0, count - outside) : count,
  }))
}

/** Counts the wait samples, by event, that found a backend in a statement. */
const inStatements = ({ counts }: Waits): Counts => counts.filter(({ event }) => event !== 'idle')

function shareInStatements(waits: Waits): number {
  const of = (counts: Counts): number => counts.reduce((sum, { count }) => sum + count, 0)
  return of(inStatements(waits)) / Math.max(1, of(waits.counts))
}

function samplesInCopy({ atMs, events, workers }: WaitsTimeline, parts: readonly CopyPart[]): Counts {
  const counts = new Array<number>(events.length).fill(0)
  const byWorker = new Map<number, CopyPart[]>()
  for (const part of parts) {
    const own = byWorker.get(part.worker)
    if (own) own.push(part)
    else byWorker.set(part.worker, [part])
  }
  for (const [worker, samples] of workers.entries()) {
    const own = (byWorker.get(worker) ?? []).sort((a, b) => a.startMs - b.startMs)
    let next = 0
    for (let sample = 0; sample < samples.length; sample++) {
      const at = atMs[sample]!
      while (next < own.length && endMs(own[next]!) < at) next++
      if (next < own.length && own[next]!.startMs <= at) counts[samples[sample]!]!++
    }
  }
  return events.map((event, k) => ({ event, count: counts[k]! }))
}
