import { checkedMetric, type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import type { Factor, Selection, Treatment } from '../../study/treatment.js'
import { usualLevel } from '../defaults.js'
import { comparisonsWithBest } from '../statistics/comparisons-with-best.js'
import type { Estimate, Interval } from '../statistics/estimate.js'
import { logarithms, mean } from '../statistics/numerics/moments.js'
import { describeLevel, levelPhrase, levelsBeside } from '../text/levels.js'
import { about, listed, type Phrase, phrase, type QuotedNumber, under } from '../text/phrase.js'
import { countedThings, quotedCount, quotedShare } from '../text/quoted.js'
import { completeBlocks } from './complete-blocks.js'
import { groupTreatments } from './group-treatments.js'
import { sampleFloor } from './verdict.js'

/** One level of the factor that is chosen, among the others. */
export interface Candidate {
  readonly treatment: Treatment
  /** "2 workers" */
  readonly label: string
  /** Geometric mean over the blocks, in the metric's own unit. */
  readonly mean: number
  /** The ratio to the best of the other levels, with Hsu's constrained interval, an end of which is 1 where the data say so much. */
  readonly toBestOther: Estimate
  /** Whether it is not shown to be worse than the best. */
  readonly isBest: boolean
}

/** Which levels of a factor are not shown to be worse than the best, other factors held fixed. Plain data. */
export interface BestSet {
  readonly study: string
  readonly over: Factor
  /** The fixed levels that tell this set from others of the study, in words: "10K"; empty where the study has no others. */
  readonly at: string
  readonly metric: Metric
  readonly level: number
  /** Complete blocks: those in which every level has a value. */
  readonly blocks: number
  /** In the order of the plan; empty without a complete block. */
  readonly candidates: readonly Candidate[]
  /** Levels not shown worse than the best; null below the sample floor, for `reason`. */
  readonly best: readonly Candidate[] | null
  readonly reason: string | null
  readonly sentence: string
  /** The numbers in `sentence`. */
  readonly numbers: readonly QuotedNumber[]
}

export interface BestSetOptions {
  /** `totalMs` unless told. */
  readonly metric?: Metric
  /** Confidence level of all intervals of a set together; 0.95 unless told. */
  readonly level?: number
  /** Only treatments with these levels. */
  readonly where?: Selection
}

/**
 * The levels of a factor that are not shown to be worse than the best one, by Hsu's (1984) multiple comparisons with the best on the logarithms,
 * blocks taken out. Throws `RangeError` where other factors vary too (naming them), and for a factor with a single level.
 */
export function bestSet(study: Study, over: Factor, { where, ...options }: BestSetOptions = {}): BestSet {
  const [treatments = []] = groupTreatments(study, over, { where })
  return bestSetOf(study, over, treatments, options)
}

function bestSetOf(
  study: Study,
  over: Factor,
  treatments: readonly Treatment[],
  { metric = 'totalMs', level = usualLevel }: Omit<BestSetOptions, 'where'>,
): BestSet {
  checkedMetric(metric)
  if (treatments.length < 2) {
    throw new RangeError(
      `Expected several levels of \`${over}\` to choose from, got ${treatments.length === 1 ? describeLevel(over, treatments[0]!) : 'none'}: add levels to the study's factors`,
    )
  }
  const matrix = completeBlocks(study, treatments, metric)
  const at = levelsBeside(study, treatments[0]!, over)
  const found = {
    study: study.plan.name,
    over,
    metric,
    level,
    blocks: matrix.length,
    ...(matrix.length < 2
      ? { candidates: [] }
      : { candidates: candidatesOf(treatments, matrix, { over, metric, level }) }),
  }
  const enough = matrix.length >= sampleFloor
  const set = {
    ...found,
    best: enough ? found.candidates.filter(({ isBest }) => isBest) : null,
    reason: enough ? null : tooFewBlocks(matrix.length).text,
  }
  const { text, numbers } = bestSetPhrase(at, set)
  return { ...set, at: at.text, sentence: text, numbers }
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

function bestSetPhrase(at: Phrase, set: Omit<BestSet, 'at' | 'sentence' | 'numbers'>): Phrase {
  const { best, blocks, level, candidates, over } = set
  const where = at.text === '' ? '' : phrase`${at}: `
  if (!best) return phrase`${where}${tooFewBlocks(blocks)}`
  const first = bestMean(set)!
  const names = listed(best.map(({ treatment }, k) => under(`best.${k + 1}`, levelPhrase(over, treatment))))
  const alone = best.length === 1 ? ' alone' : ''
  const lowest = under('lowest', levelPhrase(over, first.treatment))
  const levels = countedThings('levels', candidates.length, 'level', 'levels that were compared')
  const basis = phrase`${levels}, ${countedThings('blocks', blocks, 'block', 'complete blocks')}`
  const said = phrase`${where}not shown to be worse than the best: ${names}${alone} (lowest mean: ${lowest}), of ${basis}, ${quotedShare('level', level, 'level of all intervals together')} % for all together`
  return about(`best set of ${set.study}${at.text === '' ? '' : ` at ${at.text}`}`, said)
}

/** The candidate with the best mean; null where there is none. */
export function bestMean({ candidates, metric }: Pick<BestSet, 'candidates' | 'metric'>): Candidate | null {
  const isLess = metrics[metric].goal === 'min'
  return candidates.reduce<Candidate | null>((a, b) => (a === null || isLess === b.mean < a.mean ? b : a), null)
}

function tooFewBlocks(blocks: number): Phrase {
  const least = countedThings('leastBlocks', sampleFloor, 'complete block', 'fewest blocks that have a best set')
  const there = quotedCount('blocks', blocks, 'complete blocks')
  return phrase`a best set needs at least ${least}, there ${blocks === 1 ? 'is' : 'are'} ${there}`
}

export interface BestWorkersOptions extends BestSetOptions {
  /** The factors for whose levels the worker counts are chosen; `batchSize` unless told. */
  readonly by?: Factor | readonly Factor[]
}

/** The worker counts that are not shown to be worse than the best, for each level of other factors: see `bestSet`. */
export function bestWorkers(study: Study, { by = 'batchSize', where, ...options }: BestWorkersOptions = {}): BestSet[] {
  return groupTreatments(study, 'workers', { by, where }).map((group) => bestSetOf(study, 'workers', group, options))
}
