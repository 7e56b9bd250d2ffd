import type { Claim } from '../study/claim.js'
import type { Metric } from '../study/metric.js'
import type { Factor, Level, Selection } from '../study/treatment.js'

/** A contrast that `compare` can answer, with the band that is claimed. */
export interface ClaimedContrast {
  readonly a: Selection
  readonly b: Selection
  readonly metric: Metric
  readonly claim: Claim
}

/** One contrast or several, all of which must hold. */
export interface StatedContrasts {
  readonly kind: 'contrasts'
  readonly contrasts: readonly ClaimedContrast[]
  /** Contrasts that are shown together with the tested ones; they decide nothing. */
  readonly beside?: readonly ClaimedContrast[]
}

/**
 * A claim about how much two treatments vary over blocks; the band is one of the ratio of their
 * spreads.
 */
export interface StatedSpread extends ClaimedContrast {
  readonly kind: 'spread'
}

/** A claim that one level of a factor is best. */
export interface StatedBestSet {
  readonly kind: 'best-set'
  readonly over: Factor
  readonly where?: Selection
  readonly metric: Metric
  readonly expected: Level
  /**
   * Whether the level is claimed to be best by itself, rather than at most the margin worse than
   * the best.
   *
   * @default true
   */
  readonly alone?: boolean
}

/** A claim about how the effect of the factor `of` on a metric depends on the factor `by`. */
export interface StatedInteraction {
  readonly kind: 'interaction'
  readonly of: Factor
  readonly by: Factor
  readonly metric: Metric
  /** The band of the effect at the highest level of `by`, as a multiple of that at its lowest. */
  readonly claim: Claim
}

/**
 * A claim that the best levels of one factor rise or fall with another, from its lowest level to
 * its highest.
 */
export interface StatedShift {
  readonly kind: 'shift'
  readonly of: Factor
  readonly by: Factor
  /** The two levels of `by` between which the best levels move. */
  readonly between: readonly [Level, Level]
  readonly metric: Metric
  readonly best: 'rises' | 'falls'
}

/**
 * A claim that a metric rises or falls from one treatment to another; the metric may be 0, so that
 * it has no ratio.
 */
export interface StatedChange {
  readonly kind: 'change'
  readonly from: Selection
  readonly to: Selection
  readonly metric: Metric
  readonly change: 'rises' | 'falls'
}

/**
 * A claim that a symptom is the cause of an effect: where the symptom is removed, the effect
 * disappears.
 */
export interface StatedRelief {
  readonly kind: 'relief'
  readonly from: Selection
  readonly to: Selection
  /** The symptom, which rises from one treatment to the other. */
  readonly metric: Metric
  /** The effect to be explained: the claim about `from` against `to`. */
  readonly effect: { readonly metric: Metric; readonly claim: Claim }
  /** The levels that remove the symptom, one way or several. */
  readonly relieved: readonly Selection[]
}

/** A claim that no level of a factor is among the best in every setting. */
export interface StatedRule {
  readonly kind: 'rule'
  readonly over: Factor
  /** The levels that make each setting, in which the levels of `over` are compared. */
  readonly settings: readonly Selection[]
  readonly metric: Metric
}

/** A claim that throughput has a peak below the most workers that were measured. */
export interface StatedPeak {
  readonly kind: 'peak'
  readonly where?: Selection
}

/** A metric that two treatments set rather than cause: it is reported, and not tested. */
export interface StatedReport {
  readonly kind: 'report'
  readonly a: Selection
  readonly b: Selection
  readonly metric: Metric
}

/** Ratios that the source measured itself: they are reproduced here or not, and not tested. */
export interface StatedMeasurement {
  readonly kind: 'measurement'
  readonly measured: readonly {
    readonly a: Selection
    readonly b: Selection
    readonly metric: Metric
    /** a / b, as the source measured it. */
    readonly ratio: number
  }[]
}

/** The test that judges a claim: one kind for each file in `tests/`. */
export type StatedTest =
  | StatedContrasts
  | StatedSpread
  | StatedBestSet
  | StatedInteraction
  | StatedShift
  | StatedChange
  | StatedRelief
  | StatedRule
  | StatedPeak
  | StatedReport
  | StatedMeasurement

/** One statement under test. */
export interface StatedClaim {
  /** Letters, digits, `-` and `_`: "C1". */
  readonly id: string
  /** The statement in words. */
  readonly claim: string
  readonly test: StatedTest
}

/** A file of claims as written: see `claims.schema.json`. */
export interface ClaimsFile {
  readonly $schema?: string
  readonly title?: string
  readonly source?: string
  /** The levels of the factors that the claims do not name. */
  readonly fixed?: Selection
  readonly claims: readonly StatedClaim[]
  /** Other statements of the source, in addition to its claims; no test reads them. */
  readonly note?: object
}

/** A file of claims, checked. */
export interface Claims {
  readonly title: string | null
  readonly source: string | null
  /** The levels of the factors that the claims do not name. */
  readonly fixed: Selection
  readonly claims: readonly StatedClaim[]
  /**
   * Other statements of the source, in addition to its claims; no test reads them. Null for none.
   */
  readonly note: object | null
  /** SHA-256 of the file's bytes, 64 hex digits; null for claims that were written in code. */
  readonly digest: string | null
}

/**
 * Returns the claim with an id. Throws `RangeError` naming the ids there are; `option` is the name
 * of the id in the message.
 */
export function claimOf({ claims }: Pick<Claims, 'claims'>, id: string, option = 'id'): StatedClaim {
  const found = claims.find((one) => one.id === id)
  if (found) return found
  const ids = claims.map((one) => one.id).join(', ')
  throw new RangeError(`Expected \`${option}\` to be the id of a claim (${ids}), got ${JSON.stringify(id)}`)
}

/**
 * Returns the contrasts that a claim tests and those that it shows together with them; empty for a
 * claim that is judged by another kind of test.
 */
export function contrastsOf({ test }: StatedClaim): readonly ClaimedContrast[] {
  return test.kind === 'contrasts' ? [...test.contrasts, ...(test.beside ?? [])] : []
}

/** Returns the metric that a test is about, the first of several. */
export function metricOf(test: StatedTest): Metric {
  switch (test.kind) {
    case 'peak':
      return 'recordsPerSecond'
    case 'contrasts':
      return test.contrasts[0]!.metric
    case 'measurement':
      return test.measured[0]!.metric
    default:
      return test.metric
  }
}
