import { selectTreatments } from '../study/selection.js'
import type { Study } from '../study/study.js'
import { factorNames, type Selection, sameTreatment, type Treatment } from '../study/treatment.js'
import { contrastedTreatments, type PairNames } from './compare/pair-blocks.js'

/**
 * Lists the settings in which two selections can be compared: a pair of treatments, equal in all
 * else, for each setting of the factors that not both name, in the order of the plan.
 * `{ workers: 2 }` and `{ workers: 4 }` give one for each batch size that has both. Throws
 * `RangeError` where there is none.
 */
export function contrastSettings(
  study: Study,
  selections: { readonly a: Selection; readonly b: Selection },
  names: PairNames = ['a', 'b'],
): { readonly a: Treatment; readonly b: Treatment }[] {
  const { a, b } = selections
  const contrasted = factorNames.filter((factor) => a[factor] !== undefined && b[factor] !== undefined)
  const ofB = selectTreatments(study, b, names[1])
  const settings = selectTreatments(study, a, names[0]).flatMap((one) => {
    const levels = Object.fromEntries(contrasted.map((factor) => [factor, b[factor]]))
    const other = ofB.find((treatment) => sameTreatment(treatment, { ...one, ...levels }))
    return other && !sameTreatment(one, other) ? [{ a: one, b: other }] : []
  })
  // This call throws: its message says what is wrong with selections that have no setting in
  // common.
  return settings.length > 0 ? settings : [contrastedTreatments(study, selections, names)]
}
