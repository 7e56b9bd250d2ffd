import type { Claim } from '../study/claim.js'
import type { Metric } from '../study/metric.js'
import { type ClaimedContrast, type Claims, claimOf, contrastsOf, type StatedClaim } from './claims.js'

/** The comparison that a study should make for a claim about two worker counts. Plain data. */
export interface Question {
  readonly result: 'question'
  /** Id of the claim. */
  readonly id: string
  readonly metric: Metric
  /** The claimed band of the ratio of `a` to `b`. */
  readonly claim: Claim
  /** The two treatments to compare. */
  readonly a: WorkersAt
  readonly b: WorkersAt
  /** The levels that the two treatments have in common. */
  readonly at: Pick<WorkersAt, 'batchSize'>
  /** The contrast that the claim states. */
  readonly stated: ClaimedContrast
}

/** A worker count at a batch size. */
export interface WorkersAt {
  readonly workers: number
  readonly batchSize: number
}

/** The levels that a study is going to measure. */
export interface MeasuredLevels {
  readonly workers: readonly number[]
  readonly batchSizes: readonly number[]
}

/**
 * The two treatments that a study of some worker counts and batch sizes should compare for a claim:
 * those that the claim's first contrast states where they are measured. Else the fewest and the
 * most workers stand for its worker counts, and the first batch size for its own; `say` then tells
 * that this decides nothing about the claim, after the rules by which a claim is judged.
 *
 * @throws `RangeError` for an id that no claim has, a claim that does not compare two worker
 *   counts, fewer than two worker counts, and no batch size.
 * @example
 * const question = questionOf(readClaims(), 'C1', { workers: [1, 2, 4], batchSizes: [10_000] })
 * compare(study, { a: question.a, b: question.b, claim: question.claim })
 */
export function questionOf(claims: Pick<Claims, 'claims'>, id: string, levels: MeasuredLevels): Question {
  const claim = claimOf(claims, id)
  const stated = workersContrast(claim)
  if (stated === null) {
    const able = claims.claims.filter(workersContrast).map((one) => one.id)
    throw new RangeError(
      `Expected \`id\` to be that of a claim that compares two worker counts (${able.join(', ') || 'there is none'}), got ${JSON.stringify(id)}`,
    )
  }
  const [a, b] = measuredWorkers([stated.a.workers!, stated.b.workers!], levels.workers)
  const batchSize = measuredBatchSize(stated, levels.batchSizes)
  const at = { batchSize }
  const { metric } = stated
  return {
    result: 'question',
    id,
    metric,
    claim: stated.claim,
    a: { workers: a, ...at },
    b: { workers: b, ...at },
    at,
    stated,
  }
}

/**
 * Two worker counts where both are measured, else the fewest and the most, in the same order.
 *
 * @throws `RangeError` for fewer than two worker counts.
 */
export function measuredWorkers(
  [a, b]: readonly [number, number],
  workers: readonly number[],
): readonly [number, number] {
  if (workers.includes(a) && workers.includes(b)) return [a, b]
  const [fewest, most] = [Math.min(...workers), Math.max(...workers)]
  if (!(fewest < most)) {
    throw new RangeError(`Expected \`workers\` to hold two counts to compare, got ${JSON.stringify(workers)}`)
  }
  return a < b ? [fewest, most] : [most, fewest]
}

/**
 * The batch size that both sides of a contrast name where it is measured, else the first one.
 *
 * @throws `RangeError` for no batch size.
 */
export function measuredBatchSize(
  contrast: Pick<ClaimedContrast, 'a' | 'b'> | undefined,
  batchSizes: readonly number[],
): number {
  const [first] = batchSizes
  if (first === undefined) throw new RangeError('Expected `batchSizes` to hold one batch size or more, got none')
  const own = statedBatchSize(contrast)
  return own !== null && batchSizes.includes(own) ? own : first
}

/** The batch size that both sides of a contrast name; null where there is none. */
export function statedBatchSize(contrast: Pick<ClaimedContrast, 'a' | 'b'> | undefined): number | null {
  const { a, b } = contrast ?? {}
  return a?.batchSize !== undefined && a.batchSize === b?.batchSize ? a.batchSize : null
}

/** The first contrast of a claim where both sides name a worker count, two different ones. */
function workersContrast(claim: StatedClaim): ClaimedContrast | null {
  const [first] = contrastsOf(claim)
  const { a, b } = first ?? {}
  return first && a?.workers !== undefined && b?.workers !== undefined && a.workers !== b.workers ? first : null
}
