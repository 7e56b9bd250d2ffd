import { type Phrase, phrase } from '../../analysis/text/phrase.js'
import { levelWordsOf } from '../../analysis/text/selection-words.js'
import { contrastsOf, type StatedClaim } from '../claims.js'

/**
 * The batch size at which a study should compare for a claim: that of the claim's first contrast
 * where it is among the study's, wherever it stands there, else the first of them. Throws
 * `RangeError` for no batch sizes.
 */
export function contrastedBatchSize(claim: StatedClaim, batchSizes: readonly number[]): number {
  const own = batchSizeOf(claim)
  const [first] = batchSizes
  if (first === undefined) throw new RangeError('Expected `batchSizes` to hold one batch size or more, got none')
  return own !== null && batchSizes.includes(own) ? own : first
}

/**
 * What is to be said where that is another batch size than the claim's: that nothing compared there
 * is about the claim. Null where it is the claim's own.
 */
export function otherBatchSizeWords(claim: StatedClaim, batchSizes: readonly number[]): Phrase | null {
  const own = batchSizeOf(claim)
  const used = contrastedBatchSize(claim, batchSizes)
  if (own === null || own === used) return null
  const [stated, compared] = [own, used].map((size) => levelWordsOf('batchSize', size))
  return phrase`${claim.id} is about batches of ${stated!}, which were not measured: what is compared here is compared at ${compared!}, and decides nothing about ${claim.id}`
}

/** The batch size that both sides of a claim's first contrast name; null where there is none. */
function batchSizeOf(claim: StatedClaim): number | null {
  const [contrast] = contrastsOf(claim)
  const { a, b } = contrast ?? {}
  return a?.batchSize !== undefined && a.batchSize === b?.batchSize ? a.batchSize : null
}
