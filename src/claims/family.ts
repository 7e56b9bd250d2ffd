import { defaultLevel } from '../analysis/defaults.js'
import { minDifferences } from '../analysis/statistics/signed-rank.js'
import { minJudgedBlocks } from '../analysis/verdict/verdict.js'
import type { Metric } from '../study/metric.js'
import { type Factor, factorNames, type Selection, type Treatment } from '../study/treatment.js'
import { type Claims, claimOf, type StatedClaim, type StatedTest } from './claims.js'

/** The claims of a file that share an error rate, whatever studies can test. Plain data. */
export interface ClaimFamily {
  /** The id of the claim that the number of claims does not touch; null where there is none. */
  readonly primary: string | null
  readonly primaryLevel: number
  /** Number of claims that are tested, including the primary one. */
  readonly tested: number
  /**
   * The level at which each of the others is judged: 1 − α/(m − 1), or 1 − α/m without a primary
   * one.
   */
  readonly othersLevel: number
  /** 1 − α: the level of all the others together. */
  readonly level: number
}

/** A set of best levels that a claim is about. */
export interface ClaimedSet {
  readonly over: Factor
  /** The levels at which those of `over` are compared. */
  readonly where: Selection
  readonly metric: Metric
}

/**
 * Returns whether a claim is tested: one that is reported, or measured by the source itself, takes
 * no part of the error rate.
 */
export function isTested({ test }: StatedClaim): boolean {
  return test.kind !== 'report' && test.kind !== 'measurement'
}

/**
 * Divides the error rate 1 − level among claims: the primary one separately, the others in equal
 * parts (Bonferroni), so that all their intervals hold together.
 */
export function claimFamily(
  claims: Claims,
  primary: { readonly id: string; readonly level: number } | null,
  level = defaultLevel,
): ClaimFamily {
  const tested = claims.claims.filter(isTested).length
  const sharing = primary !== null && isTested(claimOf(claims, primary.id)) ? tested - 1 : tested
  return {
    primary: primary?.id ?? null,
    primaryLevel: primary?.level ?? level,
    tested,
    othersLevel: sharing === 0 ? level : 1 - (1 - level) / sharing,
    level,
  }
}

/**
 * Returns the level at which a claim is judged: that of its interval, or of all its intervals and
 * sets together.
 */
export function claimLevel(family: ClaimFamily, claim: StatedClaim): number {
  if (claim.id === family.primary) return family.primaryLevel
  return isTested(claim) ? family.othersLevel : defaultLevel
}

/**
 * Returns the level of each of a claim's intervals and sets, which take equal parts of its error
 * rate.
 */
export function eachLevel(family: ClaimFamily, claim: StatedClaim): number {
  const count = intervalsOf(claim.test)
  const level = claimLevel(family, claim)
  // 1 − (1 − 0.95) is not 0.95 in the last digit.
  return count === 1 ? level : 1 - (1 - level) / count
}

/**
 * Returns the number of blocks below which a claim of one interval cannot be decided, the first
 * claim of the file being the primary one.
 */
export function minBlocks(claims: Claims): number {
  const [first] = claims.claims
  const family = claimFamily(claims, first ? { id: first.id, level: defaultLevel } : null)
  return Math.max(minJudgedBlocks, minDifferences(family.othersLevel))
}

/** Counts the intervals and sets that a claim rests on. */
function intervalsOf(test: StatedTest): number {
  switch (test.kind) {
    case 'contrasts':
      return test.contrasts.length
    case 'measurement':
      return test.measured.length
    case 'relief':
      return 1 + 2 * test.relieved.length
    case 'shift':
      return 2
    case 'rule':
      return test.settings.length
    default:
      return 1
  }
}

/**
 * Returns the sets of best levels that a claim is about; a peak is determined by the total time,
 * which has the same best levels as throughput.
 */
export function setsOf({ test }: StatedClaim, fixed: Selection): ClaimedSet[] {
  const set = (over: Factor, metric: Metric, ...wheres: readonly Selection[]): ClaimedSet[] =>
    wheres.map((where) => ({ over, metric, where: without({ ...fixed, ...where }, over) }))
  switch (test.kind) {
    case 'best-set':
      return set(test.over, test.metric, test.where ?? {})
    case 'shift':
      return set(test.of, test.metric, ...test.between.map((level): Selection => ({ [test.by]: level })))
    case 'rule':
      return set(test.over, test.metric, ...test.settings)
    case 'peak':
      return set('workers', 'totalMs', test.where ?? {})
    default:
      return []
  }
}

/**
 * Returns the level of a set of best levels: the strictest that the claims about it ask for, so
 * that there is one set for a factor, a metric and a setting, wherever it is named. Each of these
 * claims but the primary one counts as one of all m here, so that the set is the same whether or
 * not the study that preregistered the primary claim is given. Null where no claim is about it.
 */
export function setLevel(
  claims: Claims,
  family: ClaimFamily,
  { over, metric, treatment }: Pick<ClaimedSet, 'over' | 'metric'> & { readonly treatment: Treatment },
): number | null {
  const levels = claims.claims.flatMap((claim) => {
    const isAbout = setsOf(claim, claims.fixed).some(
      (set) => set.over === over && isSameGoal(set.metric, metric) && holds(treatment, set.where),
    )
    if (!isAbout) return []
    if (claim.id === family.primary) return [eachLevel(family, claim)]
    return [1 - (1 - family.level) / (family.tested * intervalsOf(claim.test))]
  })
  return levels.length === 0 ? null : Math.max(...levels)
}

/**
 * Returns whether two metrics have the same best levels, as the total time and the throughput of
 * the same records have.
 */
function isSameGoal(a: Metric, b: Metric): boolean {
  const plain = (metric: Metric): Metric => (metric === 'recordsPerSecond' ? 'totalMs' : metric)
  return plain(a) === plain(b)
}

function holds(treatment: Treatment, where: Selection): boolean {
  return factorNames.every((factor) => where[factor] === undefined || where[factor] === treatment[factor])
}

function without(selection: Selection, factor: Factor): Selection {
  const { [factor]: _, ...others } = selection
  return others
}
