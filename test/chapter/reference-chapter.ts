import { chapterStudies, presets } from '../../src/cli/start/presets.js'
import {
  type Claims,
  type Comparison,
  claimOf,
  compare,
  contrastsOf,
  type Selection,
} from '../../src/entries/analysis.js'
import { contrastedWorkers } from '../../src/entries/earlier/analysis.js'
import { readStudy, type Study } from '../../src/entries/executor.js'

/** The names of the studies that came with the project, the main one first. */
export const referenceStudies: readonly string[] = chapterStudies({ ...presets.thesis, name: 'reference' })

/** Reads the studies that came with the project. */
export function readReferenceStudies(): Study[] {
  return referenceStudies.map((name) => readStudy(name))
}

/**
 * The two treatments that a chapter's question is about, as its notebook takes them from its main
 * study.
 */
export interface ChapterQuestion {
  readonly fewer: Selection
  readonly more: Selection
  /** Levels that both treatments have in common. */
  readonly at: Selection
}

/** Reads the question of a chapter off its main study's plan. */
export function chapterQuestion({ plan: { treatments } }: Pick<Study, 'plan'>): ChapterQuestion {
  const { fewer, more } = contrastedWorkers(treatments.map(({ workers }) => workers))
  const at = { batchSize: treatments[0]!.batchSize }
  return { fewer: { workers: fewer, ...at }, more: { workers: more, ...at }, at }
}

/**
 * Compares the two treatments of the question as a claim has it, once for each of the claim's
 * contrasts.
 */
export function compareAsClaimed(study: Study, claims: Claims, id: string): Comparison[] {
  const { fewer, more } = chapterQuestion(study)
  return contrastsOf(claimOf(claims, id)).map((contrast) => compare(study, { ...contrast, a: fewer, b: more }))
}
