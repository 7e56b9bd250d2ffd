import normal from '@stdlib/stats-base-dists-normal'
import { checkedChoice, checkedInteger, checkedNumber, checkedNumbers } from '../../check.js'
import { defaultLevel } from '../defaults.js'
import type { LevelOptions } from './estimate.js'
import { gaussLegendre } from './numerics/gauss-legendre.js'
import { rootBetween } from './numerics/root-between.js'

/** Number of interim analyses, called looks, and the evidence that each needs to stop the study. */
export interface SequentialOptions extends LevelOptions {
  /** Number of equally spaced looks, the last one included: 1 to 20. */
  readonly looks: number
  /**
   * 'pocock' asks for equal evidence at every look; 'obrien-fleming' asks for much at early looks
   * and at the last one for little more than a single look would.
   */
  readonly bound: 'pocock' | 'obrien-fleming'
}

/**
 * Values of C found so far, by their arguments: a study that may end early asks for an equal one
 * after each block.
 */
const found = new Map<string, number>()

/**
 * Returns the two-sided critical values of |Z_k| at equally spaced looks k = 1…K, in standard
 * errors, with which a study that may stop at any look errs no more often than 1 − `level` in all:
 * C at each look (Pocock 1977, Biometrika 64, 191–199), or C √(K/k) (O'Brien & Fleming 1979,
 * Biometrics 35, 549–556). C is found by recursive integration (Armitage, McPherson & Rowe 1969;
 * Jennison & Turnbull 1999, Group Sequential Methods, chapters 2 and 19), to 9 decimals.
 *
 * @throws `RangeError` for a number of looks that is no whole number from 1 to 20, for another
 * bound, and for a level that does not lie between 0 and 1.
 * @example
 * sequentialBounds({ looks: 3, bound: 'obrien-fleming' }) // [3.471, 2.454, 2.004]
 */
export function sequentialBounds({ looks, bound, level = defaultLevel }: SequentialOptions): number[] {
  checkedInteger('looks', looks, { from: 1, to: 20 })
  checkedChoice('bound', bound, ['pocock', 'obrien-fleming'])
  checkedNumber('level', level, { above: 0, below: 1 })
  const shape = Array.from({ length: looks }, (_, k) => (bound === 'pocock' ? 1 : Math.sqrt(looks / (k + 1))))
  const boundsAt = (c: number): number[] => shape.map((factor) => c * factor)
  const key = `${looks} ${bound} ${level}`
  const known = found.get(key)
  if (known !== undefined) return boundsAt(known)
  const staysWithin = (c: number): number => 1 - crossingProbabilities(boundsAt(c)).reduce((sum, p) => sum + p, 0)
  // Bonferroni's bounds are crossed less often.
  const high = -normal.quantile((1 - level) / (2 * looks + 1), 0, 1)
  const c = rootBetween((trial) => staysWithin(trial) - level, 0, high)
  found.set(key, c)
  return boundsAt(c)
}

/**
 * Returns the confidence level of the two-sided interval at each of K equally spaced looks that
 * leaves out 0 when |Z_k| crosses the bound there (repeated confidence intervals, Jennison &
 * Turnbull 1989, Journal of the Royal Statistical Society B 51, 305–361): P(|Z| ≤ bound_k) for a
 * single look.
 *
 * @throws `RangeError` for a number of looks that is no whole number from 1 to 20, for another
 * bound, and for a level that does not lie between 0 and 1.
 * @example
 * sequentialLevels({ looks: 3, bound: 'pocock' }) // [0.9779, 0.9779, 0.9779]
 */
export function sequentialLevels(options: SequentialOptions): number[] {
  return sequentialBounds(options).map((bound) => 1 - 2 * normal.cdf(-bound, 0, 1))
}

/**
 * Number of standard deviations from its mean beyond which a normal variable has no probability
 * that counts.
 */
const reach = 9

/**
 * Computes the probability that |Z_k| reaches the bound at look k for the first time, for each of K
 * equally spaced looks. `drift` is the mean of Z at the last look, in standard errors, so that Z_k
 * has mean drift √(k/K). The probabilities sum to the probability of stopping with an effect shown:
 * the error rate without drift, the power with one. Accurate to 11 decimals.
 *
 * The sums S_k = Z_k √k have independent normal steps of variance 1. Their density within the
 * bounds is carried from look to look by quadrature.
 */
export function crossingProbabilities(bounds: readonly number[], drift = 0): number[] {
  checkedNumbers('bounds', bounds, { from: 0 })
  checkedNumber('drift', drift)
  const step = drift / Math.sqrt(bounds.length)
  let within: Masses = { at: [0], mass: [1] }
  return bounds.map((bound, index) => {
    const look = index + 1
    const edge = bound * Math.sqrt(look)
    const crossed = massBeyond(within, edge, step)
    const spread = reach * Math.sqrt(look)
    if (look < bounds.length) {
      within = carried(within, step, Math.max(-edge, look * step - spread), Math.min(edge, look * step + spread))
    }
    return crossed
  })
}

/** Probability masses that represent a density. */
interface Masses {
  readonly at: readonly number[]
  readonly mass: readonly number[]
}

function massBeyond({ at, mass }: Masses, edge: number, step: number): number {
  return at.reduce((sum, from, k) => {
    const centre = from + step
    return sum + mass[k]! * (normal.cdf(centre - edge, 0, 1) + normal.cdf(-centre - edge, 0, 1))
  }, 0)
}

/** Returns the masses after one more step, where they lie between two numbers. */
function carried({ at, mass }: Masses, step: number, lower: number, upper: number): Masses {
  const { nodes, weights } = gaussLegendre(lower, upper, 2)
  return {
    at: nodes,
    mass: nodes.map((to, i) => {
      let density = 0
      for (let k = 0; k < at.length; k++) density += mass[k]! * Math.exp(-((to - at[k]! - step) ** 2) / 2)
      return (weights[i]! * density) / Math.sqrt(2 * Math.PI)
    }),
  }
}
