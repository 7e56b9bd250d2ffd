/** Types of verdicts on claims, and of what they rest on. */

export type { VerdictShares } from '../../analysis/design/simulated-verdicts.js'
export type { BestWorkersOptions } from '../../claims/best-workers.js'
export type { DesignOptions } from '../../claims/design/design-study.js'
export type { DesignObstacle, SessionsDesign, StudyDesign } from '../../claims/design/study-design.js'
export type { ClaimVerdict, ClaimWord, JudgeOptions, Nullable } from '../../claims/judge-claims.js'
export type { Note } from '../../claims/note/note.js'
export type { NoteArithmetic } from '../../claims/note/note-arithmetic.js'
export type { ReportedNote, ReportedRun } from '../../claims/note/reported-note.js'
export type { MeasuredLevels, Question, WorkersAt } from '../../claims/question.js'
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
} from '../../claims/tests/judged.js'
export type { ClaimVerdictRow, StatedClaimRow } from '../../claims/words/claim-words.js'
export type { Result } from '../../claims/words.js'
