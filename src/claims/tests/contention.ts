import { compare } from '../../analysis/compare/compare.js'
import { pairBlocks } from '../../analysis/compare/pair-blocks.js'
import { excludedTrials } from '../../analysis/compare/preregistration.js'
import { sampleFloor } from '../../analysis/compare/verdict.js'
import { metricValue } from '../../analysis/metric-value.js'
import { mean } from '../../analysis/statistics/numerics/moments.js'
import { tInterval } from '../../analysis/statistics/t-interval.js'
import { type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import type { Selection } from '../../study/treatment.js'
import type { StatedContention } from '../claims.js'
import { foundContrast } from './contrasts.js'
import { type ClaimTest, type Evidence, type MetricChange, studyWith, treatmentsIn } from './judged.js'

/**
 * Whether a symptom explains an effect: it must grow from one treatment to the other, and the effect must stay when the other suspect is taken away. Refuted
 * when the symptom does not grow, or when the effect is gone then.
 */
export function contentionTest(test: StatedContention, { studies, fixed, margin }: Evidence): ClaimTest | null {
  const { metric, effect } = test
  const [from, to] = [test.from, test.to].map((one): Selection => ({ ...fixed, ...one })) as [Selection, Selection]
  const study = studyWith(studies, [from, to])
  if (!study) return null
  const [a, b] = [from, to].map((one): Selection => ({ ...one, ...test.relieved })) as [Selection, Selection]
  const beside = studyWith(studies, [a, b])
  return {
    study: beside && beside !== study ? `${study.plan.name}, ${beside.plan.name}` : study.plan.name,
    judgeAt(level) {
      const { change, blocks } = changeOf(study, [from, to], metric, level)
      const left = beside ? compare(beside, { a, b, ...effect, level, margin }) : null
      const interval = blocks >= sampleFloor ? (change?.change.interval ?? null) : null
      const grows = interval === null ? null : interval.lower > 0 ? true : interval.upper <= 0 ? false : null
      const stays = left?.verdict === 'supported' ? true : left && left.verdict !== 'undecided' ? false : null
      return {
        verdict: grows === false || stays === false ? 'refuted' : grows && stays ? 'supported' : 'undecided',
        estimate: change?.change ?? null,
        scale: metrics[metric].unit === '%' ? 'share' : 'difference',
        estimates: 1,
        band: { lower: 0, upper: null },
        blocks,
        found: { kind: 'contention', change, relieved: beside && left ? foundContrast(beside, left) : null },
      }
    },
  }
}

/** The difference of a metric within blocks, which may be 0 in some trials, so that it has no ratio. */
function changeOf(
  study: Study,
  [from, to]: readonly [Selection, Selection],
  metric: Metric,
  level: number,
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
