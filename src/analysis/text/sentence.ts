import { type Metric, metrics } from '../../study/metric.js'
import { type Factor, type Treatment, takes, varyingFactors } from '../../study/treatment.js'
import type { Estimate } from '../statistics/estimate.js'
import { levelPhrase, shortLevelPhrase } from './levels.js'
import { type Fragment, joined, listed, type Phrase, phrase, prefixed, type QuotedNumber } from './phrase.js'
import { quoted, quotedShare } from './quoted.js'
import { verbatim } from './verbatim.js'

/** Two treatments, and the factors that vary in their study, by which words name them. */
export interface Contrasted {
  /** The first treatment. */
  readonly a: Treatment
  /** The second treatment, with which the first is compared. */
  readonly b: Treatment
  /** The factors that vary in the study. */
  readonly varying: readonly Factor[]
}

/**
 * Writes two treatments, the differing levels first: "2 workers vs 4 at 10K", "queue vs split with
 * 4 workers at 10K"; `between` replaces "vs".
 */
export function contrastPhrase({ a, b, varying }: Contrasted, between = 'vs'): Phrase {
  const versus = joined(
    differingLevels(a, b).map(
      ({ factor, a: levelA, b: levelB }) =>
        phrase`${factor === 'batchSize' ? 'batches of ' : ''}${levelA} ${between} ${levelB}`,
    ),
    ' and ',
  )
  const shared = (factor: Factor): boolean => a[factor] === b[factor]
  const workers = shared('workers') ? phrase` with ${levelPhrase('workers', a)}` : ''
  const batchSize = shared('batchSize') ? phrase` at ${levelPhrase('batchSize', a)}` : ''
  const alone = (own: Treatment, other: Treatment): Phrase =>
    otherLevels(varying, own, (factor) => !shared(factor) && !takes(other, factor))
  return phrase`${versus}${workers}${batchSize}${otherLevels(varying, a, shared)}${alone(a, b)}${alone(b, a)}`
}

/** Writes one treatment, named by the factors that vary in its study: "2 workers at 10K, queue". */
export function treatmentPhrase(treatment: Treatment, varying: readonly Factor[]): Phrase {
  const others = otherLevels(varying, treatment, () => true)
  return phrase`${levelPhrase('workers', treatment)} at ${levelPhrase('batchSize', treatment)}${others}`
}

/**
 * Levels of one factor in which two treatments differ, in words, the second's in short: "2 workers"
 * and "4".
 */
export interface DifferingLevels {
  readonly factor: Factor
  readonly a: Phrase
  readonly b: Phrase
}

/** Returns the levels in which two treatments differ. */
export function differingLevels(a: Treatment, b: Treatment): DifferingLevels[] {
  const differing = varyingFactors([a, b]).filter((factor) => takes(a, factor) && takes(b, factor))
  return differing.map((factor) => ({
    factor,
    a: prefixed('a', levelPhrase(factor, a)),
    b: prefixed('b', shortLevelPhrase(factor, b)),
  }))
}

function otherLevels(varying: readonly Factor[], treatment: Treatment, shared: (factor: Factor) => boolean): Phrase {
  const named = varying.filter(
    (factor) => shared(factor) && factor !== 'workers' && factor !== 'batchSize' && takes(treatment, factor),
  )
  return joined(
    named.map((factor) => phrase`, ${levelPhrase(factor, treatment)}`),
    '',
  )
}

/** Writes a ratio as a difference: 0.96 of the total time is "4.0 % less time". */
export function differenceText(ratio: number, metric: Metric): string {
  const text = percentText(Math.abs(ratio - 1) * 100)
  if (Number(text.replaceAll(',', '')) === 0) return 'no difference'
  return `${text} % ${ratio < 1 ? metrics[metric].less : metrics[metric].more}`
}

/**
 * Writes a ratio and its interval as a difference: "3.7 % less time (95 % CI 1.7 to 5.7)", bounds
 * ascending, one below zero being in the other direction. Its numbers `estimate`, `lower` and
 * `upper` are in per cent.
 */
export function estimatePhrase({ value, interval }: Pick<Estimate, 'value' | 'interval'>, metric: Metric): Phrase {
  const isLess = value < 1
  const way = isLess ? metrics[metric].less : metrics[metric].more
  const percent = (ratio: number): number => (isLess ? 1 - ratio : ratio - 1) * 100
  const numberPhrase = (name: string, shown: number, meaning: string): QuotedNumber =>
    quoted(name, shown, signedPercent(shown), `${meaning}, in per cent ${way}`)
  const turned = interval && {
    level: interval.level,
    lower: percent(isLess ? interval.upper : interval.lower),
    upper: percent(isLess ? interval.lower : interval.upper),
  }
  const bounds = intervalPhrase({ interval: turned }, (name, bound) => numberPhrase(name, bound, boundMeanings[name]))
  return phrase`${numberPhrase('estimate', percent(value), 'difference')} % ${way}${bounds}`
}

/**
 * Writes a percentage without the per cent sign, with a minus below zero: one decimal below ten.
 */
export function signedPercent(percent: number): string {
  const text = percentText(Math.abs(percent))
  return percent < 0 && /[1-9]/.test(text) ? `−${text}` : text
}

/** Meanings of the bounds of an interval. */
export const boundMeanings = { lower: 'lower bound', upper: 'upper bound' } as const
export type Bound = keyof typeof boundMeanings

/**
 * Writes the interval that follows an estimate's value, " (95 % CI 2.8 to 3.4)"; `without` where
 * there is none.
 */
export function intervalPhrase(
  { interval }: Pick<Estimate, 'interval'>,
  part: (name: Bound, bound: number) => Fragment,
  without = ', no interval',
): Phrase {
  if (!interval) return phrase`${without}`
  const level = quotedShare('confidence', interval.level, 'confidence level of the interval')
  return phrase` (${level} % CI ${part('lower', interval.lower)} to ${part('upper', interval.upper)})`
}

/**
 * Writes the interval that follows a value in a figure: " [2.8, 3.4]"; the figure names the level.
 */
export function bracketed({ interval }: Pick<Estimate, 'interval'>, text: (bound: number) => string): string {
  return interval ? ` [${text(interval.lower)}, ${text(interval.upper)}]` : ', no interval'
}

/** Writes an estimate and its interval in a unit: `numberText` writes each of its numbers. */
export function measuredPhrase(
  estimate: Estimate,
  numberText: (value: number) => string,
  unit: string,
  without?: string,
): Phrase {
  const part = (name: 'estimate' | Bound, value: number): Fragment =>
    quoted(name, value, numberText(value), name === 'estimate' ? unit : `${boundMeanings[name]}, ${unit}`)
  return phrase`${part('estimate', estimate.value)}${intervalPhrase(estimate, part, without)}`
}

/** Joins texts as a list: "a", "a and b", "a, b and c". */
export function listText(items: readonly string[]): string {
  return listed(items).text
}

// A formatter takes longer to create than to use a hundred times.
const oneDecimal = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const noDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** Writes a percentage without its sign: one decimal below ten. */
export function percentText(percent: number): string {
  return (percent < 9.95 ? oneDecimal : noDecimal).format(percent)
}

/** Writes a measured share in per cent: "9.5 %", "28 %". */
export function percentPhrase(name: string, share: number, meaning: string): Phrase {
  return phrase`${quoted(name, share * 100, percentText(share * 100), `${meaning}, in per cent`)} %`
}

/** Writes the name of a metric. */
export function metricPhrase(metric: Metric): Phrase {
  return verbatim('metric', metrics[metric].label, 'metric')
}
