import type { ClaimBounds } from '../../study/claim.js'
import type { Interval } from '../statistics/estimate.js'
import type { Rule } from './rule.js'
import { isInMargin, type Judged } from './verdict.js'

/** Whether a difference has the claimed direction. */
export type Direction = 'confirmed' | 'reversed' | 'open'

/** Size of a difference compared with the claimed size. */
export type Size = 'within' | 'smaller' | 'larger' | 'not larger' | 'not smaller' | 'open'

/** Whether a difference is larger than the margin. */
export type Matters = 'yes' | 'no' | 'open'

/**
 * What one ratio's interval shows about a claim in addition to the verdict, part by part: see
 * `directionRules`, `sizeRules` and `mattersRules`.
 */
export interface VerdictParts {
  /** Null where the claimed band lies on both sides of 1. */
  readonly direction: Direction | null
  /** Null where no least or most difference is claimed. */
  readonly size: Size | null
  /** Whether the difference is larger than the margin. */
  readonly matters: Matters
}

/** The rules of `direction`. */
export const directionRules: readonly Rule<Direction, Judged>[] = [
  {
    word: 'confirmed',
    when: 'the whole interval lies on the claimed side of no difference',
    holds: (judged) => alongClaim(judged).from > 1,
  },
  {
    word: 'reversed',
    when: 'it lies on the other side',
    holds: (judged) => alongClaim(judged).to < 1,
  },
  { word: 'open', when: 'it holds no difference', holds: () => true },
]

/** The rules of `size`. */
export const sizeRules: readonly Rule<Size, Judged>[] = [
  {
    word: 'within',
    when: 'the whole interval lies between the least and the most that is claimed',
    holds: (judged) => {
      const { from, to, least, most } = alongClaim(judged)
      return from >= least && to <= most
    },
  },
  { word: 'smaller', when: 'it lies short of the least, or on the other side of no difference', holds: isSmaller },
  { word: 'larger', when: 'it lies beyond the most', holds: isLarger },
  {
    word: 'open',
    when: 'it holds both the least and the most',
    holds: (judged) => crossesLeast(judged) && crossesMost(judged),
  },
  { word: 'not larger', when: 'it holds the least alone', holds: crossesLeast },
  { word: 'not smaller', when: 'it holds the most alone', holds: crossesMost },
]

/** The rules of `matters`. */
export const mattersRules: readonly Rule<Matters, Judged>[] = [
  {
    word: 'yes',
    when: 'the whole interval lies outside the margin on one side',
    holds: ({ interval, margin }) => interval.lower > 1 + margin || interval.upper < 1 / (1 + margin),
  },
  { word: 'no', when: 'it lies within the margin', holds: ({ interval, margin }) => isInMargin(interval, margin) },
  { word: 'open', when: 'anything else', holds: () => true },
]

/**
 * Determines the parts of a verdict; `interval` is null below the minimum of blocks, where every
 * part that the claim has is open.
 */
export function verdictParts(interval: Interval | null, claim: ClaimBounds, margin: number): VerdictParts {
  const word = <Word extends string>(rules: readonly Rule<Word, Judged>[], otherwise: Word): Word =>
    interval === null ? otherwise : rules.find(({ holds }) => holds({ interval, claim, margin }))!.word
  return {
    direction: hasDirection(claim) ? word(directionRules, 'open') : null,
    size: hasSize(claim) ? word(sizeRules, 'open') : null,
    matters: word(mattersRules, 'open'),
  }
}

/** Returns whether a claimed band lies on one side of no difference. */
function hasDirection({ lower, upper }: Pick<ClaimBounds, 'lower' | 'upper'>): boolean {
  return lower >= 1 || (upper !== null && upper <= 1)
}

/** Returns whether a claim names a least difference, or a most. */
function hasSize({ way, shares: [least, most], lower, upper }: ClaimBounds): boolean {
  if (way !== 'ratio') return least > 0 || most !== null
  const isNamed = (end: number | null): boolean => end !== null && end !== 0 && end !== 1
  return isNamed(lower) || isNamed(upper)
}

/**
 * An interval and the ends of a claim, turned so that the claimed direction is up; a band on both
 * sides of no difference has its lower end as the least.
 */
interface AlongClaim {
  readonly from: number
  readonly to: number
  readonly least: number
  readonly most: number
}

function alongClaim({ interval, claim }: Pick<Judged, 'interval' | 'claim'>): AlongClaim {
  const most = claim.upper ?? Number.POSITIVE_INFINITY
  const { lower: from, upper: to } = interval
  if (most > 1) return { from, to, least: claim.lower, most }
  return { from: 1 / to, to: 1 / from, least: 1 / most, most: 1 / claim.lower }
}

function isSmaller(judged: Judged): boolean {
  const { to, least } = alongClaim(judged)
  return to < least
}

function isLarger(judged: Judged): boolean {
  const { from, most } = alongClaim(judged)
  return from > most
}

function crossesLeast(judged: Judged): boolean {
  const { from, to, least } = alongClaim(judged)
  return from < least && to >= least
}

function crossesMost(judged: Judged): boolean {
  const { from, to, most } = alongClaim(judged)
  return from <= most && to > most
}
