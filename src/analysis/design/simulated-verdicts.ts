import type { ClaimBounds } from '../../study/claim.js'
import { mapInterval } from '../statistics/estimate.js'
import { makeRandom } from '../statistics/numerics/random.js'
import { tInterval } from '../statistics/t-interval.js'
import { isTrueOf, judge, type Verdict } from '../verdict/verdict.js'

/** The question that a planned study is to decide, what is true of it, and the noise to expect. */
export interface PlannedStudy {
  readonly claim: ClaimBounds
  /** The largest difference that does not matter, as a share. */
  readonly margin: number
  /** Confidence level of the interval that is judged. */
  readonly level: number
  /** The true ratio a / b. */
  readonly truth: number
  /** Deviations of single blocks from their mean log ratio, from which those to come are drawn. */
  readonly deviations: readonly number[]
  /** Standard deviation of the log ratio between replicates, in addition to that of blocks. */
  readonly sessionSd: number
}

/**
 * How a planned study is replicated: the replicates are what the interval is of, each the mean of
 * some blocks.
 */
export interface Replication {
  readonly replicates: number
  readonly blocks: number
}

/** The share of simulated studies that end with each verdict; they add up to 1. */
export type VerdictShares = { readonly [verdict in Verdict]: number }

/** Number of studies that are simulated for each size: a share of 0.9 is then known to ±0.005. */
export const simulatedStudies = 4000

/**
 * Simulates planned studies and judges each as a measured one is judged: Student's t interval of
 * the replicates' log ratios against the claimed band and the margin. The same seed draws the same
 * studies.
 */
export function simulatedVerdicts(
  { claim, margin, level, truth, deviations, sessionSd }: PlannedStudy,
  { replicates, blocks }: Replication,
  seed: number,
): VerdictShares {
  const random = makeRandom(seed)
  const centre = Math.log(truth)
  const logRatios = new Array<number>(replicates).fill(0)
  const counts = { supported: 0, equivalent: 0, refuted: 0, undecided: 0 }
  for (let study = 0; study < simulatedStudies; study++) {
    for (let k = 0; k < replicates; k++) {
      let sum = 0
      for (let block = 0; block < blocks; block++) sum += deviations[random.integerBelow(deviations.length)]!
      logRatios[k] = centre + sum / blocks + (sessionSd > 0 ? sessionSd * random.normal() : 0)
    }
    const { interval } = tInterval(logRatios, { level })
    counts[judge(mapInterval(interval!, Math.exp), claim, margin)]++
  }
  return {
    supported: counts.supported / simulatedStudies,
    equivalent: counts.equivalent / simulatedStudies,
    refuted: counts.refuted / simulatedStudies,
    undecided: counts.undecided / simulatedStudies,
  }
}

/** Returns the share of simulated studies that end with a verdict which is true. */
export function decidedShare(verdicts: VerdictShares, { truth, claim, margin }: PlannedStudy): number {
  const words = Object.keys(verdicts) as Verdict[]
  return words.reduce((sum, word) => sum + (isTrueOf(truth, word, claim, margin) ? verdicts[word] : 0), 0)
}

/**
 * Returns whether a truth lies on an edge that no number of blocks decides: however narrow the
 * interval about it, no verdict follows.
 */
export function isOnEdge({ truth, claim, margin }: Pick<PlannedStudy, 'truth' | 'claim' | 'margin'>): boolean {
  const narrow = { level: 1, lower: truth * (1 - 1e-9), upper: truth * (1 + 1e-9) }
  return judge(narrow, claim, margin) === 'undecided'
}
