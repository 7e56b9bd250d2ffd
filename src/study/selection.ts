import { oncePer } from '../once-per.js'
import { undisturbedTrials } from './blocks/disturbed.js'
import type { Plan } from './plan.js'
import type { Study } from './study.js'
import {
  checkFactors,
  type Factor,
  levelsOf,
  listLevels,
  type Selection,
  sameTreatment,
  type Treatment,
  varyingFactors,
} from './treatment.js'
import type { CompletedTrial, Trial } from './trial.js'

/** A study, or an object with the plan of one that has not run yet. */
interface Planned {
  readonly plan: Pick<Plan, 'name' | 'treatments' | 'leftOut'>
}

/**
 * Returns the plan's treatments, each once, that have the selected levels. Throws `TypeError` for a
 * name that is not a factor, and `RangeError` for a level that the study does not have.
 */
export function selectTreatments({ plan }: Planned, selection: Selection = {}, option = 'where'): Treatment[] {
  const all = plan.treatments.filter((one, k, list) => list.findIndex((other) => sameTreatment(one, other)) === k)
  const given = Object.entries(selection).filter(([, level]) => level !== undefined) as [Factor, unknown][]
  checkFactors(option, Object.keys(selection))
  for (const [factor, level] of given) {
    const levels: readonly unknown[] = levelsOf(all, factor)
    if (!levels.includes(level)) {
      throw new RangeError(
        `Expected \`${option}.${factor}\` to be a level of study ${plan.name} (${levels.map(String).join(', ')}), got ${JSON.stringify(level)}`,
      )
    }
  }
  return all.filter((one) => given.every(([factor, level]) => one[factor] === level))
}

/**
 * Returns the one treatment that has the selected levels. Throws `RangeError` naming the factor to
 * add, and its levels, when several have them.
 */
export function selectTreatment(study: Planned, selection: Selection, option: string): Treatment {
  refuseLeftOut(study, selection, option)
  const left = selectTreatments(study, selection, option)
  const [only] = left
  if (!only) {
    throw new RangeError(
      `Expected \`${option}\` to name a treatment of study ${study.plan.name}, got ${JSON.stringify(selection)}, which no treatment has`,
    )
  }
  if (left.length === 1) return only
  throw new RangeError(
    `Expected \`${option}\` to name one treatment, got ${JSON.stringify(selection)}, which leaves ${left.length}: add ${listLevels(left, varyingFactors(left))}`,
  )
}

/**
 * Throws `RangeError` for a treatment that was requested and not run, naming the equivalent one
 * that was run.
 */
function refuseLeftOut({ plan }: Planned, selection: Selection, option: string): void {
  const named = Object.keys(selection) as Factor[]
  const has = (treatment: Treatment): boolean => named.every((factor) => treatment[factor] === selection[factor])
  const found = plan.leftOut.find(({ treatment }) => has(treatment))
  if (!found || plan.treatments.some(has)) return
  const same = Object.fromEntries(named.map((factor) => [factor, found.sameAs[factor]]))
  throw new RangeError(
    `Expected \`${option}\` to name a treatment that was run, got ${JSON.stringify(selection)}, which is equivalent to ${JSON.stringify(same)}: name that one`,
  )
}

/** Returns the names when all are factors; throws `TypeError` otherwise. */
export function checkedFactors(option: string, named: readonly Factor[]): readonly Factor[] {
  checkFactors(option, named)
  return named
}

/**
 * Returns the completed, measured trials of a treatment, in run order, without those of disturbed
 * blocks.
 */
export function trialsOf(study: Pick<Study, 'trials'>, treatment: Treatment): CompletedTrial[] {
  return measuredIn(undisturbedTrials(study)).filter((trial) => sameTreatment(trial.treatment, treatment))
}

const measuredIn = oncePer((trials: readonly Trial[]): readonly CompletedTrial[] =>
  trials.filter((trial): trial is CompletedTrial => trial.state === 'completed' && trial.phase === 'measured'),
)
