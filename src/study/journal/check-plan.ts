import { isLevel } from '../design.js'
import { checkTrialCount } from '../make-plan.js'
import type { Plan } from '../plan.js'
import { planHash } from '../plan-hash.js'
import { factorNames, sameTreatment, type Treatment } from '../treatment.js'

/** What is wrong with a plan that a journal holds, as the end of "the plan …"; null when it can be trusted. `study` and `hash` are the journal's names. */
export function planProblem(plan: Plan, study: string, hash: string): string | null {
  if (plan.name !== study) return `is that of the study ${plan.name}, and the journal lies in the folder ${study}`
  if (plan.hash !== hash) return `has the hash ${plan.hash}, and the file the name ${hash}`
  if (planHash(plan) !== hash) return 'does not have the hash that it states'
  if (!plan.treatments.every(isTreatment)) return 'has a treatment with a level that there is not'
  if (!plan.leftOut.every((left) => isLeftOut(left, plan))) return 'leaves out what none of its treatments does'
  return trialCountProblem(plan)
}

function isTreatment(treatment: Treatment): boolean {
  return factorNames.every((factor) => isLevel(factor, treatment[factor]))
}

/** What was left out does the same as a treatment that is run, and differs from it in the factors that it names. */
function isLeftOut({ treatment, sameAs, factors }: Plan['leftOut'][number], plan: Plan): boolean {
  const apart = factorNames.filter((factor) => treatment[factor] !== sameAs[factor])
  return (
    isTreatment(treatment) &&
    plan.treatments.some((run) => sameTreatment(run, sameAs)) &&
    apart.join() === factors.join()
  )
}

function trialCountProblem(plan: Plan): string | null {
  try {
    checkTrialCount(plan)
    return null
  } catch (error) {
    return `asks for too much (${(error as Error).message})`
  }
}
