import { defaultLevel } from '../analysis/defaults.js'
import type { VerdictParts } from '../analysis/verdict/parts.js'
import type { Verdict } from '../analysis/verdict/verdict.js'
import { checkedOptions, inMessage } from '../check.js'
import type { Study } from '../study/study.js'
import { checkedStudies } from '../study/study.js'
import { claimTest } from './claim-test.js'
import { type Claims, claimOf, type StatedTest } from './claims.js'
import { type ClaimFamily, claimFamily, claimLevel, eachLevel, isTested, setLevel } from './family.js'
import { preregisteredPrimary } from './primary.js'
import type { Found, Judged, Reproduced } from './tests/judged.js'

/**
 * Verdict of the studies on one claim. Plain data: safe to print and to write as JSON;
 * `claimVerdictWords` gives its words.
 */
export interface ClaimVerdict extends Omit<Judged, 'parts' | 'found'>, Nullable<VerdictParts> {
  /** Names the kind of result. */
  readonly result: 'claim-verdict'
  /** The claim's id in the file. */
  readonly id: string
  /** The statement in words. */
  readonly claim: string
  /** The test that judges it, as stated in the file. */
  readonly stated: StatedTest
  /** The kind of the test that judged it; null where no study has what it needs. */
  readonly test: StatedTest['kind'] | null
  /**
   * The names of the studies that judged it, separated by commas; null where none has what the test
   * needs.
   */
  readonly study: string | null
  /** Whether it is the primary claim, which the number of claims does not affect. */
  readonly primary: boolean
  /** The verdict in one word, for wherever the claim is named. */
  readonly word: ClaimWord
  /**
   * The level of the verdict: of its interval, or of all its intervals and sets together, each of
   * which takes an equal part of the error rate.
   */
  readonly level: number
  /** Result of the test; null where no study has the trials it needs. */
  readonly found: Found | null
}

/** A verdict; of a claim that is not tested, its result. */
export type ClaimWord = Verdict | Reproduced | 'reported'

/** The fields of a type, each of which may be null. */
export type Nullable<T> = { readonly [key in keyof T]: T[key] | null }

/** Options of `judgeClaims`. */
export interface JudgeOptions {
  /**
   * The id of the primary claim, which the number of claims does not affect.
   *
   * @default the one that the studies preregistered; where they preregistered none, all claims
   * share the error rate
   */
  readonly primary?: string
  /**
   * Confidence level of the primary claim's verdict, and of all others together.
   *
   * @default that of the preregistration for the primary claim, and 0.95
   */
  readonly level?: number
  /**
   * The largest difference that does not matter, as a share.
   *
   * @default that of a study's preregistration, 0.02 where there is none
   */
  readonly margin?: number
}

/**
 * Judges every claim by the first of the studies that has what its test needs, from one interval at
 * one level. The primary claim is judged at the level of its preregistration (with looks, at that
 * of the look); the others share the error rate in equal parts, whatever the studies can test, so
 * that all their intervals hold together (Dunn 1961).
 *
 * @throws `RangeError` for a primary claim that there is not, for no study, and for one study
 * twice.
 * @example
 * say(judgeClaims(readClaims(), study))
 */
export function judgeClaims(
  claims: Claims,
  studies: Study | readonly Study[],
  judging: JudgeOptions = {},
): ClaimVerdict[] {
  const names = { primary: true, level: true, margin: true } as const
  const { margin, ...options } = checkedOptions(judging, names)
  if (!Array.isArray(claims?.claims)) {
    throw new TypeError(
      `Expected claims first, as readClaims() returns them, and then studies, got ${inMessage(claims)}`,
    )
  }
  const given = checkedStudies(studies)
  if (given.length === 0) throw new RangeError('Expected at least one study to judge the claims by, got none')
  const twice = given.find((study, k) => given.some((other, at) => at < k && other.journal === study.journal))
  if (twice) throw new RangeError(`Expected different studies, got ${twice.plan.name} twice`)
  const family = familyOf(claims, given, options)
  return claims.claims.map((claim): ClaimVerdict => {
    const { id, test: stated } = claim
    const found = claimTest(stated, {
      studies: given,
      fixed: claims.fixed,
      level: eachLevel(family, claim),
      margin,
      setLevel: (over, metric, treatment) => setLevel(claims, family, { over, metric, treatment })!,
    })
    const { parts, ...judged } = found?.judged ?? {
      ...nothing,
      verdict: isTested(claim) ? ('undecided' as const) : null,
    }
    return {
      result: 'claim-verdict',
      id,
      claim: claim.claim,
      stated,
      primary: id === family.primary,
      test: found ? stated.kind : null,
      study: found?.study ?? null,
      ...judged,
      direction: parts?.direction ?? null,
      size: parts?.size ?? null,
      matters: parts?.matters ?? null,
      word: judged.verdict ?? judged.reproduced ?? (stated.kind === 'report' ? 'reported' : 'open'),
      level: claimLevel(family, claim),
    }
  })
}

/**
 * Returns how the claims share the error rate where these studies judge them. Throws `RangeError`
 * for a primary claim that does not exist.
 */
export function familyOf(
  claims: Claims,
  studies: readonly Study[],
  { primary, level }: Pick<JudgeOptions, 'primary' | 'level'> = {},
): ClaimFamily {
  const preregistered = preregisteredPrimary(claims, studies)
  const id = primary === undefined ? preregistered?.id : claimOf(claims, primary, 'primary').id
  const own = level ?? (preregistered?.id === id ? preregistered?.level : undefined) ?? defaultLevel
  return claimFamily(claims, id === undefined ? null : { id, level: own }, level)
}

const nothing = {
  parts: null,
  margin: null,
  reproduced: null,
  blocks: 0,
  sessions: null,
  estimate: null,
  scale: null,
  estimates: 0,
  band: null,
  found: null,
} as const
