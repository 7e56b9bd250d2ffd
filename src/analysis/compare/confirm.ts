import { isDeepStrictEqual } from 'node:util'
import { checkedOptions, inMessage } from '../../check.js'
import { type Factors, fixedFactors } from '../../study/design.js'
import { selectTreatments } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import { type Factor, levelsOf, sameTreatment, type Treatment } from '../../study/treatment.js'
import { baselineOf } from '../recommend/common-settings.js'
import { type Recommendation, recommend } from '../recommend/recommend.js'
import { counted } from '../text/levels.js'
import { type BestSet, type BestSetsOptions, bestMean, bestWorkers } from './best-set.js'
import { type Comparison, compare } from './compare.js'

/** Options of `confirm`. */
export interface ConfirmOptions extends Omit<BestSetsOptions, 'by'> {
  /**
   * Factors for each of whose levels a worker count is chosen; without it, one setting is chosen
   * among all that the study varies together.
   */
  readonly by?: Factor | readonly Factor[]
  /**
   * The worker count that choices are compared with: the one that the reader would use otherwise.
   *
   * @default the larger worker count of the two sides of the study's preregistered contrast, or
   * else of the chosen setting with the most and with the fewest workers; the smaller one where the
   * larger is chosen; with `by`, those counts at the chosen levels
   */
  readonly baseline?: number
  /**
   * Runs treatments on new blocks, which took no part in the choice: calls `runStudy` with these
   * factors and the study's input, under another name.
   */
  readonly run: (factors: readonly Factors[]) => Promise<Study>
}

/** A choice and its gain on blocks that took no part in it. Plain data. */
export interface Confirmation {
  readonly result: 'confirmation'
  readonly chosen: Treatment
  readonly baseline: Treatment
  /** The choice: of all settings, or of the worker counts at some levels. */
  readonly choice: Recommendation | BestSet
  /**
   * The comparison that the choice was made from, which is biased in its favour, and the one on
   * fresh blocks.
   */
  readonly before: Comparison
  readonly fresh: Comparison
}

/**
 * Measures a choice again, on fresh blocks that took no part in it, together with the setting that
 * would be used otherwise: what is chosen for being best looks better than it is. The choice is the
 * recommended setting of the study, or with `by` the worker count with the best mean at each level
 * of those factors.
 *
 * @throws `RangeError` for options that leave nothing to choose, a baseline that was not measured
 * or is chosen itself, and fresh blocks that are the old ones or load another input.
 * @example
 * const input = flights({ records: 200_000 })
 * const confirmed = await confirm(study, {
 *   run: (factors) => runStudy({ name: 'mine-confirmed', input, factors, blocks: 12 }),
 * })
 * say(confirmed)
 */
export async function confirm(study: Study, given: ConfirmOptions): Promise<Confirmation[]> {
  const names = { baseline: true, run: true, by: true, metric: true, level: true, where: true } as const
  const { baseline, run, ...options } = checkedOptions(given, names)
  const { metric = 'totalMs', where = {} } = options
  if (typeof run !== 'function')
    throw new TypeError(`Expected \`run\` to be a function that measures factors, got ${inMessage(run)}`)
  const selected = selectTreatments(study, where)
  const measured = levelsOf(selected, 'workers')
  if (baseline !== undefined && !measured.includes(baseline)) {
    throw new RangeError(
      `Expected \`baseline\` to be a worker count that ${study.plan.name} measured (${measured.join(', ')}), got ${baseline}`,
    )
  }
  const choices = choicesOf(study, { ...options, baseline, measured })
  for (const { chosen, against } of choices) {
    if (sameTreatment(chosen, against)) {
      throw new RangeError(
        `Expected a \`baseline\` other than the choice, but ${counted(chosen.workers, 'worker')} had the best mean of ${study.plan.name}`,
      )
    }
    if (!selected.some((one) => sameTreatment(one, against))) {
      throw new RangeError(
        `Expected \`baseline\` to be a worker count that ${study.plan.name} measured in addition to the choice, which has ${counted(chosen.workers, 'worker')}, got ${against.workers}`,
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

interface Choice {
  readonly choice: Confirmation['choice']
  readonly chosen: Treatment
  readonly against: Treatment
}

function choicesOf(
  study: Study,
  { by, baseline, measured, ...options }: Omit<ConfirmOptions, 'run'> & { readonly measured: readonly number[] },
): Choice[] {
  if (by === undefined) {
    const choice = recommend(study, { ...options, why: false })
    const chosen = choice.treatment && choice.blocks > 1 ? choice.treatment : tooFewToChoose(study, '')
    const otherwise = baselineOf(study, choice.candidates, chosen)
    return [{ choice, chosen, against: baseline === undefined ? otherwise : { ...chosen, workers: baseline } }]
  }
  return bestWorkers(study, { ...options, by }).map((choice) => {
    const chosen = bestMean(choice)?.treatment ?? tooFewToChoose(study, choice.at)
    return { choice, chosen, against: { ...chosen, workers: baseline ?? otherThan(chosen.workers, study, measured) } }
  })
}

function tooFewToChoose(study: Study, at: string): never {
  throw new RangeError(
    `Expected complete blocks to choose from, but ${study.plan.name}${at === '' ? '' : ` at ${at}`} has fewer than 2: run more blocks`,
  )
}

function otherThan(chosen: number, { plan }: Study, measured: readonly number[]): number {
  const preregistered = plan.preregistration
    ? [plan.preregistration.primary.a.workers, plan.preregistration.primary.b.workers]
    : []
  const isAbout = preregistered[0] !== preregistered[1] && preregistered.every((workers) => measured.includes(workers))
  const counts = isAbout ? preregistered : measured
  const most = Math.max(...counts)
  return chosen === most ? Math.min(...counts) : most
}

function confirmationOf(choice: Confirmation['choice'], before: Comparison, fresh: Comparison): Confirmation {
  return { result: 'confirmation', chosen: before.a, baseline: before.b, choice, before, fresh }
}
