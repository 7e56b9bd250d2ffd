import { pairBlocks } from '../../analysis/compare/pair-blocks.js'
import { excludedTrials } from '../../analysis/compare/preregistration.js'
import { metricValue } from '../../analysis/metric-value.js'
import { type Basis, basisOf, replicateCount, replicateMeans } from '../../analysis/replicates/replicates.js'
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
  const { change, ...basis } = changeOf(study, { from, to, metric, level })
  return {
    study: study.plan.name,
    judged: {
      ...noEstimate,
      verdict: verdictOf(change, replicateCount(basis), test.change),
      estimate: change?.change ?? null,
      scale: metrics[metric].unit === '%' ? 'share' : 'difference',
      estimates: 1,
      band: test.change === 'rises' ? { lower: 0, upper: null } : { lower: Number.NEGATIVE_INFINITY, upper: 0 },
      ...basis,
      found: { kind: 'change', change },
    },
  }
}

function verdictOf(change: MetricChange | null, replicates: number, claimed: StatedChange['change']): Verdict {
  const interval = replicates >= minJudgedBlocks ? change?.change.interval : null
  if (!interval || (interval.lower <= 0 && interval.upper >= 0)) return 'undecided'
  return interval.lower > 0 === (claimed === 'rises') ? 'supported' : 'refuted'
}

export interface ChangeOptions {
  readonly from: Selection
  readonly to: Selection
  readonly metric: Metric
  readonly level: number
}

/** The change of a metric, null without a block, and what it rests on. */
export interface FoundChange extends Basis {
  readonly change: MetricChange | null
}

/**
 * Computes the change of a metric from one treatment to another, over the blocks in which both have
 * it, in a study in sessions over the means of sessions.
 */
export function changeOf(study: Study, { from, to, metric, level }: ChangeOptions): FoundChange {
  const [a, b] = [from, to].map((one) => treatmentsIn(study, one)[0]!)
  const { pairs } = pairBlocks(
    study,
    { a: a!, b: b! },
    (trial, name) => metricValue(trial, metric) ?? `${metric} of ${name} is not known`,
    { names: ['from', 'to'], leftOut: excludedTrials(study) },
  )
  const basis = basisOf(study, pairs)
  if (pairs.length === 0) return { change: null, ...basis }
  const change = tInterval(
    replicateMeans(study, pairs, (pair) => pair.b - pair.a),
    { level },
  )
  const meanOf = (side: 'a' | 'b'): number => mean(replicateMeans(study, pairs, (pair) => pair[side]))
  return { change: { from: meanOf('a'), to: meanOf('b'), change }, ...basis }
}
