import { blockPlaces, type PlannedPlace, warmUpPlaces } from '../blocks/schedule.js'
import type { InputFacts } from '../context.js'
import type { Plan } from '../plan.js'
import { blockOfLook } from '../preregistration.js'
import type { EarlyStop } from '../study.js'
import { mayRewrite } from '../table/layout-of.js'
import { isByProgram, sameTreatment } from '../treatment.js'
import type { CompletedTrial, Trial } from '../trial.js'

/** Records and checksum that every trial of a study has loaded, by its sessions. */
export type InputTruth = Pick<InputFacts, 'records' | 'checksum'>

/** A part's times are written in hundredths of a millisecond, a trial's in thousandths. */
const roundedMs = 0.1
/** Maximum rounding error of each of a part's times in a sum. */
const partRoundedMs = 0.01
/** Maximum plausible duration of a load, 30 days: a longer time is damage. */
const longestMs = 30 * 24 * 3600 * 1000

/**
 * Checks the trials of a journal, one after the other, against their plan: their place, the records
 * they loaded, and their times.
 */
export class TrialCheck {
  readonly #plan: Plan
  readonly #truth: InputTruth | null
  readonly #blockCount: number
  readonly #warmUp: readonly PlannedPlace[]
  readonly #completed = new Set<string>()
  #last = 0
  #session = 0

  /**
   * `truth` is null where no session of the journal can be read; `blocks` is the largest number
   * that the plan ever had.
   */
  constructor(plan: Plan, blocks: number, truth: InputTruth | null) {
    this.#blockCount = blocks
    this.#plan = plan
    this.#truth = truth
    this.#warmUp = warmUpPlaces(plan)
  }

  /**
   * Takes note that a session begins: in a study in sessions it runs blocks again that the one
   * before it broke off in.
   */
  begins(): void {
    this.#session++
  }

  /**
   * Returns the reason why a trial cannot be used; null where it can, and it then counts as used.
   */
  fault(trial: Trial): string | null {
    const fault = this.#placeFault(trial) ?? (trial.state === 'completed' ? this.#loadFault(trial) : null)
    if (fault !== null) return fault
    this.#last = trial.trial
    if (trial.state === 'completed' && trial.phase !== 'warm-up') this.#completed.add(this.#placeOf(trial))
    return null
  }

  /** Returns how many trials are missing before this one by their numbers. */
  missingBefore({ trial }: Trial): number {
    return Math.max(0, trial - this.#last - 1)
  }

  #placeFault(trial: Trial): string | null {
    const { block, position, phase, control, treatment } = trial
    const places = block === 0 ? this.#warmUp : block <= this.#blockCount ? blockPlaces(this.#plan, block) : []
    const planned = places[position - 1]
    const isPlanned =
      planned?.phase === phase && planned.control === control && sameTreatment(planned.treatment, treatment)
    if (!isPlanned) return `the plan has no such trial at position ${position} of block ${block}`
    if (trial.state === 'completed' && this.#completed.has(this.#placeOf(trial))) {
      return `position ${position} of block ${block} has a completed trial already`
    }
    return null
  }

  #placeOf({ block, position }: Trial): string {
    return this.#plan.blocksPerSession === null ? `${block}/${position}` : `${this.#session}/${block}/${position}`
  }

  #loadFault(trial: CompletedTrial): string | null {
    const { records, checksum, totalMs, treatment, parts, insertMs } = trial
    const truth = this.#truth
    const isCompared = treatment.target === 'table' && !mayRewrite(this.#plan, treatment)
    const expected = isCompared ? (truth?.checksum ?? checksum) : null
    if (truth && records !== truth.records) {
      return `it loaded ${records} records, of ${truth.records} in the input`
    }
    if (checksum !== expected) return `its checksum is ${checksum}, that of the input ${expected}`
    if (isByProgram(treatment)) return programFault(trial)
    const loaded = parts.reduce((sum, part) => sum + part.records, 0)
    if (loaded !== records) return `its parts hold ${loaded} records, the trial ${records}`
    const end = parts.reduce((latest, { startMs, copyMs }) => Math.max(latest, startMs + copyMs), 0)
    const loadingMs = totalMs - (trial.indexMs ?? 0)
    if (!(totalMs <= longestMs && (insertMs ?? Number.NaN) <= loadingMs + roundedMs && end <= loadingMs + roundedMs)) {
      return `its total time of ${totalMs} ms is shorter than its parts, or impossible`
    }
    return columnsFault(trial) ?? sumFault(trial)
  }
}

/** Times that a program's trial does not have. */
const unknownOfPrograms = ['readMs', 'analyseMs', 'encodeMs', 'idleMs', 'bytes'] as const

function programFault(trial: CompletedTrial): string | null {
  const told = unknownOfPrograms.find((name) => trial[name] !== null)
  if (told !== undefined || trial.parts.length > 0)
    return `it has ${told ?? 'parts'} of a program's load, which nobody measured`
  const { totalMs, insertMs, copyMs, workerReadings } = trial
  if (
    totalMs > longestMs ||
    Number(insertMs) > totalMs + roundedMs ||
    Number(copyMs) > workerReadings.length * (totalMs + roundedMs)
  )
    return `its total time of ${totalMs} ms is shorter than that in COPY, or impossible`
  return seriesFault(trial)
}

/** Finds columns that belong together and differ in length, or that refer to missing entries. */
function columnsFault(trial: CompletedTrial) {
  const { parts, treatment, workerReadings } = trial
  const { workers } = treatment
  const strange = parts.find(
    ({ worker, batch, records, startMs, copyMs, encodeMs, commitMs }) =>
      !(worker >= 0 && worker < workers && batch >= 0 && records >= 0) ||
      !(startMs >= 0 && copyMs >= 0 && encodeMs >= 0 && commitMs >= 0),
  )
  if (strange) return `a part of worker ${strange.worker} in batch ${strange.batch} is impossible`
  if (workerReadings.length !== workers) return `it has readings of ${workerReadings.length} of ${workers} workers`
  return seriesFault(trial)
}

/** Finds series whose columns differ in length, and waits that refer to missing entries. */
function seriesFault({ waits, clientSeries, serverSeries }: CompletedTrial): string | null {
  const series = [clientSeries, serverSeries].flatMap((own) => (own ? Object.values(own) : [])) as number[][]
  const lengths = [clientSeries, serverSeries].map((own) => own?.atMs.length ?? 0)
  if (series.some(({ length }) => length > 0 && !lengths.includes(length))) return 'its series are not equally long'
  const timeline = waits?.timeline
  const unknown = timeline?.workers.some(
    (samples) => samples.length !== timeline.atMs.length || samples.some((event) => !(event in timeline.events)),
  )
  return unknown ? 'the timeline of its waits is incomplete' : null
}

/** Finds times of a trial that do not agree with their sums, as after a changed digit. */
function sumFault({ treatment, parts, totalMs, indexMs, ...sums }: CompletedTrial): string | null {
  const [copyMs, encodeMs, idleMs] = [sums.copyMs ?? Number.NaN, sums.encodeMs ?? Number.NaN, sums.idleMs ?? Number.NaN]
  const { workers, dispatch } = treatment
  const copied = parts.reduce((sum, part) => sum + part.copyMs, 0)
  const loadingMs = totalMs - (indexMs ?? 0)
  const idle = Math.max(0, workers * loadingMs - copyMs - (dispatch === 'split' ? encodeMs : 0))
  const agree =
    Math.abs(copied - copyMs) <= partRoundedMs * (1 + parts.length) &&
    Math.abs(idle - idleMs) <= partRoundedMs * (1 + workers)
  return agree ? null : `its total time of ${totalMs} ms does not agree with the times of its workers`
}

/**
 * Returns the most frequent of the given facts about a study's input; of two with equal frequency,
 * the first. Null for none.
 */
export function agreedTruth(reported: readonly InputTruth[]): InputTruth | null {
  const counts = new Map<string, { readonly truth: InputTruth; count: number }>()
  for (const truth of reported) {
    const key = `${truth.records} ${truth.checksum}`
    const known = counts.get(key)
    if (known) known.count++
    else counts.set(key, { truth, count: 1 })
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count)
  return most?.truth ?? null
}

/**
 * Returns the reason why an early stop is impossible; null where it is possible. `lastBlock` is the
 * last block of which the journal holds a trial.
 */
export function stopFault({ preregistration }: Plan, { look, block }: EarlyStop, lastBlock: number): string | null {
  const rule = preregistration?.stop
  if (!rule) return 'the plan has no rule by which the study may end early'
  if (look > rule.looks || blockOfLook(rule, look) !== block) {
    return `the plan has no look ${look} after block ${block}`
  }
  return lastBlock > block ? `the study has trials of block ${lastBlock}, and did not end after block ${block}` : null
}
