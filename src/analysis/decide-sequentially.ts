import type { Interim, Study } from '../executor/types.js'
import { compare } from './compare.js'
import type { Metric } from './metrics.js'
import { blocksBegun, lookAfter } from './registered.js'
import { estimateText } from './sentence.js'

/**
 * Looks at a study's registered primary contrast after a block, for `runStudy({ stop: { …, decide: decideSequentially } })`: it is decided when the
 * rule takes a look there and the interval at that look's level gives a verdict. Throws `RangeError` for a study whose plan registers no rule.
 */
export function decideSequentially(study: Study): Interim {
  const { registration } = study.plan
  if (!registration?.stop)
    throw new RangeError(`Expected a study whose plan registers a rule to stop by, got ${study.plan.name}`)
  const { primary, stop } = registration
  const { a, b, claim } = primary
  const metric = primary.metric as Metric
  const look = lookAfter(stop, blocksBegun(study))
  const comparison = compare(study, { a, b, metric, claim })
  const { contrast, estimate, verdict, level } = comparison
  const measured = estimate
    ? `${estimateText(estimate, metric)} at ${Number((level * 100).toPrecision(4))} %`
    : 'no block with both'
  return { look, decided: look !== null && verdict !== 'undecided', text: `${contrast}: ${measured}, ${verdict}` }
}
