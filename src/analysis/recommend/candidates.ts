import { undisturbedTrials } from '../../study/blocks/disturbed.js'
import type { Metric } from '../../study/metric.js'
import { selectTreatments } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import { type Selection, sameTreatment, type Treatment, varyingFactors } from '../../study/treatment.js'
import { positiveValue } from '../compare/pair-blocks.js'

/** A treatment of the study that is not recommended, whatever its mean, with the reason. */
export interface NotCandidate {
  readonly treatment: Treatment
  /**
   * Reason that it is not a candidate. `asks-less`: it leaves out work, safety or indexes that
   * others have. `unmeasured`: none of its trials has a value.
   */
  readonly reason: 'asks-less' | 'unmeasured'
}

/**
 * The work that a load must do and the result that it must leave, from the level that asks least to
 * the one that asks most. These are no settings to choose the fastest of: a load into nothing is
 * always faster.
 */
const demands: readonly ((treatment: Treatment) => number)[] = [
  ({ target }) => (target === 'table' ? 1 : 0),
  ({ source }) => (source === 'pipeline' ? 1 : 0),
  ({ persistence }) => (persistence === 'logged' ? 1 : 0),
  ({ synchronousCommit }) => (synchronousCommit ? 1 : 0),
  ({ secondaryIndexes }) => secondaryIndexes,
  ({ tables }) => (tables === 'one' ? 1 : 0),
]

/**
 * Returns the treatments that a recommendation chooses from: those of the selection that ask most
 * of a load and have a value in some measured trial. Control trials repeat treatments and are not
 * candidates. Throws `RangeError` where fewer than two are left.
 */
export function candidatesOf(
  study: Study,
  { metric, where }: { readonly metric: Metric; readonly where?: Selection },
): { candidates: Treatment[]; notCandidates: NotCandidate[] } {
  const { selected, asking, candidates } = settingsOf(study, { metric, where })
  if (candidates.length < 2) {
    const varying = varyingFactors(selected).map((factor) => `\`${factor}\``)
    const between = varying.length > 0 ? `, whose treatments differ in ${varying.join(', ')}` : ''
    throw new RangeError(
      `Expected several settings to choose from, got ${candidates.length} in ${study.plan.name}${between}: vary a factor that leaves the work as it is, such as \`workers\` or \`batchSize\``,
    )
  }
  const reasonOf = (treatment: Treatment): NotCandidate[] => {
    if (candidates.includes(treatment)) return []
    return [{ treatment, reason: asking.includes(treatment) ? 'unmeasured' : 'asks-less' }]
  }
  return { candidates, notCandidates: selected.flatMap(reasonOf) }
}

/** Returns whether a study has several settings that can be chosen from: see `candidatesOf`. */
export function hasChoice(study: Study): boolean {
  return settingsOf(study, { metric: 'totalMs' }).candidates.length > 1
}

/**
 * Returns the treatments of a selection, those among them that ask most of a load, and those of
 * these that have a value.
 */
function settingsOf(
  study: Study,
  { metric, where }: { readonly metric: Metric; readonly where?: Selection },
): { selected: Treatment[]; asking: Treatment[]; candidates: Treatment[] } {
  const selected = [...selectTreatments(study, where)]
  const asking = demands.reduce((left, demand) => {
    const most = Math.max(...left.map(demand))
    return left.filter((treatment) => demand(treatment) === most)
  }, selected)
  const readValue = positiveValue(metric)
  const measured = undisturbedTrials(study).flatMap((trial) =>
    trial.state === 'completed' && trial.phase === 'measured' && typeof readValue(trial, '') === 'number'
      ? [trial.treatment]
      : [],
  )
  const isMeasured = (treatment: Treatment): boolean => measured.some((one) => sameTreatment(one, treatment))
  // Before the first trial no treatment has a value yet.
  return { selected, asking, candidates: measured.length === 0 ? asking : asking.filter(isMeasured) }
}
