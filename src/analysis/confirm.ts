import type { Factors, Study, Treatment } from '../executor/types.js'
import { type BestSet, type BestSetOptions, bestSet } from './best-set.js'
import { compare } from './compare.js'
import type { Comparison } from './comparison.js'
import { metrics } from './metrics.js'
import { estimateText } from './sentence.js'
import { describeTreatment, type Selection, varyingFactors } from './treatments.js'

export interface ConfirmOptions extends BestSetOptions {
  /** What the chosen worker count is compared with: the one that the reader would use otherwise. */
  readonly baseline: Selection
  /** Runs treatments anew, on blocks that took no part in the choice: calls `runStudy` with these factors, under another name or seed. */
  readonly run: (factors: readonly Factors[]) => Promise<Study>
}

/** A choice and what it was worth on blocks that took no part in it. Plain data. */
export interface Confirmation {
  readonly chosen: Treatment
  readonly baseline: Treatment
  readonly choice: BestSet
  /** The comparison that the choice was made from, which is too favourable to it, and that on fresh blocks. */
  readonly before: Comparison
  readonly fresh: Comparison
  /** The fresh gain as a share of the first one: below 1 where the choice owed something to chance; null where there was no gain. */
  readonly shrinkage: number | null
  readonly sentence: string
}

/**
 * Chooses the worker count with the best mean, runs it and the baseline on fresh blocks, and says how much of its gain is left: what is chosen for
 * being best looks better than it is. Throws `RangeError` for options that name no treatment or several, and where the choice is the baseline.
 */
export async function confirm(
  study: Study,
  { baseline, run, where, ...options }: ConfirmOptions,
): Promise<Confirmation> {
  const { metric = 'totalMs' } = options
  const choice = bestSet(study, 'workers', { where, ...options })
  const [first] = choice.candidates
  if (!first)
    throw new RangeError(`Expected a study with complete blocks to choose from, got ${study.plan.name} without one`)
  const isLess = metrics[metric].goal === 'min'
  const chosen = choice.candidates.reduce((a, b) => (isLess === b.mean < a.mean ? b : a)).treatment
  const against = { ...chosen, ...baseline }
  const contrast = { a: chosen, b: against, metric, level: options.level }
  const before = compare(study, contrast)
  const rerun = await run([chosen, against].map((treatment): Factors => ({ ...treatment })))
  const fresh = compare(rerun, contrast)
  const gainOf = ({ estimate }: Comparison): number | null => estimate && Math.log(estimate.value)
  const [gain, freshGain] = [gainOf(before), gainOf(fresh)]
  const shrinkage = gain && freshGain !== null ? freshGain / gain : null
  const text = ({ estimate }: Comparison): string => (estimate ? estimateText(estimate, metric) : 'no block with both')
  const name = describeTreatment(chosen, varyingFactors([chosen, against]))
  const left = shrinkage === null ? '' : `; ${(shrinkage * 100).toFixed(0)} % of the gain is left`
  const sentence = `${name} was chosen for being ${text(before)} than the baseline; on ${fresh.blocks} fresh blocks it is ${text(fresh)}: ${fresh.verdict}${left}`
  return { chosen, baseline: against, choice, before, fresh, shrinkage, sentence }
}
