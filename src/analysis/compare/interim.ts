import type { Interim, Study } from '../../study/study.js'
import { type Comparison, compare } from './compare.js'
import { soFarText } from './compare-words.js'
import { blocksBegun, lookAfter } from './preregistration.js'

/**
 * Evaluates a study's preregistered primary contrast at an interim analysis, as `runStudy` does
 * after a block where its options hold `stop`: the contrast is decided when the rule takes a look
 * there and the interval at that look's level gives a verdict. Throws `RangeError` for a study
 * whose plan preregisters no rule.
 */
export function decideSequentially(study: Study): Interim {
  const { preregistration } = study.plan
  if (!preregistration?.stop)
    throw new RangeError(`Expected a study whose plan preregisters a rule to stop by, got ${study.plan.name}`)
  const look = lookAfter(preregistration.stop, blocksBegun(study))
  const comparison = comparePrimary(study)
  return { look, decided: look !== null && comparison.verdict !== 'undecided', text: soFarText(comparison) }
}

/**
 * States a study's preregistered primary contrast so far, as `runStudy` reports it after each
 * block. It is for watching only: a study whose blocks are fixed does not end by it. Throws
 * `RangeError` for a study that preregisters none.
 */
export function primarySoFar(study: Study): string {
  return soFarText(comparePrimary(study))
}

/**
 * Compares the study's preregistered primary contrast. Throws `RangeError` for a study that
 * preregisters none.
 */
export function comparePrimary(study: Study): Comparison {
  const primary = study.plan.preregistration?.primary
  if (!primary)
    throw new RangeError(`Expected a study whose plan preregisters a primary contrast, got ${study.plan.name}`)
  return compare(study, primary)
}
