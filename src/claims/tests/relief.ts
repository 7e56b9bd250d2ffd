import { compare } from '../../analysis/compare/compare.js'
import { fewestReplicates, replicateCount } from '../../analysis/replicates/replicates.js'
import { minJudgedBlocks, type Verdict } from '../../analysis/verdict/verdict.js'
import type { Study } from '../../study/study.js'
import type { Selection } from '../../study/treatment.js'
import type { StatedRelief } from '../claims.js'
import { changeOf } from './change.js'
import { foundContrast } from './contrasts.js'
import { type ClaimTest, type Evidence, type MetricChange, noEstimate, type Relieved, studyWith } from './judged.js'

/**
 * Tests whether a symptom is the cause of an effect, by removing it: wherever the symptom is shown
 * to rise by less, the effect must disappear. Refuted where it stays in one of these ways,
 * supported where it disappears in all of them, undecided where no way is shown to reduce the
 * symptom.
 */
export function reliefTest(test: StatedRelief, evidence: Evidence): ClaimTest | null {
  const { metric, effect } = test
  const { studies, fixed, level, margin } = evidence
  const [from, to] = [test.from, test.to].map((one): Selection => ({ ...fixed, ...one })) as [Selection, Selection]
  const study = studyWith(studies, [from, to])
  if (!study) return null
  const base = changeOf(study, { from, to, metric, level })
  const measured = test.relieved.map((levels) => {
    const [a, b] = [from, to].map((one): Selection => ({ ...one, ...levels })) as [Selection, Selection]
    const own = studyWith(studies, [a, b])
    if (!own) return null
    const { change, ...basis } = changeOf(own, { from: a, to: b, metric, level })
    const left = compare(own, { a, b, ...effect, level, margin })
    return { study: own, change, ...fewestReplicates([basis, left]), effect: foundContrast(own, left) }
  })
  const bases = [base, ...measured.flatMap((one) => one ?? [])]
  const verdicts = measured.map((one): Verdict => {
    if (!one || replicateCount(fewestReplicates([one, base])) < minJudgedBlocks || !risesLess(one.change, base.change))
      return 'undecided'
    const { verdict } = one.effect.comparison
    return verdict === 'undecided' ? 'undecided' : verdict === 'supported' ? 'refuted' : 'supported'
  })
  const used = [study, ...measured.flatMap((one): Study[] => (one ? [one.study] : []))]
  return {
    study: [...new Set(used.map(({ plan }) => plan.name))].join(', '),
    judged: {
      verdict: verdicts.includes('refuted')
        ? 'refuted'
        : verdicts.every((one) => one === 'supported')
          ? 'supported'
          : 'undecided',
      ...noEstimate,
      ...fewestReplicates(bases),
      found: {
        kind: 'relief',
        change: base.change,
        reliefs: measured.map((one): Relieved | null => one && { change: one.change, effect: one.effect }),
      },
    },
  }
}

/** Returns whether the symptom is shown to rise by less than it does otherwise. */
function risesLess(relieved: MetricChange | null, base: MetricChange | null): boolean {
  const [less, more] = [relieved?.change.interval, base?.change.interval]
  return less != null && more != null && less.upper < more.lower
}
