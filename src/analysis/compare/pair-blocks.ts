import { oncePer } from '../../once-per.js'
import { disturbedBlocks } from '../../study/blocks/disturbed.js'
import type { Metric } from '../../study/metric.js'
import { selectTreatment } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { factorNames, type Selection, sameTreatment, takes } from '../../study/treatment.js'
import { type CompletedTrial, type Trial, trialsByBlock } from '../../study/trial.js'
import { metricValue } from '../metric-value.js'
import { missingReason } from '../tables/missing.js'

/** A block that a comparison could not use, and why. */
export interface ExcludedBlock {
  readonly block: number
  readonly reason: string
}

/** Values of two treatments in the same block. */
export interface BlockPair<T> {
  readonly block: number
  readonly a: T
  readonly b: T
}

/** Returns log(a / b) of two values in the same block. */
export const logRatioOf = ({ a, b }: Pick<BlockPair<number>, 'a' | 'b'>): number => Math.log(a) - Math.log(b)

/** Names of the two treatments in messages: those of the options that select them. */
export type PairNames = readonly [string, string]

export interface PairOptions {
  readonly names?: PairNames
  readonly leftOut?: ReadonlyMap<number, string>
}

/**
 * Finds the two treatments of a contrast. Throws `RangeError` when a selection leaves several
 * treatments (naming the factor to add), when the treatments differ in a factor that one of them
 * does not name, and when they are the same. `select` finds the treatment of a selection.
 */
export function contrastedTreatments(
  study: Study,
  selections: { readonly a: Selection; readonly b: Selection },
  [nameA, nameB]: PairNames = ['a', 'b'],
  select: (study: Study, selection: Selection, option: string) => Treatment = selectTreatment,
): { a: Treatment; b: Treatment } {
  checkedStudy(study)
  const a = select(study, selections.a, nameA)
  const b = select(study, selections.b, nameB)
  if (sameTreatment(a, b)) {
    throw new RangeError(
      `Expected \`${nameA}\` and \`${nameB}\` to be different treatments, got ${JSON.stringify(selections.a)} twice`,
    )
  }
  const unnamed = factorNames.find(
    (factor) =>
      a[factor] !== b[factor] &&
      takes(a, factor) &&
      takes(b, factor) &&
      (selections.a[factor] === undefined || selections.b[factor] === undefined),
  )
  if (unnamed !== undefined) {
    throw new RangeError(
      `Expected \`${nameA}\` and \`${nameB}\` to be equal in every factor that they do not name, got \`${unnamed}\` ${a[unnamed]} and ${b[unnamed]}: name \`${unnamed}\` in both`,
    )
  }
  return { a, b }
}

/**
 * Pairs the measured trials of two treatments by block. `readValue` returns a trial's value, or in
 * words, given the treatment's name, the reason that it has none. `leftOut` maps numbers of trials
 * that are not used to the reason; disturbed blocks are never used.
 */
export function pairBlocks<T extends object | number>(
  study: Study,
  { a, b }: { readonly a: Treatment; readonly b: Treatment },
  readValue: (trial: CompletedTrial, name: string) => T | string,
  { names: [nameA, nameB] = ['a', 'b'], leftOut }: PairOptions = {},
): { pairs: BlockPair<T>[]; excluded: ExcludedBlock[] } {
  const read = (trial: CompletedTrial, name: string): T | string => {
    const reason = leftOut?.get(trial.trial)
    return reason === undefined ? readValue(trial, name) : `${name} is left out: ${reason}`
  }
  const byBlock = measuredByBlock(study.trials)
  const last = [...byBlock.keys()].reduce((most, block) => Math.max(most, block), study.plan.blocks)
  const disturbed = disturbedBlocks(study)
  const pairs: BlockPair<T>[] = []
  const excluded: ExcludedBlock[] = []
  for (let block = 1; block <= last; block++) {
    const disturbing = disturbed.get(block)
    if (disturbing) {
      const reasons = disturbing.map(({ trial, reason }) => `trial ${trial} is left out with its block: ${reason}`)
      excluded.push({ block, reason: reasons.join('; ') })
      continue
    }
    const inBlock = byBlock.get(block) ?? []
    const valueA = blockValue(inBlock, a, read, nameA)
    const valueB = blockValue(inBlock, b, read, nameB)
    if (typeof valueA !== 'string' && typeof valueB !== 'string') pairs.push({ block, a: valueA, b: valueB })
    else excluded.push({ block, reason: [valueA, valueB].filter((value) => typeof value === 'string').join('; ') })
  }
  return { pairs, excluded }
}

const measuredByBlock = oncePer(
  (trials: readonly Trial[]): ReadonlyMap<number, readonly Trial[]> =>
    trialsByBlock(trials.filter(({ phase }) => phase === 'measured')),
)

/**
 * Returns a `readValue` for `pairBlocks`: a trial's value of a metric where a ratio of it can be
 * made, else the reason in words.
 */
export function positiveValue(metric: Metric): (trial: CompletedTrial, name: string) => number | string {
  return (trial, name) => {
    const value = metricValue(trial, metric)
    if (value !== null && value > 0) return value
    const reason = value === null ? missingReason(trial, metric) : null
    return `${metric} of ${name} is ${value}: ${reason ?? 'a ratio needs values above 0'}`
  }
}

/** Returns a treatment's value in a block, or in words why it has none. */
function blockValue<T extends object | number>(
  inBlock: readonly Trial[],
  treatment: Treatment,
  readValue: (trial: CompletedTrial, name: string) => T | string,
  name: string,
): T | string {
  const own = inBlock.filter((trial) => sameTreatment(trial.treatment, treatment))
  const completed = own.find((trial): trial is CompletedTrial => trial.state === 'completed')
  if (completed) return readValue(completed, name)
  const failed = own.filter((trial) => trial.state === 'failed').at(-1)
  return failed ? `${name} failed: ${failed.error.message}` : `${name} was not run`
}
