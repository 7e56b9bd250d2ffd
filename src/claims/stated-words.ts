import { isDeepStrictEqual } from 'node:util'
import { spreadFacts } from '../analysis/compare/compare-spread.js'
import { bandPhrase } from '../analysis/text/claim-words.js'
import { joined, listed, type Phrase, phrase, under } from '../analysis/text/phrase.js'
import {
  contrastWords,
  differingWords,
  levelNoun,
  namedLevelsWords,
  sharedLevels,
  shortLevelWords,
  whereWords,
} from '../analysis/text/selection-words.js'
import { metricPhrase } from '../analysis/text/sentence.js'
import { type Claim, checkedClaim, claimBounds } from '../study/claim.js'
import { type Metric, metrics } from '../study/metric.js'
import { factorEntry } from '../study/treatment.js'
import type { ClaimedContrast, StatedContention, StatedInteraction, StatedTest } from './claims.js'

/** What a test compares, in words made from the test: "total time, 2 workers vs 4 at 10K". */
export function comparedWords(test: StatedTest): Phrase {
  switch (test.kind) {
    case 'contrasts':
      return comparedContrasts(test.contrasts)
    case 'spread':
      return phrase`spread of ${metricPhrase(test.metric)} over blocks, ${contrastWords(test.a, test.b)}`
    case 'best-set':
      return phrase`${metricPhrase(test.metric)} over ${factorEntry(test.over).label}${whereWords(test.where ?? {})}`
    case 'interaction':
      return phrase`how ${metricPhrase(test.metric)} changes with ${factorEntry(test.of).label}, at the highest ${factorEntry(test.by).label} against the lowest`
    case 'contention':
      return comparedContention(test)
    case 'rule':
      return phrase`${metricPhrase(test.metric)} over ${factorEntry(test.over).label}, by ${listed(test.by.map((factor) => factorEntry(factor).label))}`
    case 'peak':
      return phrase`${metricPhrase('recordsPerSecond')} over workers${whereWords(test.where ?? {})}`
    default:
      throw new TypeError(`Unknown test ${JSON.stringify(test satisfies never)}`)
  }
}

/** What a test must find for the claim to be supported, in words made from the test: "5–15 % faster". */
export function expectedWords(test: StatedTest): Phrase {
  switch (test.kind) {
    case 'contrasts':
      return expectedContrasts(test.contrasts)
    case 'spread':
      return bandPhrase(claimBounds(test.claim, spreadFacts, 'a spread'), spreadFacts)
    case 'best-set':
      return phrase`the best set is {${shortLevelWords(test.over, test.expected)}}`
    case 'interaction':
      return expectedInteraction(test)
    case 'contention':
      return phrase`higher; still ${bandWords(test.effect.claim, test.effect.metric)}`
    case 'rule':
      return phrase`no ${levelNoun(test.over)} is among the best everywhere`
    case 'peak':
      return phrase`a peak below the most workers`
    default:
      throw new TypeError(`Unknown test ${JSON.stringify(test satisfies never)}`)
  }
}

/** What is claimed of a metric: "5–15 % faster". */
function bandWords(claim: Claim, metric: Metric): Phrase {
  return bandPhrase(checkedClaim(claim, metric).bounds, metrics[metric])
}

/** Each metric once, with its contrasts behind it. */
function comparedContrasts(contrasts: readonly ClaimedContrast[]): Phrase {
  const metrics = [...new Set(contrasts.map(({ metric }) => metric))]
  const said = metrics.map((metric) => {
    const own = contrasts.filter((one) => one.metric === metric)
    const named = phrase`${metricPhrase(metric)}, ${contrastsWords(own)}`
    return metrics.length === 1 ? named : under(metric, named)
  })
  return joined(said, '; ')
}

/** What several contrasts share stands once, behind them. */
function contrastsWords(contrasts: readonly ClaimedContrast[]): Phrase {
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
  return all.length === 1 ? part : under(String(k + 1), part)
}

function expectedInteraction({ of, metric, claim, best }: StatedInteraction): Phrase {
  const band = bandWords(claim, metric)
  if (best === undefined) return band
  return phrase`${band}, and the best ${levelNoun(of, true)} ${best === 'rises' ? 'rise' : 'fall'}`
}

function comparedContention({ from, to, metric, effect, relieved }: StatedContention): Phrase {
  const symptom = phrase`${under('symptom', metricPhrase(metric))}, ${under('symptom', contrastWords(to, from))}`
  const left = phrase`${metricPhrase(effect.metric)}, ${contrastWords(from, to)}, with ${namedLevelsWords(relieved)}`
  return phrase`${symptom}; ${under('effect', left)}`
}
