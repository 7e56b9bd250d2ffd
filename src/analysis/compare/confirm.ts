import { isDeepStrictEqual } from 'node:util'
import { checkedOptions } from '../../check.js'
import { type Factors, fixedFactors } from '../../study/design.js'
import { selectTreatments } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { levelsOf } from '../../study/treatment.js'
import { counted } from '../text/levels.js'
import { type BestSet, type BestWorkersOptions, bestMean, bestWorkers } from './best-set.js'
import { type Comparison, compare } from './compare.js'

export interface ConfirmOptions extends BestWorkersOptions {
  /**
   * The worker count that choices are compared with: the one that the reader would use otherwise. Default: of the two counts that the study's registered
   * contrast compares, or else of the fewest and the most that were measured, the larger one, and the smaller one where the larger is chosen.
   */
  readonly baseline?: number
  /** Runs treatments anew, on blocks that took no part in the choice: calls `runStudy` with these factors and the study's input, under another name. */
  readonly run: (factors: readonly Factors[]) => Promise<Study>
}

/** A choice and what it was worth on blocks that took no part in it. Plain data. */
export interface Confirmation {
  readonly result: 'confirmation'
  readonly chosen: Treatment
  readonly baseline: Treatment
  readonly choice: BestSet
  /** The comparison that the choice was made from, which is too favourable to it, and that on fresh blocks. */
  readonly before: Comparison
  readonly fresh: Comparison
  /** The fresh gain as a share of the first one: below 1 where the choice owed something to chance; null where either has no estimate. */
  readonly shrinkage: number | null
}

/**
 * Chooses the worker count with the best mean for each level of other factors (`batchSize` unless told), runs each choice and its baseline on fresh
 * blocks, and says how much of the gain is left: what is chosen for being best looks better than it is. Throws `RangeError` for options that leave
 * nothing to choose, a baseline that was not measured or is chosen itself, and fresh blocks that are the old ones or load another input.
 */
export async function confirm(study: Study, given: ConfirmOptions): Promise<Confirmation[]> {
  const names = { baseline: true, run: true, by: true, metric: true, level: true, where: true } as const
  const { baseline, run, ...options } = checkedOptions(given, names)
  const { metric = 'totalMs', where = {} } = options
  const measured = levelsOf(selectTreatments(study, where), 'workers')
  if (baseline !== undefined && !measured.includes(baseline)) {
    throw new RangeError(
      `Expected \`baseline\` to be a worker count that ${study.plan.name} measured (${measured.join(', ')}), got ${baseline}`,
    )
  }
  const choices = bestWorkers(study, options).map((choice) => {
    const chosen = chosenOf(study, choice)
    return { choice, chosen, against: { ...chosen, workers: baseline ?? otherThan(chosen.workers, study, measured) } }
  })
  for (const { chosen, against } of choices) {
    if (chosen.workers === against.workers) {
      throw new RangeError(
        `Expected a \`baseline\` other than the choice, but ${counted(chosen.workers, 'worker')} had the best mean of ${study.plan.name}`,
      )
    }
  }
  const fresh = await run(
    choices.flatMap(({ chosen, against }) => [chosen, against].map((one) => fixedFactors(one, study.plan.meanings))),
  )
  if (fresh.journal === study.journal) {
    throw new RangeError(`Expected fresh blocks from \`run\`, got ${study.plan.name} itself: give them another name`)
  }
  if (!isDeepStrictEqual(fresh.plan.input, study.plan.input)) {
    throw new RangeError(
      `Expected the fresh blocks to load the input of ${study.plan.name}, ${JSON.stringify(study.plan.input)}, got ${JSON.stringify(fresh.plan.input)}`,
    )
  }
  return choices.map(({ choice, chosen, against }) => {
    const contrast = { a: chosen, b: against, metric, level: options.level }
    return confirmationOf(choice, compare(study, contrast), compare(fresh, contrast))
  })
}

function chosenOf(study: Study, choice: BestSet): Treatment {
  const chosen = bestMean(choice)
  if (chosen) return chosen.treatment
  throw new RangeError(
    `Expected complete blocks to choose from, but ${study.plan.name}${choice.at === '' ? '' : ` at ${choice.at}`} has fewer than 2: run more blocks`,
  )
}

function otherThan(chosen: number, { plan }: Study, measured: readonly number[]): number {
  const registered = plan.registration ? [plan.registration.primary.a.workers, plan.registration.primary.b.workers] : []
  const isAbout = registered[0] !== registered[1] && registered.every((workers) => measured.includes(workers))
  const counts = isAbout ? registered : measured
  const most = Math.max(...counts)
  return chosen === most ? Math.min(...counts) : most
}

function confirmationOf(choice: BestSet, before: Comparison, fresh: Comparison): Confirmation {
  const [gain, freshGain] = [before, fresh].map(({ estimate }) => estimate && Math.log(estimate.value))
  const shrinkage = gain && typeof freshGain === 'number' ? freshGain / gain : null
  return { result: 'confirmation', chosen: before.a, baseline: before.b, choice, before, fresh, shrinkage }
}
