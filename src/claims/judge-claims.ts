import type { Verdict } from '../analysis/compare/verdict.js'
import { usualLevel, usualMargin } from '../analysis/defaults.js'
import { holm } from '../analysis/statistics/holm.js'
import { checkedOptions } from '../check.js'
import type { Study } from '../study/study.js'
import { claimTest } from './claim-test.js'
import { type Claims, claimOf, type StatedTest } from './claims.js'
import { registeredPrimary } from './primary.js'
import type { Found, Judged } from './tests/judged.js'

/** What the studies say about one claim. Plain data: safe to print and to write as JSON; `claimVerdictWords` says it. */
export interface ClaimVerdict {
  readonly result: 'claim-verdict'
  readonly id: string
  /** The statement in words. */
  readonly claim: string
  /** How it is judged, as it was stated. */
  readonly stated: StatedTest
  /** The kind of the test that judged it; null where no study has what it needs. */
  readonly test: StatedTest['kind'] | null
  /** The names of the studies that judged it, separated by commas; null where none has what the test needs. */
  readonly study: string | null
  readonly blocks: number
  /** The estimate that the verdict rests on, the first of `estimates`; null for verdicts about sets and where there is none. */
  readonly estimate: Judged['estimate']
  readonly scale: Judged['scale']
  readonly estimates: Judged['estimates']
  readonly band: Judged['band']
  /** Whether it is the claim that multiplicity does not touch. */
  readonly primary: boolean
  /** The smallest error rate at which the claim is decided by itself: null where no rate decides it. */
  readonly p: number | null
  /** `p` adjusted for the number of claims that are not the primary one (Holm 1979); `p` itself for the primary claim. */
  readonly pAdjusted: number | null
  readonly verdict: Verdict
  /** The level at which the verdict and its interval are given. */
  readonly level: number
  /** What the test found at that level; null where no study has what it needs. */
  readonly found: Found | null
}

export interface JudgeOptions {
  /** The id of the claim that multiplicity does not touch. Default: the one that the studies registered; where they registered none, all claims share the error rate. */
  readonly primary?: string
  /** Confidence level of the primary claim's verdict, and of all others together. Default 0.95. */
  readonly level?: number
  /** The largest difference that does not matter, as a share. Default 0.05. */
  readonly margin?: number
}

/**
 * Judges every claim by the first of the studies that has what its test needs. The primary claim is judged at the level asked for; the others
 * together keep the error rate 1 − level by Holm's step-down procedure on the smallest error rates at which each is decided, so that one whose
 * adjusted rate is too high is undecided. Throws `RangeError` for a primary claim that there is not, for no study, and for one study twice.
 *
 * @example
 * judgeClaims(readClaims('my-claims.json'), study, { primary: 'H1' })
 */
export function judgeClaims(
  claims: Claims,
  studies: Study | readonly Study[],
  options: JudgeOptions = {},
): ClaimVerdict[] {
  const names = { primary: true, level: true, margin: true } as const
  const { level = usualLevel, margin = usualMargin } = checkedOptions(options, names)
  const given = Array.isArray(studies) ? (studies as readonly Study[]) : [studies as Study]
  if (given.length === 0) throw new RangeError('Expected at least one study to judge the claims by, got none')
  const twice = given.find((study, k) => given.some((other, at) => at < k && other.journal === study.journal))
  if (twice) throw new RangeError(`Expected different studies, got ${twice.plan.name} twice`)
  const primary =
    options.primary === undefined ? registeredPrimary(claims, given) : claimOf(claims, options.primary, 'primary').id
  const alpha = 1 - level
  const found = claims.claims.map((claim) => {
    const test = claimTest(claim.test, { studies: given, fixed: claims.fixed, margin })
    return { claim, test, p: test ? decisionRate((at) => test.judgeAt(at).verdict) : null }
  })
  const others = found.filter(({ claim, test }) => claim.id !== primary && test !== null)
  const adjusted = holm(others.map(({ p }) => p ?? 1))
  return found.map(({ claim, test, p }): ClaimVerdict => {
    const { id, test: stated } = claim
    const isPrimary = id === primary
    const facts = { result: 'claim-verdict', id, claim: claim.claim, stated, primary: isPrimary } as const
    if (!test) return { ...facts, ...nothing, level }
    const place = others.findIndex((other) => other.claim === claim)
    const pAdjusted = isPrimary ? p : p === null ? null : adjusted[place]!
    const stepAlpha =
      isPrimary || p === null || pAdjusted === null || p === 0 ? alpha : Math.min(alpha, (alpha * p) / pAdjusted)
    const stands = pAdjusted !== null && pAdjusted <= alpha
    const judged = test.judgeAt(1 - stepAlpha)
    const verdict = isPrimary || stands ? judged.verdict : 'undecided'
    return { ...facts, ...judged, test: stated.kind, study: test.study, p, pAdjusted, level: 1 - stepAlpha, verdict }
  })
}

const nothing = {
  test: null,
  study: null,
  blocks: 0,
  estimate: null,
  scale: null,
  estimates: 0,
  band: null,
  p: null,
  pAdjusted: null,
  verdict: 'undecided',
  found: null,
} as const

const smallestRate = 1e-9
/** Below one half, at which a best set of two says nothing. */
const largestRate = 0.49

/**
 * The smallest error rate at which a verdict is given, to a thousandth of itself: intervals shrink as the rate grows. 0 where even the
 * smallest rate looked at decides, null where the largest does not.
 */
function decisionRate(verdictAt: (level: number) => Verdict): number | null {
  const decides = (rate: number): boolean => verdictAt(1 - rate) !== 'undecided'
  if (!decides(largestRate)) return null
  if (decides(smallestRate)) return 0
  let low = Math.log(smallestRate)
  let high = Math.log(largestRate)
  while (high - low > 0.001) {
    const middle = (low + high) / 2
    if (decides(Math.exp(middle))) high = middle
    else low = middle
  }
  return Math.exp(high)
}
