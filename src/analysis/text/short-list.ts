import { type Fragment, joined, listed, type Phrase, phrase, prefixed, type QuotedNumber } from './phrase.js'
import { quotedCount, quotedPlace } from './quoted.js'

/** Writes the number of a block. */
export function blockNumber(block: number): QuotedNumber {
  return quotedPlace('block', block, 'number of a block')
}

/** Lists four items, and how many more there are. */
export function shortList(items: readonly Fragment[]): Phrase {
  const maxItems = 4
  const named = items.map((item, k) => prefixed(String(k + 1), item))
  if (items.length <= maxItems) return listed(named)
  const more = quotedCount('more', items.length - maxItems, 'others that are not listed')
  return phrase`${joined(named.slice(0, maxItems), ', ')} and ${more} more`
}
