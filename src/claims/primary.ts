import { isDeepStrictEqual } from 'node:util'
import { blocksBegun, levelAfter } from '../analysis/compare/preregistration.js'
import { checkedClaim } from '../study/claim.js'
import type { PrimaryContrast, PrimaryOptions } from '../study/preregistration.js'
import type { Study } from '../study/study.js'
import { type Selection, sameTreatment, type Treatment } from '../study/treatment.js'
import { type ClaimedContrast, type Claims, claimOf, type StatedClaim } from './claims.js'
import { treatmentsIn } from './tests/judged.js'

/**
 * Returns the contrast of a claim, as the primary contrast of a new study. Throws `RangeError` for
 * an id that no claim has, naming those there are, and for a claim that does not compare two
 * treatments.
 */
export function primaryContrast(claims: Claims, id: string, option = 'primary'): PrimaryOptions & ClaimedContrast {
  const contrast = singleContrast(claimOf(claims, id, option))
  if (contrast) return { ...contrast, a: { ...claims.fixed, ...contrast.a }, b: { ...claims.fixed, ...contrast.b } }
  const able = claims.claims.filter(singleContrast).map((claim) => claim.id)
  throw new RangeError(
    `Expected \`${option}\` to be the id of a claim that compares two treatments (${able.length > 0 ? able.join(', ') : 'there is none'}), got ${JSON.stringify(id)}`,
  )
}

/**
 * A claim that a study preregistered as its primary one, and the level of its interval: of the
 * preregistration, or of the look that the study has come to.
 */
export interface PreregisteredClaim {
  readonly id: string
  readonly level: number
}

/**
 * Returns the claim that one of the studies preregistered as its primary one; null where none did.
 * A contrast that was preregistered by itself counts as its claim.
 */
export function preregisteredPrimary(claims: Claims, studies: readonly Study[]): PreregisteredClaim | null {
  const ids = claims.claims.map(({ id }) => id)
  for (const study of studies) {
    const { preregistration } = study.plan
    const preregistered = preregistration?.claims
    if (preregistered && preregistered.digest === claims.digest && ids.includes(preregistered.primary))
      return { id: preregistered.primary, level: levelAfter(preregistration, blocksBegun(study)) }
  }
  for (const study of studies) {
    const { preregistration } = study.plan
    const found =
      preregistration &&
      claims.claims.find((claim) => isPreregistered(claims.fixed, claim, preregistration.primary, study))
    if (found) return { id: found.id, level: levelAfter(preregistration, blocksBegun(study)) }
  }
  return null
}

function isPreregistered(fixed: Selection, claim: StatedClaim, primary: PrimaryContrast, study: Study): boolean {
  const contrast = singleContrast(claim)
  if (!contrast || contrast.metric !== primary.metric) return false
  const isOne = (selection: Selection, treatment: Treatment): boolean => {
    const own = treatmentsIn(study, { ...fixed, ...selection })
    return own.length === 1 && sameTreatment(own[0]!, treatment)
  }
  const bounds = [contrast, primary].map((one) => checkedClaim(one.claim, one.metric).bounds)
  return isOne(contrast.a, primary.a) && isOne(contrast.b, primary.b) && isDeepStrictEqual(bounds[0], bounds[1])
}

function singleContrast({ test }: StatedClaim): ClaimedContrast | null {
  return test.kind === 'contrasts' && test.contrasts.length === 1 ? test.contrasts[0]! : null
}
