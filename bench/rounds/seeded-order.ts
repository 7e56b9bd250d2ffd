import { blockOrder } from '#copylab/study/blocks/schedule.js'

/** The items in the random order of a round: that of a study's block. */
export function seededOrder<Item>(items: readonly Item[], round: number, seed = 1): Item[] {
  return blockOrder(seed, round, items.length).map((index) => items[index]!)
}
