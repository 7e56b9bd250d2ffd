import { noteArithmetic, noteArithmeticWords } from '../../src/claims/note/note-arithmetic.js'
import {
  type BestSet,
  bestWorkers,
  type Claims,
  type ClaimVerdict,
  type Comparison,
  checkStudy,
  compareSpread,
  type Deviations,
  deviations,
  type Explanation,
  explain,
  fitScaling,
  judgeClaims,
  noteOf,
  type Phrase,
  type Result,
  readClaims,
  type Scaling,
  type SpreadComparison,
  type StudyFinding,
  wordsOf,
} from '../../src/entries/analysis.js'
import type { Study } from '../../src/study/study.js'
import { chapterQuestion, compareAsClaimed, readReferenceStudies } from './reference-chapter.js'

/**
 * The results whose sentences a notebook about these studies shows, each kind computed as the
 * chapter's notebook does it.
 */
export interface NotebookResults {
  readonly claims: Claims
  readonly arithmetic: ReturnType<typeof noteArithmetic>
  readonly plan: Deviations
  readonly c1: Comparison
  readonly besides: readonly Comparison[]
  readonly findings: readonly StudyFinding[]
  readonly best: readonly BestSet[]
  readonly scaling: readonly Scaling[]
  readonly why: Explanation
  readonly price: readonly Comparison[]
  readonly spread: SpreadComparison
  readonly verdicts: readonly ClaimVerdict[]
}

/** All of them for the studies that came with the project; `tests` is the main one. */
export function referenceResults(): NotebookResults & { readonly tests: Study; readonly capacity: Study } {
  const [tests, arrangements, capacity] = readReferenceStudies() as [Study, Study, Study]
  const best = bestWorkers(capacity, { by: ['secondaryIndexes', 'persistence', 'synchronousCommit'] })
  const results = resultsOf(tests, [tests, arrangements, capacity])
  return { ...results, best: [...results.best, ...best], tests, capacity }
}

/** The results for a study of 2 and 4 workers, among others. */
export function resultsOf(tests: Study, studies: readonly Study[] = [tests]): NotebookResults {
  const claims = readClaims()
  const { fewer, more } = chapterQuestion(tests)
  const tested = (id: string): Comparison[] => compareAsClaimed(tests, claims, id)
  return {
    claims,
    arithmetic: noteArithmetic(noteOf(claims)),
    plan: deviations(tests),
    c1: tested('C1')[0]!,
    besides: tested('C2'),
    findings: checkStudy(tests),
    best: bestWorkers(tests),
    scaling: fitScaling(tests),
    why: explain(tests, { from: fewer, to: more }),
    price: tested('C4'),
    spread: compareSpread(tests, { a: fewer, b: more }),
    verdicts: judgeClaims(claims, studies),
  }
}

/** Every sentence of the results, with the numbers that are said to be in it. */
export function phrasesOf({ claims, arithmetic, ...results }: NotebookResults): readonly Phrase[] {
  const said = Object.values(results)
    .flat()
    .flatMap((one: Result) => ('controls' in one ? [...wordsOf(one), ...wordsOf(one.controls)] : wordsOf(one)))
  return [...noteArithmeticWords(arithmetic), ...said]
}
