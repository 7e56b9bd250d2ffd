import { oncePer } from '../../once-per.js'
import { undisturbedTrials } from '../../study/blocks/disturbed.js'
import type { Study } from '../../study/study.js'
import { sameTreatment, type Treatment } from '../../study/treatment.js'
import type { CompletedTrial, Trial } from '../../study/trial.js'

/**
 * Returns the completed trials that answers and controls rest on: without those of the warm-up and
 * of disturbed blocks.
 */
export function judgedTrials(study: Study): readonly CompletedTrial[] {
  return judgedIn(undisturbedTrials(study))
}

const judgedIn = oncePer((trials: readonly Trial[]): readonly CompletedTrial[] =>
  trials.filter((trial): trial is CompletedTrial => trial.state === 'completed' && trial.phase !== 'warm-up'),
)

/**
 * Returns the judged trials that loaded a table: null trials have no server, and saturate the
 * client on purpose.
 */
export function loadingTrials(study: Study): readonly CompletedTrial[] {
  return loadingAmong(judgedTrials(study))
}

const loadingAmong = oncePer((trials: readonly CompletedTrial[]): readonly CompletedTrial[] =>
  trials.filter(({ treatment }) => treatment.target === 'table'),
)

/** Some trials of one treatment. */
export interface TreatmentTrials {
  readonly treatment: Treatment
  readonly own: readonly CompletedTrial[]
}

/**
 * Returns the trials that loaded a table, by treatment in the order of the plan, including those of
 * its controls.
 */
export const loadingTrialsByTreatment = oncePer((study: Study): readonly TreatmentTrials[] => {
  const trials = loadingTrials(study)
  return study.plan.treatments.map((treatment) => ({
    treatment,
    own: trials.filter((trial) => sameTreatment(trial.treatment, treatment)),
  }))
})

/** Returns the numbers of all their trials, in run order. */
export function trialNumbers(groups: readonly Pick<TreatmentTrials, 'own'>[]): number[] {
  return groups.flatMap(({ own }) => own.map(({ trial }) => trial)).sort((a, b) => a - b)
}

/**
 * Returns the index of a trial's treatment in the plan, as a label; trials of controls that differ
 * from the treatment on purpose have a label of their own.
 */
export function treatmentLabel(study: Study, { treatment, control }: CompletedTrial): string {
  const index = study.plan.treatments.findIndex((other) => sameTreatment(other, treatment))
  return control === null || control === 'aa' ? String(index) : `${index} ${control}`
}
