import { pairBlocks } from '../../analysis/compare/pair-blocks.js'
import { excludedTrials } from '../../analysis/compare/preregistration.js'
import { metricValue } from '../../analysis/metric-value.js'
import { mean } from '../../analysis/statistics/numerics/moments.js'
import { tInterval } from '../../analysis/statistics/t-interval.js'
import { minJudgedBlocks, type Verdict } from '../../analysis/verdict/verdict.js'
import { type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import type { Selection } from '../../study/treatment.js'
import type { StatedChange } from '../claims.js'
import { type ClaimTest, type Evidence, type MetricChange, noEstimate, studyWith, treatmentsIn } from './judged.js'

/**
 * Tests whether a metric rises or falls from one treatment to the other, by the difference within
 * blocks: the metric may be 0 in some trials, so that it has no ratio.
 */
export function changeTest(test: StatedChange, { studies, fixed, level }: Evidence): ClaimTest | null {
  const { metric } = test
  const [from, to] = [test.from, test.to].map((one): Selection => ({ ...fixed, ...one })) as [Selection, Selection]
  const study = studyWith(studies, [from, to])
  if (!study) return null
  const { change, blocks } = changeOf(study, { from, to, metric, level })
  return {
    study: study.plan.name,
    judged: {
      ...noEstimate,
      verdict: verdictOf(change, blocks, test.change),
      estimate: change?.change ?? null,
      scale: metrics[metric].unit === '%' ? 'share' : 'difference',
      estimates: 1,
      band: test.change === 'rises' ? { lower: 0, upper: null } : { lower: Number.NEGATIVE_INFINITY, upper: 0 },
      blocks,
      found: { kind: 'change', change },
    },
  }
}

function verdictOf(change: MetricChange | null, blocks: number, claimed: StatedChange['change']): Verdict {
  const interval = blocks >= minJudgedBlocks ? change?.change.interval : null
  if (!interval || (interval.lower <= 0 && interval.upper >= 0)) return 'undecided'
  return interval.lower > 0 === (claimed === 'rises') ? 'supported' : 'refuted'
}

export interface ChangeOptions {
  readonly from: Selection
  readonly to: Selection
  readonly metric: Metric
  readonly level: number
}

/**
 * Computes the change of a metric from one treatment to another, and the number of blocks in which
 * both have it.
 */
export function changeOf(
  study: Study,
  { from, to, metric, level }: ChangeOptions,
): { readonly change: MetricChange | null; readonly blocks: number } {
  const [a, b] = [from, to].map((one) => treatmentsIn(study, one)[0]!)
  const { pairs } = pairBlocks(
    study,
    { a: a!, b: b! },
    (trial, name) => metricValue(trial, metric) ?? `${metric} of ${name} is not known`,
    { names: ['from', 'to'], leftOut: excludedTrials(study) },
  )
  if (pairs.length === 0) return { change: null, blocks: 0 }
  const change = tInterval(
    pairs.map((pair) => pair.b - pair.a),
    { level },
  )
  const means = { from: mean(pairs.map((pair) => pair.a)), to: mean(pairs.map((pair) => pair.b)) }
  return { change: { ...means, change }, blocks: pairs.length }
}
