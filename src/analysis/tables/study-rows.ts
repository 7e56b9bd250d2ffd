import { triedBlocks } from '../../study/blocks/attempts.js'
import type { Study } from '../../study/study.js'
import { checkedStudies } from '../../study/study.js'
import { comparePrimary } from '../compare/interim.js'
import { treatmentsPhrase } from '../text/levels.js'
import type { Verdict } from '../verdict/verdict.js'

/** One study as a row of a list of studies. */
export interface StudyRow {
  readonly study: string
  /**
   * Hash of the plan, which distinguishes studies of one name: `readStudy(study, { hash: plan })`.
   */
  readonly plan: string
  /** The day on which its last session began, UTC; null for none. */
  readonly measured: string | null
  /** Number of records of each trial; null when no session began. */
  readonly records: number | null
  /** The treatments in words: "workers 1, 2, 4 × batch size 10K, 30K". */
  readonly treatments: string
  /** Number of blocks in which every planned trial was run, including failed ones. */
  readonly blocks: number
  readonly plannedBlocks: number
  /** Number of sessions that were begun, each with a server and a client process of its own. */
  readonly sessions: number
  /** Number of all trials, including warm-up and controls. */
  readonly trials: number
  /** Number of trials that failed, including those that were run again since. */
  readonly failed: number
  readonly preregistered: boolean
  /** Verdict on the preregistered primary contrast; null where none is preregistered. */
  readonly verdict: Verdict | null
}

/**
 * Gives one row per study for a table: what was measured, how many blocks and trials there are, and
 * the verdict on the contrast that the study preregistered, null where it preregistered none.
 *
 * @example
 * showTable(studyRows(readStudies()), { caption: 'My studies' })
 */
export function studyRows(studies: Study | readonly Study[]): StudyRow[] {
  return checkedStudies(studies).map((study) => {
    const { plan, contexts, trials } = study
    const last = contexts.at(-1)
    const primary = plan.preregistration?.primary
    return {
      study: plan.name,
      plan: plan.hash,
      measured: last ? last.startedAt.slice(0, 10) : null,
      records: last ? last.input.records : null,
      treatments: treatmentsPhrase(plan.treatments).text,
      blocks: triedBlocks(plan, study).size,
      plannedBlocks: plan.blocks,
      sessions: contexts.length,
      trials: trials.length,
      failed: trials.filter(({ state }) => state === 'failed').length,
      preregistered: primary !== undefined,
      verdict: primary ? comparePrimary(study).verdict : null,
    }
  })
}
