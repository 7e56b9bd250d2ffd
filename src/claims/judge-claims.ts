import { sampleFloor, type Verdict } from '../analysis/compare/verdict.js'
import { usualLevel, usualMargin } from '../analysis/defaults.js'
import { holm } from '../analysis/statistics/holm.js'
import { about, type Part, phrase, type QuotedNumber } from '../analysis/text/phrase.js'
import { quotedP } from '../analysis/text/quoted.js'
import { takenOver } from '../analysis/text/taken-over.js'
import type { Study } from '../study/study.js'
import { claimTest, type Judged } from './claim-tests.js'
import type { Claims } from './claims.js'

/** What the studies say about one claim. Plain data: safe to print and to write as JSON. */
export interface ClaimVerdict {
  readonly result: 'claim-verdict'
  readonly id: string
  readonly claim: string
  readonly expected: string
  /** The test that judged it, by its name; null where no study has what it needs. */
  readonly test: string | null
  readonly study: string | null
  readonly blocks: number
  /** The estimate that the verdict rests on, the first of `estimates`; null for verdicts about sets and where there is none. */
  readonly estimate: Judged['estimate']
  readonly scale: Judged['scale']
  readonly estimates: Judged['estimates']
  readonly band: Judged['band']
  /** The smallest error rate at which the claim is decided by itself: null where no rate decides it. */
  readonly p: number | null
  /** The same, adjusted for the number of claims that are not the primary one (Holm 1979); `p` itself for the primary claim. */
  readonly pAdjusted: number | null
  readonly verdict: Verdict
  /** The level at which the verdict and its interval are given. */
  readonly level: number
  readonly sentence: string
  /** The numbers in `sentence`. */
  readonly numbers: readonly QuotedNumber[]
}

export interface JudgeOptions {
  /** The claim that multiplicity does not touch; `C1` unless told. */
  readonly primary?: string
  readonly level?: number
  readonly margin?: number
}

/**
 * Judges every claim by the first of the studies that has what its test needs. The primary claim is judged at the level asked for; the others
 * together keep the error rate 1 − level by Holm's step-down procedure on the smallest error rates at which each is decided, so that one whose
 * adjusted rate is too high is undecided.
 */
export function judgeClaims(
  claims: Claims,
  studies: Study | readonly Study[],
  { primary = 'C1', level = usualLevel, margin = usualMargin }: JudgeOptions = {},
): ClaimVerdict[] {
  const given = Array.isArray(studies) ? (studies as readonly Study[]) : [studies as Study]
  if (given.length === 0) throw new RangeError('Expected at least one study to judge the claims by, got none')
  const twice = given.find((study, k) => given.some((other, at) => at < k && other.journal === study.journal))
  if (twice) throw new RangeError(`Expected different studies, got ${twice.plan.name} twice`)
  const alpha = 1 - level
  const found = claims.claims.map((claim) => {
    const test = claimTest(claim, { studies: given, arrangement: claims.arrangement, margin })
    return { claim, test, p: test ? decisionRate((at) => test.judgeAt(at).verdict) : null }
  })
  const others = found.filter(({ claim, test }) => claim.id !== primary && test !== null)
  const adjusted = holm(others.map(({ p }) => p ?? 1))
  return found.map(({ claim, test, p }) => {
    const words = takenOver('claim', claim.claim, 'claimed')
    const facts = { result: 'claim-verdict' as const, id: claim.id, claim: claim.claim, expected: claim.expected }
    if (!test) {
      const needed = takenOver('contrast', claim.contrast, 'compared')
      const { text, numbers } =
        phrase`${claim.id}, ${words}: undecided, none of the studies has what its test needs (${needed})`
      return { ...facts, ...nothing, level, verdict: 'undecided', sentence: text, numbers }
    }
    const isPrimary = claim.id === primary
    const place = others.findIndex((other) => other.claim === claim)
    const pAdjusted = isPrimary ? p : p === null ? null : adjusted[place]!
    const stepAlpha =
      isPrimary || p === null || pAdjusted === null || p === 0 ? alpha : Math.min(alpha, (alpha * p) / pAdjusted)
    const stands = pAdjusted !== null && pAdjusted <= alpha
    const judged = test.judgeAt(1 - stepAlpha)
    const verdict = isPrimary || stands ? judged.verdict : 'undecided'
    const { estimate, scale, estimates, band, blocks } = judged
    const sure = blocks < sampleFloor ? 'too few blocks' : errorRates(p, pAdjusted, isPrimary)
    const said = phrase`${claim.id}, ${words}: ${verdict}. ${judged.found} (${test.name}, ${sure}).`
    const { text, numbers } = about(`claim ${claim.id}`, said)
    return {
      ...facts,
      test: test.name.text,
      study: test.study,
      blocks,
      estimate,
      scale,
      estimates,
      band,
      p,
      pAdjusted,
      level: 1 - stepAlpha,
      verdict,
      sentence: text,
      numbers,
    }
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
} as const

function errorRates(p: number | null, adjusted: number | null, isPrimary: boolean): Part {
  if (p === null || adjusted === null) return 'no error rate below one half decides it'
  const own = phrase`p ${quotedP('p', p, 'smallest error rate that decides it')}`
  return isPrimary ? own : phrase`${own}, adjusted ${quotedP('pAdjusted', adjusted, 'the same, adjusted (Holm)')}`
}

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
