import { blockersOf, interruptionsOf } from '../../study/blocks/disturbed.js'
import type { Study } from '../../study/study.js'
import type { CompletedTrial } from '../../study/trial.js'
import type { BlockedTrials, InterruptedTrials } from './study-finding.js'

/**
 * Finds trials during which the client, the server or a worker's backend was paused; the exclusions
 * of the study's plan do not matter here.
 */
export function interruptedInTrial(study: Study): InterruptedTrials[] {
  const found = foundIn(study, interruptionsOf)
  if (found.items.length === 0) return []
  const { items: interruptions, ...where } = found
  return [{ result: 'finding', code: 'interrupted-in-trial', interruptions, ...where }]
}

/** Finds trials whose workers waited for a lock that another session held. */
export function blockedInTrial(study: Study): BlockedTrials[] {
  const found = foundIn(study, blockersOf)
  if (found.items.length === 0) return []
  const { items: blockers, ...where } = found
  return [{ result: 'finding', code: 'blocked-in-trial', blockers, ...where }]
}

function foundIn<T extends object>(
  { trials }: Study,
  read: (trial: CompletedTrial) => readonly T[],
): { items: (T & { readonly trial: number })[]; trials: number[]; blocks: number[] } {
  const own = trials.flatMap((trial) => {
    if (trial.state === 'failed' || trial.phase === 'warm-up') return []
    const items = read(trial)
    return items.length > 0 ? [{ trial, items }] : []
  })
  return {
    items: own.flatMap(({ trial: { trial }, items }) => items.map((item) => ({ trial, ...item }))),
    trials: own.map(({ trial: { trial } }) => trial),
    blocks: [...new Set(own.map(({ trial: { block } }) => block))],
  }
}
