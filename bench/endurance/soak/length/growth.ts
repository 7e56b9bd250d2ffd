import type { Interval } from 'copylab/statistics'
import { mean } from '#copylab/analysis/statistics/numerics/moments.js'
import { slopeOf } from './slope.js'

/** Trials over which growth is judged. */
export const judgedTrials = 500

/** A quantity that must not grow from trial to trial. */
export interface Quantity {
  /** What it is, for people. */
  readonly name: string
  readonly unit: 'bytes' | 'count'
  /** Growth over 500 trials that is too small to matter, in its unit. */
  readonly bound: number
}

/** Whether a quantity grew from trial to trial. */
export interface Growth extends Quantity {
  /** Its mean in each block that was judged. */
  readonly means: readonly number[]
  readonly slopePerTrial: number
  /** Of `slopePerTrial`; null for too few blocks. */
  readonly interval: Interval | null
  /** The slope times 500, and the interval's upper end times 500. */
  readonly growthOver500: number
  readonly atMostOver500: number | null
  /**
   * Growth by more than `bound` over 500 trials is `refuted` where the interval lies below it,
   * `shown` where it lies above, else `undecided`.
   */
  readonly growth: 'refuted' | 'shown' | 'undecided'
  readonly held: boolean
}

/**
 * Judges a quantity by its means over whole blocks, in each of which every treatment has one trial,
 * so that treatments do not count.
 */
export function growthOf(quantity: Quantity, blocks: readonly (readonly number[])[]): Growth {
  const trialsPerBlock = blocks[0]?.length ?? 1
  const means = blocks.map((values) => mean(values))
  const { value, interval: perBlock } = slopeOf(means)
  const slopePerTrial = value / trialsPerBlock
  const interval = perBlock && {
    ...perBlock,
    lower: perBlock.lower / trialsPerBlock,
    upper: perBlock.upper / trialsPerBlock,
  }
  const atMostOver500 = interval && interval.upper * judgedTrials
  const atLeastOver500 = interval && interval.lower * judgedTrials
  const { bound } = quantity
  const isRefuted = atMostOver500 !== null && atMostOver500 <= bound
  const isShown = atLeastOver500 !== null && atLeastOver500 > bound
  return {
    ...quantity,
    means,
    slopePerTrial,
    interval,
    growthOver500: slopePerTrial * judgedTrials,
    atMostOver500,
    growth: isRefuted ? 'refuted' : isShown ? 'shown' : 'undecided',
    held: isRefuted,
  }
}
