import { factorEntry, type Level } from '../../study/treatment.js'
import { type Phrase, phrase, prefixed } from '../text/phrase.js'
import { atLevelWords, levelWordsOf } from '../text/selection-words.js'
import { measuredPhrase, metricPhrase } from '../text/sentence.js'
import type { Interaction } from './interaction.js'

/**
 * States an interaction: "doubling the workers multiplies the total time at 30K by 0.981 [0.971,
 * 0.991] of what it does at 10K".
 */
export function interactionWords({ metric, of, by, ends, estimate }: Interaction): Phrase {
  if (!estimate) return phrase`no complete block`
  const [smallest, largest] = [
    prefixed('smallest', atLevelWords(by, ends.by[0])),
    prefixed('largest', atLevelWords(by, ends.by[1])),
  ]
  const [first, last] = [
    prefixed('first', levelWordsOf(of, ends.of[0])),
    prefixed('last', levelWordsOf(of, ends.of[1])),
  ]
  const change = hasLogarithm(ends.of[0])
    ? phrase`doubling the ${factorEntry(of).label}`
    : phrase`${last} in place of ${first}`
  const ratio = (value: number): string => value.toFixed(3)
  const effect = measuredPhrase(estimate, ratio, 'effect at the highest level, against that at the lowest')
  return phrase`${change} multiplies the ${metricPhrase(metric)} ${largest} by ${effect} of what it does ${smallest}`
}

/** Returns whether a level is scored by its logarithm. */
export const hasLogarithm = (level: Level): boolean => typeof level === 'number' && level > 0
