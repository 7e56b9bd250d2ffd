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

/** That one level of a factor is best, alone. */
export interface StatedBestSet {
  readonly kind: 'best-set'
  readonly over: Factor
  readonly where?: Selection
  readonly metric: Metric
  readonly expected: Level
}

/** How the effect of the factor `of` on a metric depends on the factor `by`. */
export interface StatedInteraction {
  readonly kind: 'interaction'
  readonly of: Factor
  readonly by: Factor
  readonly metric: Metric
  /** The band of the effect at the highest level of `by`, as a multiple of that at its lowest. */
  readonly claim: Claim
  /** What the best levels of `of` must do as well, from the lowest level of `by` to its highest. */
  readonly best?: 'rises' | 'falls'
}

/** That a symptom explains an effect: the symptom grows from one treatment to the other, and the effect stays when the other suspect is taken away. */
export interface StatedContention {
  readonly kind: 'contention'
  readonly from: Selection
  readonly to: Selection
  /** The symptom. */
  readonly metric: Metric
  /** What is claimed of `from` against `to`. */
  readonly effect: { readonly metric: Metric; readonly claim: Claim }
  /** The levels that take the other suspect away. */
  readonly relieved: Selection
}

/** That no level of a factor is among the best in every setting of other factors. */
export interface StatedRule {
  readonly kind: 'rule'
  readonly over: Factor
  readonly by: readonly Factor[]
  readonly metric: Metric
}

/** That throughput has a peak below the most workers that were measured. */
export interface StatedPeak {
  readonly kind: 'peak'
  readonly where?: Selection
}

/** How a claim is judged: one kind for each file in `tests/`. */
export type StatedTest =
  | StatedContrasts
  | StatedSpread
  | StatedBestSet
  | StatedInteraction
  | StatedContention
  | StatedRule
  | StatedPeak

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

/** The statement of an id. Throws `RangeError` naming the ids there are; `option` is what it calls the id. */
export function claimOf({ claims }: Pick<Claims, 'claims'>, id: string, option = 'id'): StatedClaim {
  const found = claims.find((one) => one.id === id)
  if (found) return found
  const ids = claims.map((one) => one.id).join(', ')
  throw new RangeError(`Expected \`${option}\` to be the id of a claim (${ids}), got ${JSON.stringify(id)}`)
}

/** The contrasts that a claim tests and those that it shows beside them; empty for a claim that is judged by something else. */
export function contrastsOf({ test }: StatedClaim): readonly ClaimedContrast[] {
  return test.kind === 'contrasts' ? [...test.contrasts, ...(test.beside ?? [])] : []
}

/** The metric that a test is about, the first of several. */
export function metricOf(test: StatedTest): Metric {
  if (test.kind === 'peak') return 'recordsPerSecond'
  return test.kind === 'contrasts' ? test.contrasts[0]!.metric : test.metric
}
