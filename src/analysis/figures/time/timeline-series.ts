import { checkedNumber, checkOptions } from '../../../check.js'
import type { Study } from '../../../study/study.js'
import { checkedStudy } from '../../../study/study.js'
import type { Selection } from '../../../study/treatment.js'
import type { CompletedTrial, CopyPart } from '../../../study/trial.js'
import { type Activity, activityOf, isRunnable } from '../../explain/activities.js'
import { waitsOfTrial } from '../../explain/node-waits.js'
import { median } from '../../statistics/numerics/quantile.js'
import { drawnTreatments, typicalTrial } from '../drawing/drawn-treatments.js'
import { encodedBeforeMs } from '../drawing/encoded-before.js'

/** Options of `plotTimeline` and `timelineSeries`. */
export interface TimelineOptions {
  /** Only treatments with these levels. */
  readonly where?: Selection
  /**
   * Start of the window, in milliseconds since the clock started.
   *
   * @default the beginning of a batch that puts the window in the middle of the trial
   */
  readonly fromMs?: number
  /**
   * Length of the window in milliseconds.
   *
   * @default about eight batches of the treatments drawn
   */
  readonly forMs?: number
}

/** An interval of time, in milliseconds since the clock started. */
export interface Segment<Kind extends string> {
  readonly kind: Kind
  readonly fromMs: number
  readonly toMs: number
}

/**
 * A worker's own step, by its clock: `barrier` has finished its part while others have not;
 * `client` has no part yet; `indexes` has finished the load, after which indexes are made.
 */
export type WorkerSegment = 'encode' | 'copy' | 'commit' | 'barrier' | 'client' | 'indexes'

/** One worker within the window. */
export interface TimelineWorker {
  /** Number of the worker, from 0. */
  readonly worker: number
  readonly segments: readonly Segment<WorkerSegment>[]
  /**
   * States in which its backend was found, each sample standing for the time around it; nothing
   * where it was idle between two COPYs.
   */
  readonly found: readonly Segment<Activity>[]
}

/** One trial within a window of time. */
export interface TrialTimeline {
  readonly label: string
  readonly trial: number
  readonly block: number
  readonly fromMs: number
  readonly toMs: number
  readonly workers: readonly TimelineWorker[]
  /** Reason that there are no wait samples; null where there are some. */
  readonly noSamples: string | null
}

/**
 * Collects what every worker did, batch by batch, within a window of each treatment's trial of the
 * median total time.
 */
export function timelineSeries(study: Study, options: TimelineOptions = {}): TrialTimeline[] {
  checkedStudy(study)
  checkOptions(options, { where: true, fromMs: true, forMs: true })
  const drawn = drawnTreatments(study, options.where).flatMap(({ label, treatment }) => {
    const trial = typicalTrial(study, treatment)
    return trial && trial.parts.length > 0 ? [{ label, trial }] : []
  })
  if (drawn.length === 0) return []
  const forMs = checkedMs('forMs', options.forMs) ?? 8 * median(drawn.map(({ trial }) => batchPeriodMs(trial)))
  const windows = drawn.map(({ label, trial }) => {
    const fromMs = checkedMs('fromMs', options.fromMs) ?? middle(trial, forMs)
    return { label, trial, fromMs, toMs: Math.min(trial.totalMs, fromMs + forMs) }
  })
  const samples = windows.reduce((sum, { trial, fromMs, toMs }) => sum + samplesIn(trial, fromMs, toMs), 0)
  const step = Math.max(1, Math.ceil(samples / maxSamples))
  return windows.map(({ label, trial, fromMs, toMs }) => ({ label, ...windowOf(trial, fromMs, toMs, step) }))
}

/**
 * Largest number of samples that a figure shows, all workers and trials together; of more, every
 * second, third, … is shown.
 */
const maxSamples = 2000

function samplesIn({ waits, treatment }: CompletedTrial, fromMs: number, toMs: number): number {
  const atMs = waits?.timeline?.atMs ?? []
  return treatment.workers * atMs.filter((at) => at >= fromMs && at < toMs).length
}

function checkedMs(option: string, ms: number | undefined): number | undefined {
  return ms === undefined ? ms : checkedNumber(option, ms, option === 'fromMs' ? { from: 0 } : { above: 0 })
}

/** Returns the time from the clock's start to the last commit, before indexes are made. */
export function loadingMs({ totalMs, indexMs }: Pick<CompletedTrial, 'totalMs' | 'indexMs'>): number {
  return totalMs - (indexMs ?? 0)
}

function batchPeriodMs(trial: CompletedTrial): number {
  return loadingMs(trial) / new Set(trial.parts.map(({ batch }) => batch)).size
}

/** Returns the last beginning of a batch before a window in the middle of the load would begin. */
function middle(trial: CompletedTrial, forMs: number): number {
  const { parts, treatment } = trial
  const latest = Math.max(0, (loadingMs(trial) - forMs) / 2)
  return parts.reduce((from, part) => {
    const begin = part.startMs - encodedBeforeMs(part, treatment)
    return begin <= latest ? Math.max(from, begin) : from
  }, 0)
}

function windowOf(trial: CompletedTrial, fromMs: number, toMs: number, step: number): Omit<TrialTimeline, 'label'> {
  const { missing, treatment } = trial
  const waits = waitsOfTrial(trial)
  const timeline = waits?.timeline ?? null
  return {
    trial: trial.trial,
    block: trial.block,
    fromMs,
    toMs,
    workers: Array.from({ length: treatment.workers }, (_, worker) => ({
      worker,
      segments: clipped(segmentsOf(trial, worker), fromMs, toMs),
      found: timeline ? clipped(foundOf(timeline, worker, step), fromMs, toMs) : [],
    })),
    noSamples: timeline
      ? null
      : waits
        ? `${waits.source} keeps no timeline`
        : (missing.waits ?? 'the waits were not read'),
  }
}

function segmentsOf(trial: CompletedTrial, worker: number): Segment<WorkerSegment>[] {
  const { parts, treatment, totalMs } = trial
  const ends = new Map<number, number>()
  if (treatment.dispatch === 'split') {
    for (const part of parts) ends.set(part.batch, Math.max(ends.get(part.batch) ?? 0, endOf(part)))
  }
  const segments: Segment<WorkerSegment>[] = []
  let at = 0
  const until = (kind: WorkerSegment, toMs: number): void => {
    if (toMs > at) segments.push({ kind, fromMs: at, toMs })
    at = Math.max(at, toMs)
  }
  for (const part of parts.filter((one) => one.worker === worker).sort((a, b) => a.startMs - b.startMs)) {
    until('client', part.startMs - encodedBeforeMs(part, treatment))
    until('encode', part.startMs)
    until('copy', endOf(part) - part.commitMs)
    until('commit', endOf(part))
    until('barrier', ends.get(part.batch) ?? 0)
  }
  until('client', loadingMs(trial))
  until('indexes', totalMs)
  return segments
}

function endOf({ startMs, copyMs }: CopyPart): number {
  return startMs + copyMs
}

type Timeline = NonNullable<NonNullable<CompletedTrial['waits']>['timeline']>

/**
 * Returns every `step`-th sample as a segment; segments meet halfway; neighbours of one activity
 * are joined.
 */
function foundOf({ atMs: all, events, workers }: Timeline, worker: number, step: number): Segment<Activity>[] {
  const atMs = all.filter((_, sample) => sample % step === 0)
  const samples = (workers[worker] ?? []).filter((_, sample) => sample % step === 0)
  const found: Segment<Activity>[] = []
  for (const [sample, index] of samples.entries()) {
    const event = events[index]
    if (event === undefined || event === 'idle') continue
    const kind = isRunnable(event) ? 'running' : activityOf(event)
    const fromMs = halfway(atMs, sample - 1)
    const toMs = halfway(atMs, sample)
    const last = found.at(-1)
    if (last?.kind === kind && last.toMs === fromMs) found[found.length - 1] = { ...last, toMs }
    else found.push({ kind, fromMs, toMs })
  }
  return found
}

/**
 * Returns the time halfway from one sample to the next; before the first and after the last, half
 * the typical distance.
 */
function halfway(atMs: readonly number[], sample: number): number {
  const typical = atMs.length > 1 ? (atMs.at(-1)! - atMs[0]!) / (atMs.length - 1) : 10
  const [before, after] = [atMs[sample], atMs[sample + 1]]
  if (before === undefined) return after! - typical / 2
  return after === undefined ? before + typical / 2 : (before + after) / 2
}

function clipped<Kind extends string>(
  stretches: readonly Segment<Kind>[],
  fromMs: number,
  toMs: number,
): Segment<Kind>[] {
  return stretches
    .filter((one) => one.toMs > fromMs && one.fromMs < toMs)
    .map((one) => ({ ...one, fromMs: Math.max(one.fromMs, fromMs), toMs: Math.min(one.toMs, toMs) }))
}
