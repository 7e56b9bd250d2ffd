import type { Estimate } from '../../statistics/estimate.js'
import { formatNumber, signedNumber } from '../../tables/tables.js'
import { type Phrase, phrase } from '../../text/phrase.js'
import { quoted } from '../../text/quoted.js'
import { type Bound, boundMeanings, intervalPhrase } from '../../text/sentence.js'

/** Writes a change in milliseconds with its interval: "+48 ms (95 % CI 21 to 74)". */
export function signedMs(change: Estimate, meaning: string): Phrase {
  const bounds = intervalPhrase(
    change,
    (name: Bound, bound: number) => quoted(name, bound, wholeMs(bound), `${boundMeanings[name]}, ${meaning}, in ms`),
    '',
  )
  return phrase`${quoted('estimate', change.value, signedWhole(change.value), `${meaning}, in ms`)} ms${bounds}`
}

/** Writes milliseconds in whole ones, small ones in tenths. */
export const wholeMs = (ms: number): string => formatNumber(ms, Math.abs(ms) < 9.95 ? 1 : 0)

/** Writes a change in whole milliseconds, with its sign. */
export const signedWhole = (ms: number): string => signedNumber(ms, Math.abs(ms) < 9.95 ? 1 : 0)
