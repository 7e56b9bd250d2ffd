import type { Interim, Study } from '../../study/study.js'
import { comparePrimary, soFarText } from './primary-so-far.js'
import { blocksBegun, lookAfter } from './registered.js'

/**
 * Looks at a study's registered primary contrast after a block, for `runStudy({ stop: { …, decide: decideSequentially } })`: it is decided when the
 * rule takes a look there and the interval at that look's level gives a verdict. Throws `RangeError` for a study whose plan registers no rule.
 */
export function decideSequentially(study: Study): Interim {
  const { registration } = study.plan
  if (!registration?.stop)
    throw new RangeError(`Expected a study whose plan registers a rule to stop by, got ${study.plan.name}`)
  const look = lookAfter(registration.stop, blocksBegun(study))
  const comparison = comparePrimary(study)
  return { look, decided: look !== null && comparison.verdict !== 'undecided', text: soFarText(comparison) }
}
