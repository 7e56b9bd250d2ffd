import { createHash } from 'node:crypto'

/**
 * The items in the random order of a round, which depends on nothing but the seed, the round and the number of items: the same numbers give the
 * same order on every machine.
 */
export function seededOrder<Item>(items: readonly Item[], round: number, seed = 1): Item[] {
  const key = (index: number): string => createHash('sha256').update(`${seed}/${round}/${index}`).digest('hex')
  return items
    .map((item, index) => ({ item, key: key(index) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item)
}
