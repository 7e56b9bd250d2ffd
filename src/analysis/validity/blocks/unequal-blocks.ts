import { type FailedPlace, failedPlaces, repeatedTrials } from '../../../study/blocks/attempts.js'
import { blockEntries } from '../../../study/blocks/schedule.js'
import { sessionAt } from '../../../study/blocks/sessions.js'
import type { Study } from '../../../study/study.js'
import { sameTreatment, varyingFactors } from '../../../study/treatment.js'
import { type Trial, trialsByBlock } from '../../../study/trial.js'
import type { FailedTrials, MissingTrials, RepeatedTrials, TornBlocks } from '../study-finding.js'

/**
 * Finds blocks that did not treat all treatments alike: some missing or failed, or run in several
 * sessions. Blocks not begun yet do not count.
 */
export function unequalBlocks(study: Study): (MissingTrials | FailedTrials | RepeatedTrials | TornBlocks)[] {
  const begun = [...trialsByBlock(study.trials)]
    .map(([block, trials]) => ({ block, trials }))
    .filter(({ trials }) => trials.some(({ phase }) => phase !== 'warm-up'))
    .sort((a, b) => a.block - b.block)
  return [...missing(study, begun), ...broken(study), ...repeated(study), ...interrupted(study, begun)]
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

function broken(study: Study): FailedTrials[] {
  const failed = failedPlaces(study)
  const again = failed.filter(({ standing }) => standing === null)
  const standing = failed.filter((place) => !again.includes(place))
  const found = (of: readonly FailedPlace[], stands: boolean): FailedTrials[] => {
    if (of.length === 0) return []
    const gaps = of.map(({ place: { block, treatment, control } }) => ({ block, entries: [{ treatment, control }] }))
    const trials = of.flatMap(({ failures }) => failures.map(({ trial }) => trial)).sort((a, b) => a - b)
    const varying = varyingFactors(study.plan.treatments)
    return [{ result: 'finding', code: 'unequal-blocks', kind: 'failed', gaps, varying, stands, trials }]
  }
  return [...found(again, false), ...found(standing, true)]
}

function repeated(study: Study): RepeatedTrials[] {
  const trials = repeatedTrials(study).map(({ trial }) => trial)
  return trials.length === 0 ? [] : [{ result: 'finding', code: 'unequal-blocks', kind: 'repeated', trials }]
}

function interrupted(study: Study, blocks: readonly Block[]): TornBlocks[] {
  const torn = blocks
    .map(({ block, trials }) => ({ block, trials: trials.filter(({ state }) => state === 'completed') }))
    .filter(({ trials }) => new Set(trials.map(({ startedAt }) => sessionAt(study, startedAt))).size > 1)
  if (torn.length === 0) return []
  const trials = torn.flatMap((block) => block.trials.map(({ trial }) => trial))
  return [{ result: 'finding', code: 'unequal-blocks', kind: 'torn', blocks: torn.map(({ block }) => block), trials }]
}
