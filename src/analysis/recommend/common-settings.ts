import type { Study } from '../../study/study.js'
import { levelsOf, sameTreatment, type Treatment, varyingFactors } from '../../study/treatment.js'

/** A treatment and its mean cost, of which less is better. */
export interface Costed {
  readonly treatment: Treatment
  readonly cost: number
}

/** Largest number of other settings whose cost a recommendation states. */
const maxOthers = 4

/**
 * Returns the setting that a reader would use otherwise: of the two sides of the preregistered
 * contrast the one with more workers, and the other one where that is chosen; else the chosen one
 * with the most workers, or with the fewest where it has the most; else the first of the plan.
 * Never the chosen one itself.
 */
export function baselineOf(study: Study, candidates: readonly Treatment[], chosen: Treatment): Treatment {
  const others = candidates.filter((one) => !sameTreatment(one, chosen))
  const known = (treatment: Treatment): Treatment[] => others.filter((one) => sameTreatment(one, treatment))
  const primary = study.plan.preregistration?.primary
  const sides = primary ? [primary.a, primary.b].sort((a, b) => b.workers - a.workers) : []
  const counts = levelsOf(candidates, 'workers')
  const [most, fewest] = [Math.max(...counts), Math.min(...counts)].map((workers) => ({ ...chosen, workers }))
  return [...sides, most!, fewest!].flatMap(known)[0] ?? others[0]!
}

/**
 * Returns the settings that a reader asks about first, 4 at most: the one that would be used
 * otherwise; at the chosen levels of all other factors the fewest and the most workers and both
 * counts of the preregistered contrast; and each other level of the other factors at its own best,
 * unless it is in the list already.
 */
export function commonSettings(study: Study, candidates: readonly Costed[], chosen: Treatment): Treatment[] {
  const treatments = candidates.map(({ treatment }) => treatment)
  const counts = levelsOf(treatments, 'workers')
  const primary = study.plan.preregistration?.primary
  const list: Treatment[] = [baselineOf(study, treatments, chosen)]
  const add = (treatment: Treatment | undefined): void => {
    const isNew = treatment && ![chosen, ...list].some((one) => sameTreatment(one, treatment))
    if (isNew && treatments.some((one) => sameTreatment(one, treatment))) list.push(treatment)
  }
  for (const workers of [Math.min(...counts), Math.max(...counts)]) add({ ...chosen, workers })
  for (const factor of varyingFactors(treatments)) {
    if (factor === 'workers') continue
    for (const level of levelsOf(treatments, factor)) {
      if ([chosen, ...list].some((one) => one[factor] === level)) continue
      const own = candidates.filter(({ treatment }) => treatment[factor] === level)
      add(own.reduce((a, b) => (b.cost < a.cost ? b : a)).treatment)
    }
  }
  for (const side of primary ? [primary.a, primary.b] : []) add({ ...chosen, workers: side.workers })
  return list.slice(0, maxOthers)
}
