import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { estimateText } from '../text/sentence.js'
import { compare } from './compare.js'
import type { Comparison } from './comparison.js'

/**
 * A study's registered primary contrast so far, in words, for `runStudy({ interim: primarySoFar })`. It is there to be watched: a study whose blocks are fixed
 * does not end by it. Throws `RangeError` for a study that registers none.
 */
export function primarySoFar(study: Study): string {
  return soFarText(comparePrimary(study))
}

/** The comparison that a study registered. Throws `RangeError` for a study that registers none. */
export function comparePrimary(study: Study): Comparison {
  const primary = study.plan.registration?.primary
  if (!primary) throw new RangeError(`Expected a study whose plan registers a primary contrast, got ${study.plan.name}`)
  return compare(study, { ...primary, metric: primary.metric as Metric })
}

/** "2 workers vs 4 at 10K: 4.4 % faster [6.1 % faster, 2.7 % faster] at 95 %, undecided" */
export function soFarText({ contrast, estimate, verdict, level, metric }: Comparison): string {
  const measured = estimate
    ? `${estimateText(estimate, metric)} at ${Number((level * 100).toPrecision(4))} %`
    : 'no block with both'
  return `${contrast}: ${measured}, ${verdict}`
}
