import {
  chapterQuestion,
  compareAsClaimed,
  readChapterStudies,
  referenceChapter,
} from '../../src/cli/chapter-studies.js'
import {
  type BestSet,
  bestWorkers,
  type Claims,
  type ClaimVerdict,
  type Comparison,
  checkStudy,
  claimsNumbers,
  claimVerdictWords,
  compareSpread,
  contrastsOf,
  type Deviations,
  deviations,
  type Explanation,
  explain,
  fitScaling,
  judgeClaims,
  noteArithmetic,
  noteArithmeticWords,
  noteNumbers,
  noteOf,
  type Phrase,
  readClaims,
  type Scaling,
  type SpreadComparison,
  type StudyFinding,
} from '../../src/entries/analysis.js'
import type { Study } from '../../src/study/study.js'

/** The results whose sentences a notebook about these studies shows, each kind computed as the chapter's notebook does it. */
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
  const [tests, arrangements, capacity] = readChapterStudies(referenceChapter) as [Study, Study, Study]
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
    besides: [...tested('C2'), ...tested('C3')],
    findings: checkStudy(tests),
    best: bestWorkers(tests),
    scaling: fitScaling(tests),
    why: explain(tests, { from: fewer, to: more }),
    price: [...tested('C4'), ...tested('C5')],
    spread: compareSpread(tests, { a: fewer, b: more }),
    verdicts: judgeClaims(claims, studies),
  }
}

/** Every sentence of the results, with the numbers that are said to be in it. */
export function sentencesOf(results: NotebookResults): {
  readonly sentence: string
  readonly numbers: readonly { readonly text: string }[]
}[] {
  const { arithmetic, plan, c1, besides, findings, best, scaling, why, price, spread, verdicts } = results
  return [
    ...noteArithmeticWords(arithmetic).map(said),
    ...[plan.registered ?? '', ...plan.deviations].map((sentence) => ({ sentence, numbers: plan.numbers })),
    ...[c1, ...besides, ...price].flatMap(({ controls, ...one }) => [
      one,
      { sentence: controls.sentence ?? '', numbers: controls.numbers },
    ]),
    ...findings.map(({ message, numbers }) => ({ sentence: message, numbers })),
    ...best,
    ...scaling,
    ...[why.sentence, why.reason].map((sentence) => ({ sentence, numbers: why.numbers })),
    ...(why.lockShare ? [why.lockShare] : []),
    spread,
    ...verdicts.map((verdict) => said(claimVerdictWords(verdict))),
  ]
}

const said = ({ text, numbers }: Phrase) => ({ sentence: text, numbers })

/** The same results as `quotedNumbers` takes them. */
export function quotedResults({ claims, arithmetic, verdicts, ...results }: NotebookResults): Record<string, unknown> {
  return {
    ...results,
    note: [...noteNumbers(noteOf(claims)), ...claimsNumbers(claims)],
    arithmetic: noteArithmeticWords(arithmetic).flatMap(({ numbers }) => numbers),
    verdicts: Object.fromEntries(verdicts.map((verdict) => [verdict.id, claimVerdictWords(verdict)])),
  }
}
