import type { Claim } from '../study/claim.js'
import type { Metric } from '../study/metric.js'
import { type ClaimedContrast, type Claims, claimOf, contrastsOf, type StatedClaim } from './claims.js'

/**
 * The comparison of two worker counts that a study should make, for a claim or for want of one.
 * Plain data.
 */
export interface Question {
  readonly result: 'question'
  /** Id of the claim; null where there is none. */
  readonly id: string | null
  readonly metric: Metric
  /** The claimed band of the ratio of `a` to `b`; without a claim, that `a` is slower. */
  readonly claim: Claim
  /** The two treatments to compare. */
  readonly a: WorkersAt
  readonly b: WorkersAt
  /** The levels that the two treatments have in common. */
  readonly at: Pick<WorkersAt, 'batchSize'>
  /** The contrast that the claim states; null where there is none. */
  readonly stated: ClaimedContrast | null
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
 * that this decides nothing about the claim, after the rules by which a claim is judged. `id` is
 * that of a claim; null takes the first one that compares two worker counts, and asks whether the
 * fewest workers are slower than the most where none does.
 *
 * @throws `RangeError` for an id that no claim has, a claim that does not compare two worker
 *   counts, fewer than two worker counts, and no batch size.
 * @example
 * const question = questionOf(readClaims(), 'C1', { workers: [1, 2, 4], batchSizes: [10_000] })
 * compare(study, { a: question.a, b: question.b, claim: question.claim })
 */
export function questionOf(claims: Pick<Claims, 'claims'>, id: string | null, levels: MeasuredLevels): Question {
  const able = claims.claims.filter(workersContrast)
  const claim = id === null ? able[0] : claimOf(claims, id)
  const stated = claim ? workersContrast(claim) : null
  if (id !== null && stated === null) {
    const ids = able.map((one) => one.id).join(', ')
    throw new RangeError(
      `Expected \`id\` to be that of a claim that compares two worker counts (${ids || 'there is none'}), got ${JSON.stringify(id)}`,
    )
  }
  const [a, b] = measuredWorkers(stated ? [stated.a.workers!, stated.b.workers!] : null, levels.workers)
  const at = { batchSize: measuredBatchSize(stated ?? undefined, levels.batchSizes) }
  return {
    result: 'question',
    id: stated && claim ? claim.id : null,
    metric: stated?.metric ?? 'totalMs',
    claim: stated?.claim ?? { slowerBy: [0, null] },
    a: { workers: a, ...at },
    b: { workers: b, ...at },
    at,
    stated,
  }
}

/**
 * The two stated worker counts where both are measured, else the fewest and the most, in the same
 * order; null for none that are stated.
 *
 * @throws `RangeError` for fewer than two worker counts.
 */
export function measuredWorkers(
  stated: readonly [number, number] | null,
  workers: readonly number[],
): readonly [number, number] {
  const [a, b] = stated ?? [0, 1]
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
