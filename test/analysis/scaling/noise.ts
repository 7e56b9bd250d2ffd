import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/**
 * A source of normally distributed errors with mean 0, the same ones for the same seed (Box &
 * Muller 1958).
 */
export function makeNoise(seed: number): (standardDeviation: number) => number {
  const generator = xoroshiro128plus(seed)
  return (standardDeviation) => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)))
    return standardDeviation * radius * Math.cos(2 * Math.PI * uniformFloat64(generator))
  }
}
