/**
 * Names that notebooks of earlier versions import from `copylab/analysis`. Each name means what it
 * meant, and says what to take instead.
 */

import type { BestSet } from '../../analysis/compare/best-set.js'
import type { Explanation } from '../../analysis/explain/explain.js'
import * as explain from '../../analysis/explain/explain-words.js'
import type { Recommendation } from '../../analysis/recommend/recommend.js'
import * as recommend from '../../analysis/recommend/recommendation-words.js'
import type { Phrase } from '../../analysis/text/phrase.js'
import { type BestWorkersOptions, bestWorkers } from '../../claims/best-workers.js'
import { type Claims, contrastsOf, type StatedClaim } from '../../claims/claims.js'
import { measuredBatchSize, measuredWorkers, statedBatchSize } from '../../claims/question.js'
import { otherBatchSizePhrase } from '../../claims/words/question-words.js'
import type { Study } from '../../study/study.js'

export {
  /** @deprecated `runStudy` decides by itself: `stop: { looks: 5, maxBlocks: 40 }`. */
  decideSequentially,
  /** @deprecated `runStudy` reports its primary contrast by itself. */
  primarySoFar,
} from '../../analysis/compare/interim.js'
export {
  /** @deprecated `say(recommend(study))` begins with it. */
  busyHostWarning,
} from '../../analysis/validity/disturbed/busy-host-words.js'
export {
  /** @deprecated `say(questionOf(claims, id, levels))` says them. */
  verdictRulesWords,
} from '../../analysis/verdict/verdict-words.js'
export {
  /** @deprecated `noteOf(claims).arithmetic` has its sentences. */
  noteArithmetic,
  /** @deprecated `say(noteOf(claims).arithmetic)` says them. */
  noteArithmeticWords,
} from '../../claims/note/note-arithmetic.js'
export {
  /** @deprecated `say(verdicts)` says them. */
  claimVerdictWords,
  /** @deprecated `showTable(claims)` shows what each claim expects. */
  statedClaimWords,
} from '../../claims/words/claim-words.js'
export { claimsNumbers, methodNumbers, noteNumbers, type Quotable, quotedNumbers } from './numbers.js'

/**
 * The worker counts that are not shown to be worse than the best, at the levels of a file's claims.
 *
 * @deprecated `bestWorkers(study, { claims })` gives them.
 */
export function bestWorkersOf(claims: Claims, study: Study, options: BestWorkersOptions = {}): BestSet[] {
  return bestWorkers(study, { ...options, claims })
}

/**
 * Whose time was lost or saved, in words.
 *
 * @deprecated `say(explanation.reason)` says it.
 */
export function reasonWords({ reason }: Explanation): Phrase {
  return explain.reasonWords(reason)
}

/**
 * How the bound of a recommendation is made, in words.
 *
 * @deprecated `say(recommendation.method)` says it.
 */
export function recommendationMethodWords({ method }: Recommendation): Phrase {
  return recommend.recommendationMethodWords(method)
}

/**
 * The worker counts 2 and 4 where both were measured, else the fewest and the most.
 *
 * @deprecated `questionOf(claims, id, levels)` has both as `a` and `b`.
 */
export function contrastedWorkers(workers: readonly number[]): { readonly fewer: number; readonly more: number } {
  const [fewer, more] = measuredWorkers([2, 4], workers)
  return { fewer, more }
}

/**
 * The batch size of a claim where it is among those of a study, else the first of them.
 *
 * @deprecated `questionOf(claims, id, levels).at` has it.
 */
export function contrastedBatchSize(claim: StatedClaim, batchSizes: readonly number[]): number {
  return measuredBatchSize(contrastsOf(claim)[0], batchSizes)
}

/**
 * That a comparison at another batch size than a claim's decides nothing about it; null where it is
 * the claim's own.
 *
 * @deprecated `say(questionOf(claims, id, levels))` says it.
 */
export function otherBatchSizeWords(claim: StatedClaim, batchSizes: readonly number[]): Phrase | null {
  const own = statedBatchSize(contrastsOf(claim)[0])
  const used = contrastedBatchSize(claim, batchSizes)
  return own === null || own === used ? null : otherBatchSizePhrase(claim.id, own, used)
}
