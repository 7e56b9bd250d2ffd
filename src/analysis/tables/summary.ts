import { checkOptions } from '../../check.js'
import { checkedMetric, type Metric } from '../../study/metric.js'
import { checkedFactors, selectTreatments, trialsOf } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { type Factor, listLevels, type Selection, varyingFactors } from '../../study/treatment.js'
import { defaultLevel } from '../defaults.js'
import { metricValue } from '../metric-value.js'
import { replicateMeans } from '../replicates/replicates.js'
import { type Estimate, mapEstimate } from '../statistics/estimate.js'
import { mean, standardDeviation } from '../statistics/numerics/moments.js'
import { median } from '../statistics/numerics/quantile.js'
import { tInterval } from '../statistics/t-interval.js'
import { describeTreatment } from '../text/levels.js'

/** Options of `summarise`. */
export interface SummariseOptions {
  /**
   * The metric to summarise.
   *
   * @default 'totalMs'
   */
  readonly metric?: Metric
  /**
   * The factors to show; they must distinguish the treatments.
   *
   * @default those that vary
   */
  readonly by?: readonly Factor[]
  /** Only treatments with these levels. */
  readonly where?: Selection
  /**
   * Confidence level of the intervals.
   *
   * @default 0.95
   */
  readonly level?: number
}

/**
 * Summary of one metric over one treatment's completed, measured trials, in the metric's own unit,
 * with the levels of the shown factors.
 */
export interface SummaryRow extends Selection {
  /** The treatment in words. */
  readonly treatmentLabel: string
  /** The metric that is summarised. */
  readonly metric: Metric
  /** Number of trials with a value. */
  readonly n: number
  /** Median, in the metric's own unit; null without a value. */
  readonly median: number | null
  /** Arithmetic mean, in the metric's own unit; null without a value. */
  readonly mean: number | null
  /**
   * Geometric mean with Student's t interval of the logarithms, back-transformed; null when a value
   * is not above 0. In a study in sessions it is that of the sessions' geometric means, and its `n`
   * counts sessions.
   */
  readonly geometricMean: Estimate | null
  /** Least value, in the metric's own unit; null without a value. */
  readonly min: number | null
  /** Greatest value, in the metric's own unit; null without a value. */
  readonly max: number | null
  /** Standard deviation; null below two values. */
  readonly sd: number | null
  /** Coefficient of variation: `sd` / `mean`. */
  readonly cv: number | null
  /** The whole treatment, with the factors that are not shown. */
  readonly treatment: Treatment
}

/**
 * Gives one row per treatment, in the order of the plan: how a metric, total time in ms by default,
 * is spread over the treatment's completed, measured trials.
 *
 * @throws `RangeError` for an unknown metric, and for `by` that does not tell the treatments apart.
 * @example
 * const columns = ['treatmentLabel', 'n', 'median', 'geometricMean']
 * showTable(summarise(study, { where: { batchSize: 10_000 } }), { columns })
 */
export function summarise(study: Study, options: SummariseOptions = {}): SummaryRow[] {
  checkedStudy(study)
  checkOptions(options, { metric: true, by: true, where: true, level: true })
  const { metric = 'totalMs', where, level = defaultLevel } = options
  checkedMetric(metric)
  const treatments = selectTreatments(study, where)
  const by = checkedBy(options.by ?? varyingFactors(treatments), treatments)
  return treatments.map((treatment) => {
    const known = trialsOf(study, treatment).flatMap((trial) => {
      const value = metricValue(trial, metric)
      return value === null ? [] : [{ block: trial.block, value }]
    })
    return {
      treatmentLabel: describeTreatment(treatment, by.length > 0 ? by : ['workers', 'batchSize']),
      ...Object.fromEntries(by.map((factor) => [factor, treatment[factor]])),
      metric,
      ...spread(study, known, level),
      treatment,
    }
  })
}

type Spread = Pick<SummaryRow, 'n' | 'median' | 'mean' | 'geometricMean' | 'min' | 'max' | 'sd' | 'cv'>

function spread(study: Study, known: readonly BlockValue[], level: number): Spread {
  const values = known.map(({ value }) => value)
  const n = values.length
  if (n === 0) {
    return { n, median: null, mean: null, geometricMean: null, min: null, max: null, sd: null, cv: null }
  }
  const centre = mean(values)
  const sd = n > 1 ? standardDeviation(values) : null
  return {
    n,
    median: median(values),
    mean: centre,
    geometricMean: geometricMean(study, known, level),
    min: Math.min(...values),
    max: Math.max(...values),
    sd,
    cv: sd === null || centre === 0 ? null : sd / centre,
  }
}

/** A value of a trial of some block. */
interface BlockValue {
  readonly block: number
  readonly value: number
}

/**
 * Returns the geometric mean with Student's t interval of the logarithms, back-transformed, in a
 * study in sessions of their means over sessions; null for no values and where one is not above 0.
 */
export function geometricMean(study: Study, known: readonly BlockValue[], level = defaultLevel): Estimate | null {
  if (known.length === 0 || known.some(({ value }) => value <= 0)) return null
  const logs = replicateMeans(study, known, ({ value }) => Math.log(value))
  return mapEstimate(tInterval(logs, { level }), Math.exp)
}

function checkedBy(by: readonly Factor[], treatments: readonly Treatment[]): readonly Factor[] {
  checkedFactors('by', by)
  const pooled = varyingFactors(treatments).find((factor) => !by.includes(factor))
  if (pooled !== undefined) {
    throw new RangeError(
      `Expected \`by\` to distinguish the treatments, got ${JSON.stringify(by)}: add ${listLevels(treatments, [pooled])}, or fix it with \`where\``,
    )
  }
  return by
}
