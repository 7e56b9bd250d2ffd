import { compare, type SimulateOptions, simulateStudy } from 'copylab/analysis'
import { bcaInterval, signedRank } from 'copylab/statistics'
import { atLeast, atMost, covers, type Draw, type Point, percent, type Quantity, yes } from './point.js'

const spreads = [0.02, 0.05, 0.1, 0.16]
const blockCounts = [6, 12, 30]
/** Ratio of the time of 2 workers to that of 4, where there is a difference. */
const trueRatio = 0.9
const contrast = { a: { workers: 2 }, b: { workers: 4 }, claim: { fasterBy: [0.05, 0.15] } } as const

/** Times of which those of 2 workers have the given ratio to the others. */
function truthOf(ratio: number): SimulateOptions['truth'] {
  return ({ workers }) => ({ totalMs: workers === 2 ? 10_000 * ratio : 10_000 })
}

/**
 * A study of 2 and 4 workers whose log ratio has the standard deviation `sd`: each of its two
 * trials has 1/√2 of it.
 */
function ratioOptions(ratio: number, sd: number, blocks: number): SimulateOptions {
  return {
    blocks,
    noise: sd / Math.SQRT2,
    observed: false,
    truth: truthOf(ratio),
  }
}

const eachSpread = spreads.flatMap((sd) => blockCounts.map((blocks) => ({ sd, blocks })))
const whereOf = (sd: number, blocks: number): string => `ratio SD ${percent(sd)}, ${blocks} blocks`

/** Noise as in a textbook. */
const undisturbed: readonly Point[] = eachSpread.map(({ sd, blocks }) => ({
  where: whereOf(sd, blocks),
  studiesPerRound: 1000,
  quantities: {
    t: quantityOf('`compare`: coverage of the 95 % interval, normal noise', { least: 0.94, most: 0.96 }),
    rank: {
      ...quantityOf('coverage of the exact signed-rank interval, normal noise', atLeast(achievedLevel(blocks))),
      criterionText: '≥ its achieved level',
    },
  },
  draw: (seed) => coverage({ ...ratioOptions(trueRatio, sd, blocks), seed }),
}))

const disturbances: readonly { readonly name: string; readonly options: Partial<SimulateOptions> }[] = [
  { name: 'block effects of 10 %', options: { blockNoise: 0.1 } },
  { name: 'a drift of 20 %', options: { drift: 0.2 } },
  { name: '5 % outliers, 1.5 times as slow', options: { outliers: { share: 0.05, factor: 1.5 } } },
  { name: "heavy tails (Student's t, 3 df)", options: { tails: 3 } },
]

/** Noise as on a machine. */
const disturbed: readonly Point[] = disturbances.flatMap(({ name, options }) =>
  eachSpread.map(({ sd, blocks }) => ({
    where: `${whereOf(sd, blocks)}, ${name}`,
    studiesPerRound: 200,
    quantities: {
      t: quantityOf(
        '`compare`: coverage of the 95 % interval, with block effects, drift, outliers or heavy tails',
        atLeast(0.93),
      ),
      rank: quantityOf('coverage of the exact signed-rank interval, with the same disturbances', atLeast(0.93)),
    },
    draw: (seed) => coverage({ ...ratioOptions(trueRatio, sd, blocks), ...options, seed }),
  })),
)

/** The bootstrap is slow: one spread, and fewer studies. */
const bootstrapped: readonly Point[] = blockCounts.map((blocks) => ({
  where: whereOf(0.05, blocks),
  studiesPerRound: 200,
  quantities: { bca: quantityOf('coverage of the BCa interval of the mean log ratio, normal noise', null) },
  draw: (seed) => {
    const { pairs } = compare(simulateStudy({ ...ratioOptions(trueRatio, 0.05, blocks), seed }), contrast)
    const logRatios = pairs.map(({ ratio }) => Math.log(ratio))
    return { bca: covers(bcaInterval(logRatios, meanOf, { resamples: 2000, seed }), Math.log(trueRatio)) }
  },
}))

/** No difference at all, between two treatments and between a treatment and its A/A control. */
const identical: readonly Point[] = eachSpread.map(({ sd, blocks }) => ({
  where: whereOf(sd, blocks),
  studiesPerRound: 1000,
  quantities: {
    different: quantityOf('`compare`: treatments without a difference are called different', atMost(0.05)),
    control: quantityOf('A/A control: called different', atMost(0.05)),
    supported: quantityOf('`compare`: 5–15 % faster called supported without a difference', atMost(0.05)),
  },
  draw: (seed) => {
    const study = simulateStudy({ ...ratioOptions(1, sd, blocks), controls: ['aa'], seed })
    const { better, verdict, controls } = compare(study, contrast)
    return {
      different: yes(better !== null),
      control: yes(controls.aa?.detected === true),
      supported: yes(verdict === 'supported'),
    }
  },
}))

const sessionSizes = [
  { sessions: 6, each: 4 },
  { sessions: 6, each: 12 },
  { sessions: 12, each: 4 },
]

/** Sessions whose ratios differ by as much as those of blocks within one, or by half of it. */
const inSessions: readonly Point[] = sessionSizes.flatMap(({ sessions, each }) =>
  [0.01, 0.02].map((sessionNoise): Point => {
    const noise = 0.02
    const options = { blocks: sessions * each, sessions, noise, sessionNoise, observed: false } as const
    return {
      where: `${sessions} sessions of ${each} blocks, SD ${percent(sessionNoise)} between and ${percent(noise)} within`,
      studiesPerRound: 500,
      quantities: {
        t: quantityOf('`compare`, in sessions: coverage of the 95 % interval', { least: 0.93, most: 0.97 }),
        different: quantityOf(
          '`compare`, in sessions: treatments without a difference are called different',
          atMost(0.05),
        ),
        control: quantityOf('A/A control, in sessions: called different', atMost(0.05)),
      },
      draw: (seed) => {
        const faster = compare(simulateStudy({ ...options, truth: truthOf(trueRatio), seed }), contrast)
        const alike = simulateStudy({ ...options, truth: truthOf(1), controls: ['aa'], seed })
        const { better, controls } = compare(alike, contrast)
        return {
          t: covers(faster.estimate?.interval ?? null, trueRatio),
          different: yes(better !== null),
          control: yes(controls.aa?.detected === true),
        }
      },
    }
  }),
)

export const comparing: readonly Point[] = [...undisturbed, ...disturbed, ...bootstrapped, ...identical, ...inSessions]

function quantityOf(what: string, criterion: Quantity['criterion']): Quantity {
  return { what, unit: 'share', criterion }
}

function coverage(options: SimulateOptions): Draw<'t' | 'rank'> {
  const { estimate, signedRank } = compare(simulateStudy(options), contrast)
  return {
    t: covers(estimate?.interval ?? null, trueRatio),
    rank: covers(signedRank?.estimate.interval ?? null, trueRatio),
  }
}

/** The level that the signed-rank interval achieves with n differences. */
function achievedLevel(blocks: number): number {
  const differences = Array.from({ length: blocks }, (_, k) => k + 1)
  return signedRank(differences).estimate.interval!.level
}

function meanOf(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
