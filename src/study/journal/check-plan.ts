import { plannedTrials } from '../blocks/schedule.js'
import { isLevel, maxTrials } from '../design.js'
import type { Plan } from '../plan.js'
import { planHash } from '../plan-hash.js'
import { factorNames, sameTreatment, type Treatment } from '../treatment.js'
import { completePlan } from './stored-plan.js'

/**
 * Returns the plan of a line of the right shape; or, as text, the reason why it cannot be that of a
 * journal of this name and hash.
 */
export function provenPlan({ plan: stored }: { readonly plan: Plan }, study: string, hash: string): Plan | string {
  const plan = completePlan(stored)
  if (plannedTrials(plan) > maxTrials) return `it has more than ${maxTrials} trials`
  if (plan.name !== study) return `it is the plan of a study named ${JSON.stringify(plan.name)}`
  const own = planHash(plan)
  if (own !== plan.hash || own !== hash) return `its hash is ${own}, and not the file's name`
  if (!plan.treatments.every(isTreatment)) return 'it has a treatment with an unknown level'
  return plan.leftOut.every((left) => isLeftOut(left, plan))
    ? plan
    : 'it leaves out a treatment that is not equivalent to another'
}

function isTreatment(treatment: Treatment): boolean {
  return factorNames.every((factor) => isLevel(factor, treatment[factor]))
}

/**
 * Whether a treatment that is left out is equivalent to one that is run, and differs from it in the
 * factors that it names. The plan's hash does not contain it.
 */
function isLeftOut({ treatment, sameAs, factors }: Plan['leftOut'][number], { treatments }: Plan): boolean {
  const apart = factorNames.filter((factor) => treatment[factor] !== sameAs[factor])
  return (
    isTreatment(treatment) && treatments.some((run) => sameTreatment(run, sameAs)) && apart.join() === factors.join()
  )
}
