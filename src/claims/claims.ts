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
  /** Shown beside the tested ones; they decide nothing. */
  readonly beside?: readonly ClaimedContrast[]
}

/** How much two treatments vary over blocks; the band is one of the ratio of their spreads. */
export interface StatedSpread extends ClaimedContrast {
  readonly kind: 'spread'
}

/** That one level of a factor is best. */
export interface StatedBestSet {
  readonly kind: 'best-set'
  readonly over: Factor
  readonly where?: Selection
  readonly metric: Metric
  readonly expected: Level
  /**
   * Whether it is claimed to be best by itself, as it is unless told; else to be at most the margin
   * worse than the best.
   */
  readonly alone?: boolean
}

/** How the effect of the factor `of` on a metric depends on the factor `by`. */
export interface StatedInteraction {
  readonly kind: 'interaction'
  readonly of: Factor
  readonly by: Factor
  readonly metric: Metric
  /** The band of the effect at the highest level of `by`, as a multiple of that at its lowest. */
  readonly claim: Claim
}

/**
 * That the best levels of one factor rise or fall with another, from its lowest level to its
 * highest.
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
 * That a metric rises or falls from one treatment to another; it may be 0, so that it has no ratio.
 */
export interface StatedChange {
  readonly kind: 'change'
  readonly from: Selection
  readonly to: Selection
  readonly metric: Metric
  readonly change: 'rises' | 'falls'
}

/** That a symptom is the reason of an effect: where the symptom is taken away, the effect goes. */
export interface StatedRelief {
  readonly kind: 'relief'
  readonly from: Selection
  readonly to: Selection
  /** The symptom, which rises from one treatment to the other. */
  readonly metric: Metric
  /** What is to be explained: what is claimed of `from` against `to`. */
  readonly effect: { readonly metric: Metric; readonly claim: Claim }
  /** The levels that take the symptom away, one way or several. */
  readonly relieved: readonly Selection[]
}

/** That no level of a factor is among the best in every setting. */
export interface StatedRule {
  readonly kind: 'rule'
  readonly over: Factor
  /** The levels that make each setting, in which the levels of `over` are compared. */
  readonly settings: readonly Selection[]
  readonly metric: Metric
}

/** That throughput has a peak below the most workers that were measured. */
export interface StatedPeak {
  readonly kind: 'peak'
  readonly where?: Selection
}

/** What two treatments set rather than cause: it is reported, and not tested. */
export interface StatedReport {
  readonly kind: 'report'
  readonly a: Selection
  readonly b: Selection
  readonly metric: Metric
}

/** What the source measured itself: it is reproduced here or not, and not tested. */
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

/** How a claim is judged: one kind for each file in `tests/`. */
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

/** A file of claims as it is written: see `claims.schema.json`. */
export interface ClaimsFile {
  readonly $schema?: string
  readonly title?: string
  readonly source?: string
  /** The levels of the factors that the claims do not name. */
  readonly fixed?: Selection
  readonly claims: readonly StatedClaim[]
  /** What the source says beside its claims; nothing that judges reads it. */
  readonly note?: object
}

/** A file of claims, checked. */
export interface Claims {
  readonly title: string | null
  readonly source: string | null
  /** The levels of the factors that the claims do not name. */
  readonly fixed: Selection
  readonly claims: readonly StatedClaim[]
  /** What the source says beside its claims; nothing that judges reads it. */
  readonly note: object | null
  /** SHA-256 of the file's bytes, 64 hex digits; null for claims that were written in code. */
  readonly digest: string | null
}

/**
 * The statement of an id. Throws `RangeError` naming the ids there are; `option` is what it calls
 * the id.
 */
export function claimOf({ claims }: Pick<Claims, 'claims'>, id: string, option = 'id'): StatedClaim {
  const found = claims.find((one) => one.id === id)
  if (found) return found
  const ids = claims.map((one) => one.id).join(', ')
  throw new RangeError(`Expected \`${option}\` to be the id of a claim (${ids}), got ${JSON.stringify(id)}`)
}

/**
 * The contrasts that a claim tests and those that it shows beside them; empty for a claim that is
 * judged by something else.
 */
export function contrastsOf({ test }: StatedClaim): readonly ClaimedContrast[] {
  return test.kind === 'contrasts' ? [...test.contrasts, ...(test.beside ?? [])] : []
}

/** The metric that a test is about, the first of several. */
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
