import type { Study } from '../../study/study.js'
import { type Factor, levelText, type Treatment, treatmentLabel } from '../../study/treatment.js'
import { phrase } from '../text/phrase.js'
import { listText } from '../text/sentence.js'
import { type StudyFinding, studyFinding } from './study-finding.js'

/** Levels that were asked for and make no difference to a treatment that is run, so that it is run once. */
export function levelsWithoutEffect({ plan }: Study): StudyFinding[] {
  if (plan.leftOut.length === 0) return []
  const named = plan.leftOut.map(({ treatment, sameAs, factors }) => {
    const levels = (of: Treatment): string => listText(factors.map((factor: Factor) => levelText(factor, of[factor])))
    return `${levels(treatment)} is the same as ${levels(sameAs)} at ${treatmentLabel(sameAs, [sameAs])}`
  })
  return [
    studyFinding(
      'level-without-effect',
      phrase`Some levels have no effect and were not run a second time: ${listText(named)}. Compare the treatments that were run, or take levels that differ in what they do`,
      [],
    ),
  ]
}
