import {
  type Claims,
  type Comparison,
  claimOf,
  compare,
  contrastedWorkers,
  contrastsOf,
  type Selection,
} from '../entries/analysis.js'
import { readStudy, type Study } from '../entries/executor.js'
import { type ChapterParameters, presets } from './presets.js'

/** What each study of a chapter is about: workers and batch sizes, arrangements, capacities, and the choice measured again. */
export const chapterParts = ['workers', 'arrangements', 'capacity', 'confirmed'] as const

/** The names of the studies that a chapter with these parameters measures, the main one first. */
export function chapterStudies({ name, confirmBlocks }: Pick<ChapterParameters, 'name' | 'confirmBlocks'>): string[] {
  const parts = chapterParts.filter((part) => part !== 'confirmed' || confirmBlocks > 0)
  return parts.map((part) => `${name}-${part}`)
}

/** The chapter whose studies came with the project. */
export const referenceChapter = { ...presets.thesis, name: 'reference' } satisfies ChapterParameters

/** Reads the studies of a chapter from disk, in the order of `chapterParts`. */
export function readChapterStudies(parameters: Pick<ChapterParameters, 'name' | 'confirmBlocks'>): Study[] {
  return chapterStudies(parameters).map((name) => readStudy(name))
}

/** The two treatments that a chapter's question is about, by its main study: fewer and more workers, at its first batch size. */
export interface ChapterQuestion {
  readonly fewer: Selection
  readonly more: Selection
  /** What the two have in common. */
  readonly at: Selection
}

/** Reads the question of a chapter off its main study's plan. */
export function chapterQuestion({ plan: { treatments } }: Pick<Study, 'plan'>): ChapterQuestion {
  const { fewer, more } = contrastedWorkers(treatments.map(({ workers }) => workers))
  const at = { batchSize: treatments[0]!.batchSize }
  return { fewer: { workers: fewer, ...at }, more: { workers: more, ...at }, at }
}

/** Answers a claim on the two treatments of the question, once for each of its contrasts. */
export function compareAsClaimed(study: Study, claims: Claims, id: string): Comparison[] {
  const { fewer, more } = chapterQuestion(study)
  return contrastsOf(claimOf(claims, id)).map((contrast) => compare(study, { ...contrast, a: fewer, b: more }))
}
