import {
  type BestSet,
  bestWorkers,
  type Claims,
  type ClaimVerdict,
  type Comparison,
  checkStudy,
  claimOf,
  compare,
  compareSpread,
  type Deviations,
  deviations,
  type Explanation,
  explain,
  fitScaling,
  judgeClaims,
  noteArithmetic,
  type Phrase,
  type Result,
  readClaims,
  type Scaling,
  type SpreadComparison,
  type StudyFinding,
  wordsOf,
} from '../../src/entries/analysis.js'
import { readStudy } from '../../src/entries/executor.js'
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
  const [tests, arrangements, capacity] = ['workers', 'arrangements', 'capacity'].map((part) =>
    readStudy(`reference-${part}`),
  ) as [Study, Study, Study]
  const best = bestWorkers(capacity, { by: ['secondaryIndexes', 'persistence', 'synchronousCommit'] })
  const results = resultsOf(tests, [tests, arrangements, capacity])
  return { ...results, best: [...results.best, ...best], tests, capacity }
}

/** The results for a study of 2 and 4 workers, among others. */
export function resultsOf(tests: Study, studies: readonly Study[] = [tests]): NotebookResults {
  const claims = readClaims()
  const at = { batchSize: 10_000 }
  const [fewer, more] = [2, 4].map((workers) => ({ workers, ...at }))
  const tested = (id: string): Comparison[] =>
    claimOf(claims, id).contrasts.map((contrast) => compare(tests, { ...contrast, a: fewer!, b: more! }))
  return {
    claims,
    arithmetic: noteArithmetic(claims),
    plan: deviations(tests),
    c1: tested('C1')[0]!,
    besides: [...tested('C2'), ...tested('C3')],
    findings: checkStudy(tests),
    best: bestWorkers(tests),
    scaling: fitScaling(tests),
    why: explain(tests, { from: fewer!, to: more! }),
    price: [...tested('C4'), ...tested('C5')],
    spread: compareSpread(tests, { a: fewer!, b: more! }),
    verdicts: judgeClaims(claims, studies),
  }
}

/** Every sentence of the results, with the numbers that are said to be in it. */
export function phrasesOf({ claims, ...results }: NotebookResults): readonly Phrase[] {
  return Object.values(results)
    .flat()
    .flatMap((one: Result) => ('controls' in one ? [...wordsOf(one), ...wordsOf(one.controls)] : wordsOf(one)))
}
