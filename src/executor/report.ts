import { performance } from 'node:perf_hooks'
import { failedPlaces, nothingDone, sessionPlaces } from '../study/blocks/attempts.js'
import { blockEntries, type PlannedPlace, plannedSessions } from '../study/blocks/schedule.js'
import type { Context } from '../study/context.js'
import { controlWords } from '../study/controls.js'
import type { JournalContents } from '../study/journal/read-journal.js'
import type { Plan } from '../study/plan.js'
import type { BlockLook, FailureCounts, Progress, StoredTrials, Study } from '../study/study.js'
import { treatmentLabel } from '../study/treatment.js'
import type { Trial } from '../study/trial.js'

/** How far a call is. */
export interface PlaceInCall {
  /** Number of trials that the call has run. */
  readonly ran: number
  /** Number of trials that it runs in all. */
  readonly places: number
  /** Number of the session that runs, from 1, by the plan. */
  readonly session: number
}

/** Reports a study's progress, with the time left. */
export interface Reporter {
  /** Reports a step before the trials that takes time. */
  step(stage: 'input' | 'server', message: string): void
  begins(place: PlannedPlace, at: PlaceInCall): void
  /** Reports the end of a trial, with the look at the study where it ended a block. */
  ended(place: PlannedPlace, trial: Trial, at: PlaceInCall, look: BlockLook | null): void
  /** Reports a long wait. */
  waits(message: string): void
  done(study: Study, ran: number): void
  /** Reports that all trials were on disk already. */
  fromDisk(study: Study): void
}

/** Makes a reporter for a plan and its journal; silent without `onProgress`. */
export function makeReporter(
  plan: Plan,
  stored: JournalContents | null,
  onProgress: (progress: Progress) => void = () => {},
): Reporter {
  const done = stored ?? nothingDone
  const places = sessionPlaces(plan, done).flat()
  const missing = places.filter(({ phase }) => phase !== 'warm-up').length
  const before = plan.blocks * blockEntries(plan).length - missing
  const total = before + places.length
  const origin = stored && storedTrials(plan, stored)
  let interimText: string | null = null
  let warning: string | null = null
  let begunAt: number | null = null
  let ranSoFar = 0
  let last: Progress | null = null
  const report = (progress: Pick<Progress, 'stage' | 'message'> & Partial<Progress>): void => {
    last = {
      study: plan.name,
      done: before + ranSoFar,
      total,
      etaMs: null,
      trial: null,
      interim: interimText,
      warning,
      stored: origin,
      failed: null,
      ...progress,
    }
    onProgress(last)
  }
  const msLeft = (ran: number, places: number): number | null => {
    begunAt ??= performance.now()
    return ran === 0 ? null : ((performance.now() - begunAt) / ran) * (places - ran)
  }
  const running = (
    place: PlannedPlace,
    { ran, places, session }: PlaceInCall,
  ): Pick<Progress, 'stage' | 'message'> & Partial<Progress> => ({
    stage: place.phase === 'warm-up' ? 'warm-up' : 'measured',
    message: describePlace(place, plan, session),
    etaMs: msLeft(ran, places),
  })
  return {
    step: (stage, message) => report({ stage, message }),
    begins: (place, at) => report(running(place, at)),
    ended(place, trial, at, look) {
      ranSoFar = at.ran
      interimText = look?.interim?.text ?? interimText
      if (look) warning = look.warning
      report({ ...running(place, at), trial })
    },
    waits(message) {
      if (last) onProgress({ ...last, trial: null, message: `${last.message}, ${message}` })
    },
    done: (study, ran) =>
      report({ stage: 'done', message: endText(study), done: before + ran, etaMs: 0, failed: failureCounts(study) }),
    fromDisk(study) {
      const done = study.trials.length
      report({ stage: 'done', message: 'read from disk', done, total: done, etaMs: 0, failed: failureCounts(study) })
    },
  }
}

/**
 * Returns the function that reports a step of reading an input before its study has a plan: the
 * numbers of trials are not known yet.
 */
export function beforePlan(study: string, onProgress: (progress: Progress) => void = () => {}): (step: string) => void {
  return (message) =>
    onProgress({
      study,
      stage: 'input',
      done: 0,
      total: 0,
      etaMs: null,
      message,
      trial: null,
      interim: null,
      warning: null,
      stored: null,
      failed: null,
    })
}

function failureCounts(study: Study): FailureCounts | null {
  const failed = failedPlaces(study)
  const again = failed.filter(({ standing }) => standing === null).length
  return failed.length === 0 ? null : { again, standing: failed.length - again }
}

/** "6 blocks of 4 treatments", "ended at look 2 of 5, after 16 of at most 40 blocks" */
function endText({ plan, stopped }: Study): string {
  const { stop } = plan.preregistration ?? {}
  return stopped && stop
    ? `ended at look ${stopped.look} of ${stop.looks}, after ${stopped.block} of at most ${stop.maxBlocks} blocks: ${stopped.text}`
    : `${plan.blocks} blocks of ${plan.treatments.length} treatments`
}

/** "block 2/6, 4 workers × 10,000, A/A"; in sessions "session 1/3, block 2/6, …" */
function describePlace(place: PlannedPlace, plan: Plan, session: number): string {
  const { phase, block, control, treatment } = place
  const when = phase === 'warm-up' ? 'warm-up' : `block ${block}/${plan.blocks}`
  const within = plan.blocksPerSession === null ? [] : [`session ${session}/${plannedSessions(plan)}`]
  return [
    ...within,
    when,
    treatmentLabel(treatment, plan.treatments),
    ...(control ? [controlWords[control].label] : []),
  ].join(', ')
}

function storedTrials(plan: Plan, { contexts, trials }: JournalContents): StoredTrials | null {
  const [first, last] = [contexts[0], contexts.at(-1)]
  if (!first || !last || trials.length === 0) return null
  const day = ({ startedAt }: Context): string => startedAt.slice(0, 10)
  return { plan: plan.hash, firstDay: day(first), lastDay: day(last), cores: last.hardware.cores }
}
