import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { checkedInteger } from '../../../check.js'

/** A stream of random numbers that its seed determines. */
export interface Random {
  /** Returns a uniform number from 0 (included) to 1 (excluded), a multiple of 2^−53. */
  uniform(): number
  /**
   * Returns a whole number from 0 to n − 1, for n from 1 to 2^32; the probabilities differ from 1/n
   * by less than 2^−53.
   */
  integerBelow(n: number): number
  /** Returns a normal number with mean 0 and standard deviation 1. */
  normal(): number
}

/**
 * Odd part of 2^32 divided by the golden ratio: the step between the numbers that are mixed to
 * words of the state.
 */
const step = 0x9e3779b9

/**
 * Returns a stream of random numbers of the generator xoroshiro128+ (Blackman & Vigna 2021). `seed`
 * is a whole number from 0; every seed has its own stream, and neighbouring seeds have unlike ones,
 * since the seed is mixed into the state as SplitMix does (Steele, Lea & Flood 2014).
 */
export function makeRandom(seed: number): Random {
  const low = checkedInteger('seed', seed, { from: 0 }) >>> 0
  const high = Math.floor(seed / 2 ** 32)
  const generator = xoroshiro128plusFromState([
    mixed(low + step),
    mixed(low + 2 * step),
    mixed(high + 3 * step),
    mixed(high + 4 * step),
  ])
  let spare = Number.NaN
  const uniform = (): number => uniformFloat64(generator)
  return {
    uniform,
    integerBelow: (n) => Math.floor(uniform() * n),
    /**
     * Marsaglia & Bray's polar method (1964): a point within the unit circle gives two normal
     * numbers, the second of which is kept.
     */
    normal() {
      if (!Number.isNaN(spare)) {
        const kept = spare
        spare = Number.NaN
        return kept
      }
      for (;;) {
        const x = 2 * uniform() - 1
        const y = 2 * uniform() - 1
        const square = x * x + y * y
        if (square > 0 && square < 1) {
          const scale = Math.sqrt((-2 * Math.log(square)) / square)
          spare = y * scale
          return x * scale
        }
      }
    },
  }
}

/**
 * The last step of MurmurHash3 (Appleby 2011): each of the 2^32 words goes to another one, and each
 * bit depends on all bits.
 */
function mixed(word: number): number {
  let hash = word | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
