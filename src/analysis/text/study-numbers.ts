import type { Study } from '../../study/study.js'
import { factorNames, levelsOf } from '../../study/treatment.js'
import { contextRows } from '../tables/context.js'
import { levelPhrase } from './levels.js'
import type { QuotedNumber } from './phrase.js'
import { quotedCount } from './quoted.js'

/** The numbers of a study itself: what it ran on, its plan with the levels of its factorNames, its trials. */
export function studyNumbers(study: Study): QuotedNumber[] {
  const { treatments } = study.plan
  const measured = study.trials.filter(({ phase }) => phase === 'measured')
  return [
    ...contextRows(study).flatMap(({ numbers }) => numbers),
    quotedCount('measured', measured.length, 'measured trials'),
    ...factorNames.flatMap((factor) =>
      levelsOf(treatments, factor).flatMap((level, k) => {
        const treatment = treatments.find((one) => one[factor] === level)!
        return levelPhrase(factor, treatment).numbers.map((number) => ({ ...number, name: `${factor}.${k + 1}` }))
      }),
    ),
    ...levelsOf(treatments, 'batchSize').map((batchSize, k) =>
      quotedCount(`batchSize.${k + 1}.records`, batchSize, 'records in a batch'),
    ),
  ]
}
