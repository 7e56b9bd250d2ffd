import { checkedOptions, checkOptions, type NamesOf } from '../../check.js'
import { checkedMetric, type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import { checkFactors, type Factor, type Selection, type Treatment } from '../../study/treatment.js'
import { defaultLevel } from '../defaults.js'
import { type Basis, replicateCount } from '../replicates/replicates.js'
import { comparisonsWithBest } from '../statistics/comparisons-with-best.js'
import type { Estimate, Interval } from '../statistics/estimate.js'
import { logarithms, mean } from '../statistics/numerics/moments.js'
import { describeLevel, levelsExcept, selectionPhrase } from '../text/levels.js'
import { minJudgedBlocks } from '../verdict/verdict.js'
import { completeBlocks } from './complete-blocks.js'
import { groupTreatments } from './group-treatments.js'

/** One level of the chosen factor, with its mean and its ratio to the best other level. */
export interface Candidate {
  readonly treatment: Treatment
  /** "2 workers" */
  readonly label: string
  /**
   * Geometric mean over the blocks, in a study in sessions over sessions, in the metric's own unit.
   */
  readonly mean: number
  /**
   * Ratio to the best of the other levels, with Hsu's constrained interval; one end of the interval
   * is 1 where the data show the level to be the best, or not to be.
   */
  readonly toBestOther: Estimate
  /** Whether the level is not shown to be worse than the best. */
  readonly isBest: boolean
}

/**
 * Which levels of a factor are not shown to be worse than the best, other factors held fixed. Plain
 * data.
 */
export interface BestSet extends Basis {
  /** Names the kind of result. */
  readonly result: 'best-set'
  /** Name of the study. */
  readonly study: string
  /** The factor whose levels are compared. */
  readonly over: Factor
  /**
   * The fixed levels that distinguish this set from others of the study; none where the study has
   * no others.
   */
  readonly fixed: Selection
  /** The fixed levels in words: "10K"; empty where there are none. */
  readonly at: string
  /** The metric by which they are compared. */
  readonly metric: Metric
  /** Confidence level of all intervals of the set together, between 0 and 1. */
  readonly level: number
  /** Number of complete blocks: those in which every level has a value. */
  readonly blocks: number
  /**
   * Number of sessions that these blocks are of, in a study in sessions, where intervals are of the
   * means of sessions; null in others.
   */
  readonly sessions: number | null
  /** The levels in the order of the plan; empty without a complete block. */
  readonly candidates: readonly Candidate[]
  /**
   * Number of complete blocks, in a study in sessions of sessions with one, below which no best set
   * is given.
   */
  readonly minBlocks: number
  /** Levels that are not shown to be worse than the best; null below `minBlocks`. */
  readonly best: readonly Candidate[] | null
}

/** Options of `bestSet`: the metric, the level, and the treatments to choose among. */
export interface BestSetOptions {
  /**
   * The metric whose best level is searched for.
   *
   * @default 'totalMs'
   */
  readonly metric?: Metric
  /**
   * Confidence level of all intervals of a set together.
   *
   * @default 0.95
   */
  readonly level?: number
  /** Only treatments with these levels. */
  readonly where?: Selection
}

const bestSetOptions: NamesOf<BestSetOptions> = { metric: true, level: true, where: true }

/**
 * Determines the levels of a factor that are not shown to be worse than the best one, by Hsu's
 * (1984) multiple comparisons with the best on the logarithms, blocks taken out, and in a study in
 * sessions on the means of each session, sessions taken out. Throws `RangeError` where other
 * factors vary too (naming them), and for a factor with a single level.
 */
export function bestSet(study: Study, over: Factor, options: BestSetOptions = {}): BestSet {
  checkedStudy(study)
  checkOptions(options, bestSetOptions)
  checkFactors('over', [over])
  const [treatments = []] = groupTreatments(study, over, { where: options.where })
  return bestSetOf(study, over, treatments, options)
}

function bestSetOf(
  study: Study,
  over: Factor,
  treatments: readonly Treatment[],
  { metric = 'totalMs', level = defaultLevel }: Omit<BestSetOptions, 'where'>,
): BestSet {
  checkedMetric(metric)
  if (treatments.length < 2) {
    throw new RangeError(
      `Expected several levels of \`${over}\` to choose from, got ${treatments.length === 1 ? describeLevel(over, treatments[0]!) : 'none'}: add levels to the study's factors`,
    )
  }
  const { rows: matrix, ...basis } = completeBlocks(study, treatments, metric)
  const fixed = levelsExcept(study, treatments[0]!, over)
  const candidates = matrix.length < 2 ? [] : candidatesOf(treatments, matrix, { over, metric, level })
  return {
    result: 'best-set',
    study: study.plan.name,
    over,
    fixed,
    at: selectionPhrase(fixed).text,
    metric,
    level,
    ...basis,
    candidates,
    minBlocks: minJudgedBlocks,
    best: replicateCount(basis) >= minJudgedBlocks ? candidates.filter(({ isBest }) => isBest) : null,
  }
}

function candidatesOf(
  treatments: readonly Treatment[],
  matrix: readonly (readonly number[])[],
  { over, metric, level }: { readonly over: Factor; readonly metric: Metric; readonly level: number },
): Candidate[] {
  const { goal } = metrics[metric]
  const { best, intervals } = comparisonsWithBest(matrix, { goal, level, logScale: true })
  const means = treatments.map((_, column) =>
    Math.exp(
      mean(
        logarithms(
          'values',
          matrix.map((row) => row[column]!),
        ),
      ),
    ),
  )
  return treatments.map((treatment, column) => {
    const others = means.filter((_, other) => other !== column)
    const bestOther = goal === 'min' ? Math.min(...others) : Math.max(...others)
    return {
      treatment,
      label: describeLevel(over, treatment),
      mean: means[column]!,
      toBestOther: { value: means[column]! / bestOther, interval: intervals[column]! as Interval, n: matrix.length },
      isBest: best.includes(column),
    }
  })
}

/** Returns the candidate with the best mean; null where there is none. */
export function bestMean({ candidates, metric }: Pick<BestSet, 'candidates' | 'metric'>): Candidate | null {
  const isLess = metrics[metric].goal === 'min'
  return candidates.reduce<Candidate | null>((a, b) => (a === null || isLess === b.mean < a.mean ? b : a), null)
}

/**
 * Options of `bestWorkers`: those of one best set, and the factors that divide the study into sets.
 */
export interface BestSetsOptions extends BestSetOptions {
  /**
   * The factors for whose levels the worker counts are chosen.
   *
   * @default 'batchSize'
   */
  readonly by?: Factor | readonly Factor[]
}

/**
 * Determines the worker counts that are not shown to be worse than the best, for each level of
 * other factors: see `bestSet`.
 */
export function bestWorkers(study: Study, options: BestSetsOptions = {}): BestSet[] {
  const { by = 'batchSize', where } = checkedOptions<BestSetsOptions>(options, { ...bestSetOptions, by: true })
  return groupTreatments(study, 'workers', { by, where }).map((group) => bestSetOf(study, 'workers', group, options))
}
