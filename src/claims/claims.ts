import { readFileSync } from 'node:fs'
import type { Claim } from '../study/claim.js'
import type { Metric } from '../study/metric.js'
import type { Selection } from '../study/treatment.js'

/** A contrast that `compare` can answer, with the band that the claim states. */
export interface ClaimedContrast {
  readonly a: Selection
  readonly b: Selection
  readonly metric: Metric
  readonly claim: Claim
}

/** One statement under test. */
export interface StatedClaim {
  readonly id: string
  readonly claim: string
  /** What is compared, in words. */
  readonly contrast: string
  /** What it is judged by. */
  readonly metrics: readonly Metric[]
  /** What the note expects, in words. */
  readonly expected: string
  /** The values that the note predicts for the metric, lowest and highest, in the metric's own unit; null where it predicts none. */
  readonly predicted: readonly [number, number] | null
  /** The parts of the claim that compare two treatments; empty where it takes more than `compare`. */
  readonly contrasts: readonly ClaimedContrast[]
  readonly test: StatedTest
}

/** How a claim is judged: see `claimTest`. */
export type StatedTest =
  | { readonly kind: 'contrasts'; readonly count: number }
  | { readonly kind: 'spread'; readonly a: Selection; readonly b: Selection; readonly metric: Metric }
  | {
      readonly kind: 'best-set'
      readonly over: 'workers' | 'batchSize'
      readonly where: Selection
      readonly metric: Metric
      /** The level that is claimed to be best, alone. */
      readonly expected: number
    }
  | { readonly kind: 'interaction'; readonly metric: Metric }
  | { readonly kind: 'contention'; readonly from: Selection; readonly to: Selection }
  | { readonly kind: 'rule'; readonly metric: Metric }
  | { readonly kind: 'peak'; readonly where: Selection }

/** One setting that the note measured, once. Null where it does not say. */
export interface ReportedRun {
  readonly workers: number
  readonly batchSize: number
  readonly totalMs: number | null
  readonly insertMs: number
  readonly recordsPerSecond: number | null
}

/** The working note: its measured numbers and its statements. */
export interface Claims {
  readonly source: string
  readonly records: number
  readonly runs: readonly ReportedRun[]
  /** The levels of the factors that the claims do not name. */
  readonly arrangement: Selection
  readonly claims: readonly StatedClaim[]
}

/** Reads the statements under test and the numbers that the note reports, from `data/claims.json`. */
export function readClaims(): Claims {
  return JSON.parse(readFileSync(new URL('../../data/claims.json', import.meta.url), 'utf8')) as Claims
}

/** The statement of an id. Throws `RangeError` naming the ids there are. */
export function claimOf(claims: Claims, id: string): StatedClaim {
  const found = claims.claims.find((one) => one.id === id)
  if (found) return found
  throw new RangeError(
    `Expected an id out of ${claims.claims.map((one) => one.id).join(', ')}, got ${JSON.stringify(id)}`,
  )
}
