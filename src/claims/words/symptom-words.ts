import { type Estimate, excludesZero, mapEstimate } from '../../analysis/statistics/estimate.js'
import { formatNumber, signedNumber } from '../../analysis/tables/tables.js'
import { joined, type Phrase, phrase, prefixed } from '../../analysis/text/phrase.js'
import { quoted } from '../../analysis/text/quoted.js'
import { levelsWords, namedLevelsWords, shortLevelsWords } from '../../analysis/text/selection-words.js'
import { boundMeanings, intervalPhrase, metricPhrase, percentPhrase } from '../../analysis/text/sentence.js'
import { type Metric, metrics } from '../../study/metric.js'
import { factorNames } from '../../study/treatment.js'
import type { StatedChange, StatedRelief } from '../claims.js'
import type { FoundRelief, MetricChange } from '../tests/judged.js'
import { contrastFound } from './contrast-found.js'

/**
 * States the change of a symptom: "share of lock and LWLock waits in COPY: from 1.3 % with 2
 * workers to 8.2 % with 4, +6.9 points (99.7 % CI 6.0 to 7.8)".
 */
export function changeFound(
  { metric, from, to }: Pick<StatedChange, 'metric' | 'from' | 'to'>,
  found: MetricChange | null,
): Phrase {
  if (!found) return phrase`the ${metricPhrase(metric)} is not known`
  const differing = factorNames.filter((factor) => from[factor] !== to[factor])
  const before = levelsWords(Object.fromEntries(differing.map((factor) => [factor, from[factor]])))
  const after = joined(
    differing.map((factor) => shortLevelsWords('level', factor, [to[factor]!])),
    ', ',
  )
  const value = (name: 'from' | 'to'): Phrase => amountWords(name, found[name], metric)
  const known =
    found.change.interval && !excludesZero(found.change) ? ', which is not distinguishable from no change' : ''
  const path = phrase`from ${value('from')} with ${prefixed('from', before)} to ${value('to')} with ${prefixed('to', after)}`
  return phrase`${metricPhrase(metric)}: ${path}, ${changeWords(found.change, metric)}${known}`
}

/**
 * States the change of the symptom, and for each way to remove it the change then and the remaining
 * effect.
 */
export function reliefFound(test: StatedRelief, { change, reliefs }: FoundRelief): Phrase {
  const ways = reliefs.map((one, k): Phrase => {
    const levels = phrase`with ${namedLevelsWords(test.relieved[k]!)}`
    if (!one) return phrase`${levels} it was not measured`
    const less = one.change ? prefixed('change', changeWords(one.change.change, test.metric)) : 'not known'
    return phrase`${levels} ${less}, and ${prefixed('effect', contrastFound(one.effect))}`
  })
  const findings = joined(
    ways.map((way, k) => prefixed(`relief.${k + 1}`, way)),
    '; ',
  )
  return phrase`${prefixed('symptom', changeFound(test, change))}; ${findings}`
}

function amountWords(name: string, value: number, metric: Metric): Phrase {
  const { unit, scale, label } = metrics[metric]
  if (unit === '%') return percentPhrase(name, value, label)
  return phrase`${quoted(name, value / scale, formatNumber(value / scale, 1), `${label}, ${unit}`)} ${unit}`
}

/** Writes a change: "+7.9 points (95 % CI 6.0 to 9.8)". */
function changeWords(change: Estimate, metric: Metric): Phrase {
  const { unit, scale } = metrics[metric]
  const inUnit = mapEstimate(change, (value) => value / scale)
  const meaning = `change, ${unit === '%' ? 'in percentage points' : unit}`
  const bounds = intervalPhrase(
    inUnit,
    (name, bound) => quoted(name, bound, formatNumber(bound, 1), `${boundMeanings[name]}, ${meaning}`),
    '',
  )
  return phrase`${quoted('estimate', inUnit.value, signedNumber(inUnit.value, 1), meaning)} ${unit === '%' ? 'points' : unit}${bounds}`
}
