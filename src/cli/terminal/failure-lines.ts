import { type FailedPlace, failedPlaces, failuresThatStand, repeatedTrials } from '../../study/blocks/attempts.js'
import type { PlannedPlace } from '../../study/blocks/schedule.js'
import type { Study } from '../../study/study.js'
import { treatmentLabel } from '../../study/treatment.js'
import type { FailedTrial } from '../../study/trial.js'

/**
 * Lines about the failed trials of a study, with their consequence and the remedy: one for each
 * place, then one for those that no longer decide anything.
 */
export function failureLines(study: Study): string[] {
  const places = failedPlaces(study)
  const again = places.filter(({ standing }) => standing === null).length
  return [
    ...places.map((place) => placeLine(place, study)),
    ...(again > 0
      ? [`${counted(again, 'trial')} failed: the same command runs ${again === 1 ? 'it' : 'them'} again`]
      : []),
    ...settledLines(repeatedTrials(study), 'trial', (one) => `failed and ${one ? 'was' : 'were'} run again`),
    ...settledLines(warmUpFailures(study), 'warm-up trial', () => 'failed, which decides nothing'),
  ]
}

function placeLine({ place, failures, standing }: FailedPlace, study: Study): string {
  const { trial, error } = failures.at(-1)!
  const failed = `Trial ${trial} (${placeText(place, study)}) failed: ${error.message}`
  switch (standing) {
    case null:
      return failed
    case 'alike':
      return `${failed}\n  It failed ${failuresThatStand} times alike and is not run again: remove the cause, then measure again with --fresh, or add blocks`
    case 'ended':
      return `${failed}\n  The study has ended early, so it is not run again: measure all again with --fresh where that block matters`
    default:
      throw new TypeError(`Unknown reason ${standing satisfies never}`)
  }
}

function placeText({ block, control, treatment }: PlannedPlace, { plan }: Study): string {
  return [`block ${block}`, treatmentLabel(treatment, plan.treatments), ...(control ? [control] : [])].join(', ')
}

function warmUpFailures({ trials }: Study): FailedTrial[] {
  return trials.filter((trial): trial is FailedTrial => trial.state === 'failed' && trial.phase === 'warm-up')
}

/** "2 trials failed and were run again; the last, trial 9: disk full" */
function settledLines(failures: readonly FailedTrial[], thing: string, what: (one: boolean) => string): string[] {
  const last = failures.at(-1)
  if (!last) return []
  const { length } = failures
  return [`${counted(length, thing)} ${what(length === 1)}; the last, trial ${last.trial}: ${last.error.message}`]
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
