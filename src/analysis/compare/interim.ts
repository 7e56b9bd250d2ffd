import type { Interim, Study } from '../../study/study.js'
import { type Comparison, compare } from './compare.js'
import { soFarText } from './compare-words.js'
import { blocksBegun, lookAfter } from './preregistration.js'

/**
 * Looks at a study's registered primary contrast after a block, as `runStudy` does where its
 * options hold `stop`: it is decided when the rule takes a look there and the interval at that
 * look's level gives a verdict. Throws `RangeError` for a study whose plan registers no rule.
 */
export function decideSequentially(study: Study): Interim {
  const { preregistration } = study.plan
  if (!preregistration?.stop)
    throw new RangeError(`Expected a study whose plan registers a rule to stop by, got ${study.plan.name}`)
  const look = lookAfter(preregistration.stop, blocksBegun(study))
  const comparison = comparePrimary(study)
  return { look, decided: look !== null && comparison.verdict !== 'undecided', text: soFarText(comparison) }
}

/**
 * A study's registered primary contrast so far, in words, as `runStudy` tells it after each block.
 * It is there to be watched: a study whose blocks are fixed does not end by it. Throws `RangeError`
 * for a study that registers none.
 */
export function primarySoFar(study: Study): string {
  return soFarText(comparePrimary(study))
}

/** The comparison that a study registered. Throws `RangeError` for a study that registers none. */
export function comparePrimary(study: Study): Comparison {
  const primary = study.plan.preregistration?.primary
  if (!primary) throw new RangeError(`Expected a study whose plan registers a primary contrast, got ${study.plan.name}`)
  return compare(study, primary)
}
