import { bestSetWords } from '../analysis/compare/best-set-words.js'
import { hasLogarithm, interactionWords } from '../analysis/compare/interaction-words.js'
import { scalingWords } from '../analysis/scaling/scaling-words.js'
import { type Estimate, excludesZero, mapEstimate } from '../analysis/statistics/estimate.js'
import { formatNumber, signedNumber } from '../analysis/tables/tables.js'
import { joined, listed, type Phrase, phrase, under } from '../analysis/text/phrase.js'
import { quoted, quotedPlace } from '../analysis/text/quoted.js'
import {
  atLevelWords,
  contrastWords,
  levelNoun,
  levelsWords,
  levelWordsOf,
  namedLevelsWords,
  shortLevelsWords,
} from '../analysis/text/selection-words.js'
import {
  boundMeanings,
  estimatePhrase,
  intervalPhrase,
  measuredPhrase,
  metricPhrase,
  percentPhrase,
} from '../analysis/text/sentence.js'
import { type Metric, metrics } from '../study/metric.js'
import { type Factor, factorEntry, factorNames, type Level } from '../study/treatment.js'
import type { StatedContention, StatedInteraction, StatedRule, StatedTest } from './claims.js'
import {
  type Found,
  type FoundContention,
  type FoundContrast,
  type FoundInteraction,
  type FoundRule,
  type FoundSetting,
  levelsAt,
  type MetricChange,
} from './tests/judged.js'

/** What a test found, in words. */
export function foundWords(test: StatedTest, found: Found): Phrase {
  switch (found.kind) {
    case 'contrasts': {
      const { contrasts } = found
      const name = (k: number): string => (contrasts.length === 1 ? 'ratio' : `ratio.${k + 1}`)
      return joined(
        contrasts.map((one, k) => under(name(k), contrastFound(one))),
        '; ',
      )
    }
    case 'spread':
      return spreadFound(found)
    case 'best-set':
      return bestSetWords(found.set)
    case 'interaction':
      return interactionFound(testOf(test, found.kind), found)
    case 'contention':
      return contentionFound(testOf(test, found.kind), found)
    case 'rule':
      return ruleFound(testOf(test, found.kind), found)
    case 'peak':
      return found.set
        ? phrase`${under('law', scalingWords(found.law))}; ${under('set', bestSetWords(found.set))}`
        : scalingWords(found.law)
    default:
      throw new TypeError(`Unknown finding ${JSON.stringify(found satisfies never)}`)
  }
}

/** The test that a finding is of. */
function testOf<Kind extends StatedTest['kind']>(
  test: StatedTest,
  kind: Kind,
): Extract<StatedTest, { readonly kind: Kind }> {
  if (test.kind === kind) return test as Extract<StatedTest, { readonly kind: Kind }>
  throw new TypeError(`Expected a test of kind ${kind}, got ${test.kind}`)
}

/** The name of the test that judged. */
export function testWords(test: StatedTest, found: Found): Phrase {
  switch (found.kind) {
    case 'contrasts': {
      const count = found.contrasts.length
      return count === 1
        ? phrase`paired t interval of the log ratio`
        : phrase`paired t intervals of ${quotedPlace('ratios', count, 'log ratios that must hold together')} log ratios, all to hold (intersection–union)`
    }
    case 'spread':
      return phrase`Pitman–Morgan interval of the ratio of spreads`
    case 'best-set':
      return phrase`comparisons with the best (Hsu)`
    case 'interaction': {
      const { of, by, best } = testOf(test, found.kind)
      const ends = best === undefined ? '' : ', and comparisons with the best (Hsu) at both ends'
      return phrase`linear-by-linear interaction of ${logOf(of, found.interaction.ends.of)} and ${logOf(by, [found.low.at, found.high.at])} within blocks, t interval${ends}`
    }
    case 'contention': {
      const { metric, relieved } = testOf(test, found.kind)
      return phrase`difference of ${metricPhrase(metric)} within blocks, t interval, and the contrast with ${namedLevelsWords(relieved)}`
    }
    case 'rule':
      return phrase`comparisons with the best (Hsu) in ${quotedPlace('settings', found.settings.length, 'settings')} settings`
    case 'peak':
      return found.set
        ? phrase`comparisons with the best (Hsu), since the scalability law does not fit`
        : phrase`peak of the scalability law, profile interval`
    default:
      throw new TypeError(`Unknown finding ${JSON.stringify(found satisfies never)}`)
  }
}

function contrastFound({ comparison, named }: FoundContrast): Phrase {
  const { estimate, metric } = comparison
  const measured = estimate ? estimatePhrase(estimate, metric) : 'no block with both'
  return phrase`${treatmentsWords(comparison, named)}: ${measured}`
}

/** Two treatments, by what they differ in and by what tells them from others of their study. */
function treatmentsWords(
  { a, b }: Pick<FoundContrast['comparison'], 'a' | 'b'>,
  named: FoundContrast['named'],
): Phrase {
  const differing = factorNames.filter((factor) => a[factor] !== b[factor])
  const shown = factorNames.filter((factor) => ['workers', 'batchSize', ...differing, ...named].includes(factor))
  return contrastWords(levelsAt(a, shown), levelsAt(b, shown))
}

function spreadFound({ spread, named }: Extract<Found, { readonly kind: 'spread' }>): Phrase {
  const ratio = (value: number): string => value.toPrecision(2)
  const contrast = treatmentsWords(spread, named)
  return spread.estimate
    ? phrase`${contrast}: ratio of the spreads ${measuredPhrase(spread.estimate, ratio, 'ratio of the spreads')}`
    : phrase`${contrast}: the spread is not known`
}

/** The ratio of two effects that are the same. */
const noEffect = quotedPlace('noEffect', 1, 'ratio of two effects that are the same')

function interactionFound({ of, by, metric }: StatedInteraction, found: FoundInteraction): Phrase {
  const { interaction, low, high } = found
  const changes = interactionWords(interaction)
  if (!interaction.estimate) return changes
  const [smallest, largest] = [under('smallest', atLevelWords(by, low.at)), under('largest', atLevelWords(by, high.at))]
  const { goal } = metrics[metric]
  const gain = phrase`${goal === 'min' ? 'below' : 'above'} ${noEffect}, more is gained ${largest} than ${smallest}`
  const said = phrase`${changes}; ${gain}`
  if (!low.best || !high.best) return said
  const few = shortLevelsWords('few', of, low.best)
  const many = shortLevelsWords('many', of, high.best)
  return phrase`${said}; best ${levelNoun(of, true)} ${smallest}: ${few}, ${largest}: ${many}`
}

/** "log workers", and plain "encoding" of words. */
function logOf(factor: Factor, [lowest]: readonly [Level, Level]): string {
  return `${hasLogarithm(lowest) ? 'log ' : ''}${factorEntry(factor).label}`
}

function contentionFound(test: StatedContention, { change, relieved }: FoundContention): Phrase {
  const without = phrase`with ${namedLevelsWords(test.relieved)}`
  const left = relieved?.comparison.estimate
    ? phrase`${without}: ${under('relieved', contrastFound(relieved))}`
    : phrase`${without} it was not measured`
  return phrase`${change ? under('symptom', symptomWords(test, change)) : phrase`the ${metricPhrase(test.metric)} is not known`}; ${left}`
}

/** "share of lock and LWLock waits in COPY: from 1.3 % with 2 workers to 8.2 % with 4, +6.9 points [6.0, 7.8]" */
function symptomWords({ metric, from, to }: StatedContention, found: MetricChange): Phrase {
  const differing = factorNames.filter((factor) => from[factor] !== to[factor])
  const before = levelsWords(Object.fromEntries(differing.map((factor) => [factor, from[factor]])))
  const after = joined(
    differing.map((factor) => shortLevelsWords('level', factor, [to[factor]!])),
    ', ',
  )
  const value = (name: 'from' | 'to'): Phrase => amountWords(name, found[name], metric)
  const known = found.change.interval && !excludesZero(found.change) ? ', which cannot be told from no change' : ''
  const path = phrase`from ${value('from')} with ${under('from', before)} to ${value('to')} with ${under('to', after)}`
  return phrase`${metricPhrase(metric)}: ${path}, ${changeWords(found.change, metric)}${known}`
}

function amountWords(name: string, value: number, metric: Metric): Phrase {
  const { unit, scale, label } = metrics[metric]
  if (unit === '%') return percentPhrase(name, value, label)
  return phrase`${quoted(name, value / scale, formatNumber(value / scale, 1), `${label}, ${unit}`)} ${unit}`
}

/** "+7.9 points [6.0, 9.8]" */
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

function ruleFound({ over }: StatedRule, { settings, everywhere }: FoundRule): Phrase {
  const sets = joined(
    settings.map((one, k) => under(`setting.${k + 1}`, settingFound(one, over))),
    '; ',
  )
  if (everywhere === null) return sets
  const rule =
    everywhere.length === 0
      ? `no ${levelNoun(over)} is among the best in all of them: choose by setting`
      : phrase`among the best in all of them, so a rule for these settings alone: ${listed(everywhere.map((one, k) => under(`rule.${k + 1}`, everywhereWords(over, one))))}`
  return phrase`best ${levelNoun(over, true)}, ${sets}; ${rule}`
}

function settingFound({ study, at, best }: FoundSetting, over: Factor): Phrase {
  const where = levelsWords(at)
  return phrase`${where.text === '' ? study : where}: ${best ? shortLevelsWords('best', over, best) : 'too few blocks'}`
}

function everywhereWords(over: Factor, { level, atMost }: NonNullable<FoundRule['everywhere']>[number]): Phrase {
  const worse = quoted(
    'atMost',
    atMost * 100,
    formatNumber(atMost * 100, 1),
    'worse than the best at most, in per cent',
  )
  return phrase`${levelWordsOf(over, level)}, at most ${worse} % worse than the best in any`
}
