import { selectTreatment, selectTreatments } from '../../../study/selection.js'
import type { Study } from '../../../study/study.js'
import {
  defaultTreatment,
  type Factor,
  type Selection,
  sameTreatment,
  type Treatment,
  varyingFactors,
} from '../../../study/treatment.js'
import { contrastedTreatments } from '../../compare/pair-blocks.js'

/** Two treatments between which a time changes. */
export interface TreatmentChange {
  readonly from: Treatment
  readonly to: Treatment
}

/**
 * Finds the two treatments of an explanation. A factor that a selection does not name has its
 * default level where the study has that, together with those of the others; else it must be named.
 *
 * @throws `RangeError` that names the factor and its levels.
 */
export function explainedTreatments(study: Study, selections: { from: Selection; to: Selection }): TreatmentChange {
  const { a, b } = contrastedTreatments(
    study,
    { a: selections.from, b: selections.to },
    ['from', 'to'],
    selectByDefault,
  )
  return { from: a, to: b }
}

function selectByDefault(study: Study, selection: Selection, option: string): Treatment {
  const left = selectTreatments(study, selection, option)
  const standing = varyingFactors(left).filter((factor) => left.some((own) => hasDefault(own, factor)))
  const defaults = Object.fromEntries(standing.map((factor) => [factor, defaultTreatment[factor]]))
  // Where no treatment has all of these defaults at once, they have to be named.
  const isRun = left.some((own) => standing.every((factor) => hasDefault(own, factor)))
  return selectTreatment(study, isRun ? { ...selection, ...defaults } : selection, option)
}

const hasDefault = (own: Treatment, factor: Factor): boolean => own[factor] === defaultTreatment[factor]

/** A change of other factors' levels under both treatments of an explanation. */
export interface FoundIntervention extends TreatmentChange {
  /** The factors that it changes. */
  readonly changed: readonly Factor[]
}

/**
 * Finds the interventions that a study holds on the change between two of its treatments: other
 * levels of one or more factors in which the two do not differ, which the study ran with both.
 */
export function interventionsOf(study: Study, { from, to }: TreatmentChange): FoundIntervention[] {
  const contrasted = varyingFactors([from, to])
  const ofContrast = (own: Treatment): Selection =>
    Object.fromEntries(contrasted.map((factor) => [factor, own[factor]]))
  const all = selectTreatments(study)
  return all
    .filter((own) => sameTreatment({ ...own, ...ofContrast(from) }, own) && !sameTreatment(own, from))
    .flatMap((own) => {
      const other = all.find((one) => sameTreatment(one, { ...own, ...ofContrast(to) }))
      return other ? [{ from: own, to: other, changed: varyingFactors([from, own]) }] : []
    })
}
