import { blockEntries } from '../../study/schedule.js'
import type { Study } from '../../study/study.js'
import { sameTreatment, varyingFactors } from '../../study/treatment.js'
import type { Trial } from '../../study/trial.js'
import { sessionAt } from './judged-trials.js'
import type { FailedTrials, MissingTrials, TornBlocks } from './study-finding.js'

/** Blocks that did not treat all treatments alike: some missing or broken, or run in several sessions. Blocks not begun yet are none of them. */
export function unequalBlocks(study: Study): (MissingTrials | FailedTrials | TornBlocks)[] {
  const begun = [...new Set(study.trials.filter(({ phase }) => phase !== 'warm-up').map(({ block }) => block))]
    .sort((a, b) => a - b)
    .map((block) => ({ block, trials: study.trials.filter((trial) => trial.block === block) }))
  return [...missing(study, begun), ...broken(study, begun), ...interrupted(study, begun)]
}

interface Block {
  readonly block: number
  readonly trials: readonly Trial[]
}

function missing({ plan }: Study, blocks: readonly Block[]): MissingTrials[] {
  const gaps = blocks
    .map(({ block, trials }) => ({
      block,
      entries: blockEntries(plan).filter(
        ({ treatment, control }) =>
          !trials.some((trial) => trial.control === control && sameTreatment(trial.treatment, treatment)),
      ),
    }))
    .filter(({ entries }) => entries.length > 0)
  if (gaps.length === 0) return []
  const varying = varyingFactors(plan.treatments)
  return [{ result: 'finding', code: 'unequal-blocks', kind: 'missing', gaps, varying, trials: [] }]
}

function broken({ plan }: Study, blocks: readonly Block[]): FailedTrials[] {
  const failed = blocks.flatMap(({ trials }) => trials.filter(({ state }) => state === 'failed'))
  if (failed.length === 0) return []
  const gaps = failed.map(({ block, treatment, control }) => ({ block, entries: [{ treatment, control }] }))
  const varying = varyingFactors(plan.treatments)
  const trials = failed.map(({ trial }) => trial)
  return [{ result: 'finding', code: 'unequal-blocks', kind: 'failed', gaps, varying, trials }]
}

function interrupted(study: Study, blocks: readonly Block[]): TornBlocks[] {
  const torn = blocks.filter(
    ({ trials }) => new Set(trials.map(({ startedAt }) => sessionAt(study, startedAt))).size > 1,
  )
  if (torn.length === 0) return []
  const trials = torn.flatMap((block) => block.trials.map(({ trial }) => trial))
  return [{ result: 'finding', code: 'unequal-blocks', kind: 'torn', blocks: torn.map(({ block }) => block), trials }]
}
