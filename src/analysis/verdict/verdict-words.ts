import { joined, type Phrase, phrase } from '../text/phrase.js'
import { quotedShare } from '../text/quoted.js'
import {
  type Direction,
  directionRules,
  type Matters,
  mattersRules,
  type Size,
  sizeRules,
  type VerdictParts,
} from './parts.js'
import { verdictRules } from './verdict.js'

const directionWords: { readonly [word in Direction]: string } = {
  confirmed: 'direction confirmed',
  reversed: 'direction reversed',
  open: 'direction open',
}

const sizeWords: { readonly [word in Size]: string } = {
  within: 'size as claimed',
  smaller: 'smaller than claimed',
  larger: 'larger than claimed',
  'not larger': 'not larger than claimed',
  'not smaller': 'not smaller than claimed',
  open: 'size open',
}

const mattersWords: { readonly [word in Matters]: string } = {
  yes: 'more than the margin of',
  no: 'less than the margin of',
  open: 'open whether more than the margin of',
}

/**
 * States the parts of a verdict: "direction confirmed, not larger than claimed, open whether more
 * than the margin of 5 %".
 */
export function partsWords({ direction, size, matters }: VerdictParts, margin: number): Phrase {
  const share = quotedShare('margin', margin, 'largest difference that does not matter')
  return joined(
    [
      ...(direction === null ? [] : [directionWords[direction]]),
      ...(size === null ? [] : [sizeWords[size]]),
      phrase`${mattersWords[matters]} ${share} %`,
    ],
    ', ',
  )
}

/**
 * States the rules by which a claim is judged, in words that are taken from the rules themselves,
 * one sentence for the verdict and one for each of its parts. Marks of Markdown surround the words
 * that are explained.
 */
export function verdictRulesWords(): Phrase[] {
  return [
    rulesWords('The verdict is', verdictRules),
    rulesWords('Its direction is', directionRules),
    rulesWords('The size compared with the claimed one is', sizeRules),
    rulesWords('Whether it matters is', mattersRules),
  ]
}

function rulesWords(subject: string, rules: readonly { readonly word: string; readonly when: string }[]): Phrase {
  const conditions = rules.map(({ word, when }) => phrase`*${word}*, ${when}`)
  return phrase`${subject} the first of these that holds: ${joined(conditions, '; ')}`
}
