import { isDeepStrictEqual } from 'node:util'
import { spreadFacts } from '../../analysis/compare/compare-spread.js'
import { bandPhrase } from '../../analysis/text/claim-words.js'
import { joined, listed, type Phrase, phrase, prefixed } from '../../analysis/text/phrase.js'
import { quotedShare } from '../../analysis/text/quoted.js'
import {
  atLevelWords,
  contrastWords,
  differingWords,
  levelNoun,
  levelsWords,
  levelWordsOf,
  namedLevelsWords,
  sharedLevels,
  shortLevelWords,
  whereWords,
} from '../../analysis/text/selection-words.js'
import { metricPhrase } from '../../analysis/text/sentence.js'
import { type Claim, checkedClaim, claimBounds } from '../../study/claim.js'
import { type Metric, metrics } from '../../study/metric.js'
import { factorEntry } from '../../study/treatment.js'
import type { ClaimedContrast, StatedRelief, StatedTest } from '../claims.js'

/**
 * States what a test compares, in words made from the test: "total time, 2 workers vs 4 at 10K".
 */
export function comparedWords(test: StatedTest): Phrase {
  switch (test.kind) {
    case 'contrasts':
      return comparedContrasts(test.contrasts)
    case 'spread':
      return phrase`spread of ${metricPhrase(test.metric)} over blocks, ${contrastWords(test.a, test.b)}`
    case 'best-set':
      return phrase`${metricPhrase(test.metric)} over ${factorEntry(test.over).label}${whereWords(test.where ?? {})}`
    case 'interaction':
      return phrase`how ${metricPhrase(test.metric)} changes with ${factorEntry(test.of).label}, at the highest ${levelNoun(test.by)} against the lowest`
    case 'shift':
      return phrase`${metricPhrase(test.metric)} over ${factorEntry(test.of).label}, ${listed(test.between.map((level, k) => prefixed(String(k + 1), atLevelWords(test.by, level))))}`
    case 'change':
      return phrase`${metricPhrase(test.metric)}, ${contrastWords(test.to, test.from)}`
    case 'relief':
      return comparedRelief(test)
    case 'rule':
      return phrase`${metricPhrase(test.metric)} over ${factorEntry(test.over).label}, ${joined(
        test.settings.map((one, k) => prefixed(String(k + 1), levelsWords(one))),
        '; ',
      )}`
    case 'peak':
      return phrase`${metricPhrase('recordsPerSecond')} over workers${whereWords(test.where ?? {})}`
    case 'report':
      return phrase`${metricPhrase(test.metric)}, ${contrastWords(test.a, test.b)}`
    case 'measurement':
      return comparedContrasts(test.measured)
    default:
      throw new TypeError(`Unknown test ${JSON.stringify(test satisfies never)}`)
  }
}

/**
 * States what a test must find for the claim to be supported, in words made from the test: "5–15 %
 * less time".
 */
export function expectedWords(test: StatedTest): Phrase {
  switch (test.kind) {
    case 'contrasts':
      return expectedContrasts(test.contrasts)
    case 'spread':
      return bandPhrase(claimBounds(test.claim, spreadFacts, 'a spread'), spreadFacts)
    case 'best-set':
      return test.alone === false
        ? phrase`${levelWordsOf(test.over, test.expected)} at most the margin worse than the best`
        : phrase`the best set is {${shortLevelWords(test.over, test.expected)}}`
    case 'interaction':
      return bandWords(test.claim, test.metric)
    case 'shift':
      return phrase`the best ${levelNoun(test.of, true)} ${test.best === 'rises' ? 'rise' : 'fall'}`
    case 'change':
      return phrase`${test.change === 'rises' ? 'higher' : 'lower'}`
    case 'relief':
      return phrase`no longer ${bandWords(test.effect.claim, test.effect.metric)}`
    case 'rule':
      return phrase`no ${levelNoun(test.over)} is among the best everywhere`
    case 'peak':
      return phrase`a peak below the most workers`
    case 'report':
      return phrase`a setting, not tested`
    case 'measurement':
      return phrase`${listed(test.measured.map(({ ratio, metric }, k) => numbered(test.measured, k, measuredRatio(ratio, metric))))} (measured)`
    default:
      throw new TypeError(`Unknown test ${JSON.stringify(test satisfies never)}`)
  }
}

/** Writes the claim about a metric: "5–15 % less time". */
function bandWords(claim: Claim, metric: Metric): Phrase {
  return bandPhrase(checkedClaim(claim, metric).bounds, metrics[metric])
}

/** Two treatments and the metric in which they are compared. */
type ComparedPair = Pick<ClaimedContrast, 'a' | 'b' | 'metric'>

/** Writes each metric once, followed by its contrasts. */
function comparedContrasts(contrasts: readonly ComparedPair[]): Phrase {
  const metrics = [...new Set(contrasts.map(({ metric }) => metric))]
  const sentences = metrics.map((metric) => {
    const own = contrasts.filter((one) => one.metric === metric)
    const named = phrase`${metricPhrase(metric)}, ${contrastsWords(own)}`
    return metrics.length === 1 ? named : prefixed(metric, named)
  })
  return joined(sentences, '; ')
}

/** Writes contrasts; the levels that they share follow once, at the end. */
function contrastsWords(contrasts: readonly ComparedPair[]): Phrase {
  const shared = contrasts.map(({ a, b }) => sharedLevels(a, b))
  const isShared = shared.every((one) => isDeepStrictEqual(one, shared[0]))
  const words = isShared ? differingWords : contrastWords
  const listedWords = listed(contrasts.map(({ a, b }, k) => numbered(contrasts, k, words(a, b))))
  return isShared ? phrase`${listedWords}${whereWords(shared[0]!)}` : listedWords
}

function expectedContrasts(contrasts: readonly ClaimedContrast[]): Phrase {
  const bands = contrasts.map(({ claim, metric }) => bandWords(claim, metric))
  const isOne = bands.every(({ text }) => text === bands[0]!.text)
  if (!isOne) return listed(bands.map((band, k) => numbered(bands, k, band)))
  return bands.length === 1 ? bands[0]! : phrase`${bands[0]!}, each`
}

function numbered(all: readonly unknown[], k: number, part: Phrase): Phrase {
  return all.length === 1 ? part : prefixed(String(k + 1), part)
}

function comparedRelief({ from, to, metric, effect, relieved }: StatedRelief): Phrase {
  const ways = listed(relieved.map((levels, k) => prefixed(String(k + 1), namedLevelsWords(levels))))
  const left = phrase`${metricPhrase(effect.metric)}, ${contrastWords(from, to)}, with ${ways}`
  return phrase`${prefixed('effect', left)}, which change the ${metricPhrase(metric)}`
}

/** Writes a measured ratio: "22 % more". */
function measuredRatio(ratio: number, metric: Metric): Phrase {
  const share = quotedShare('measured', Math.abs(ratio - 1), 'difference that the source measured')
  return phrase`${share} % ${ratio < 1 ? metrics[metric].less : metrics[metric].more}`
}
