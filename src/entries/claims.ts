/** The part of `copylab/analysis` that judges claims. */

export { bestWorkersOf } from '../claims/best-workers-of.js'
export {
  type ClaimedContrast,
  type Claims,
  type ClaimsFile,
  claimOf,
  contrastsOf,
  type StatedBestSet,
  type StatedChange,
  type StatedClaim,
  type StatedContrasts,
  type StatedInteraction,
  type StatedMeasurement,
  type StatedPeak,
  type StatedRelief,
  type StatedReport,
  type StatedRule,
  type StatedShift,
  type StatedSpread,
  type StatedTest,
} from '../claims/claims.js'
export { comparisonsOf } from '../claims/comparisons-of.js'
export { minBlocks } from '../claims/family.js'
export { type ClaimVerdict, type ClaimWord, type JudgeOptions, judgeClaims } from '../claims/judge-claims.js'
export { contrastedBatchSize, otherBatchSizeWords } from '../claims/note/contrasted-batch-size.js'
export { contrastedWorkers } from '../claims/note/contrasted-workers.js'
export { type Note, noteOf, type ReportedRun } from '../claims/note/note.js'
export { type NoteArithmetic, noteArithmetic, noteArithmeticWords } from '../claims/note/note-arithmetic.js'
export { type ClaimRow, claimRows, plotClaims } from '../claims/plot-claims.js'
export { primaryContrast, registeredPrimary } from '../claims/primary.js'
export { checkClaims, readClaims } from '../claims/read-claims.js'
export type {
  Found,
  FoundContrast,
  FoundRelief,
  FoundRule,
  FoundSetting,
  Judged,
  LevelsAt,
  MetricChange,
  Relieved,
  Reproduced,
} from '../claims/tests/judged.js'
export {
  type ClaimVerdictRow,
  claimVerdictRows,
  claimVerdictWords,
  type StatedClaimRow,
  statedClaimRows,
  statedClaimWords,
} from '../claims/words/claim-words.js'
export { type Result, sentencesOf, wordsOf } from '../claims/words.js'
