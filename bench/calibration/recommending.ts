import { recommend, simulateStudy } from 'copylab/analysis'
import { readStudy, type Treatment } from 'copylab/executor'
import { makeRandom } from '#copylab/analysis/statistics/numerics/random.js'
import { atLeast, type Draw, type Point, percent, yes } from './point.js'

/**
 * Distribution that the times of one setting are drawn from: mean and standard deviation of their
 * logarithm.
 */
interface Truth {
  readonly mean: number
  readonly sd: number
}

/** The settings of a simulated study, a truth for each, and how many blocks it has. */
interface Kind {
  readonly where: string
  readonly workers: readonly number[]
  readonly batchSizes: readonly number[]
  readonly blocks: number
  readonly truths: () => readonly Truth[]
}

/** Standard deviation of what the trials of a block share. */
const blockNoise = 0.05

const counts = (many: number, from = 1): number[] => Array.from({ length: many }, (_, k) => k + from)

/**
 * Standard deviations from 1 to 3 %, the noisiest settings first, so that chance favours one that
 * is not the best where means rise.
 */
function unequal(settings: number, step: number): Truth[] {
  return counts(settings, 0).map((k) => ({ mean: step * k, sd: 0.03 - (0.02 * k) / (settings - 1) }))
}

let reference: readonly Truth[] | null = null

/**
 * The means of the settings of the reference study, and the standard deviations of what its blocks
 * leave over.
 */
function referenceTruths(): readonly Truth[] {
  reference ??= readTruths()
  return reference
}

function readTruths(): Truth[] {
  const { plan, trials } = readStudy('reference-workers')
  const sameLevels = (a: Treatment, b: Treatment): boolean => a.workers === b.workers && a.batchSize === b.batchSize
  const logarithms = counts(plan.blocks).map((block) =>
    plan.treatments.map((treatment) => {
      const own = trials.find(
        (trial) => trial.phase === 'measured' && trial.block === block && sameLevels(trial.treatment, treatment),
      )
      if (own?.state !== 'completed') throw new Error(`Expected complete blocks in ${plan.name}, block ${block} is not`)
      return Math.log(own.totalMs)
    }),
  )
  const residuals = logarithms.map((row) => row.map((value) => value - mean(row)))
  return plan.treatments.map((_, column) => {
    const own = residuals.map((row) => row[column]!)
    const squares = own.reduce((sum, value) => sum + (value - mean(own)) ** 2, 0)
    return { mean: mean(logarithms.map((row) => row[column]!)), sd: Math.sqrt(squares / (own.length - 1)) }
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The grid of the reference study: 18 settings. */
const likeReference = { workers: [1, 2, 3, 4, 6, 8], batchSizes: [10_000, 20_000, 30_000], blocks: 30 }

const kinds: readonly Kind[] = [
  { where: "the reference study's means and spreads, 30 blocks", ...likeReference, truths: referenceTruths },
  {
    where: "equal means, the reference study's spreads, 30 blocks",
    ...likeReference,
    truths: () => referenceTruths().map(({ sd }) => ({ mean: 0, sd })),
  },
  ...[
    { workers: counts(2), batchSizes: [10_000, 20_000] },
    { workers: counts(6), batchSizes: [10_000, 20_000, 30_000] },
    { workers: counts(10), batchSizes: [5_000, 10_000, 20_000, 30_000] },
  ].flatMap((grid) =>
    [6, 8, 12].flatMap((blocks) =>
      [0, 0.005].map((step): Kind => {
        const settings = grid.workers.length * grid.batchSizes.length
        const means = step === 0 ? 'equal means' : `means ${percent(step)} apart`
        return {
          where: `${settings} settings, ${means}, spreads 1 to 3 %, ${blocks} blocks`,
          ...grid,
          blocks,
          truths: () => unequal(settings, step),
        }
      }),
    ),
  ),
]

/** How often the bound of a recommendation holds. */
export const recommending: readonly Point[] = kinds.map(
  (kind): Point<'holds' | 'upper' | 'regret'> => ({
    where: kind.where,
    studiesPerRound: 350,
    quantities: {
      holds: {
        what: '`recommend`: the recommended setting is no worse than the best by more than its bound',
        unit: 'share',
        criterion: atLeast(0.95),
      },
      upper: { what: 'the bound, mean', unit: 'share', criterion: null },
      regret: {
        what: 'how much worse than the best the recommended setting is in truth, mean',
        unit: 'share',
        criterion: null,
      },
    },
    draw: (seed) => recommended(kind, seed),
  }),
)

function recommended({ workers, batchSizes, blocks, truths }: Kind, seed: number): Draw<'holds' | 'upper' | 'regret'> {
  const random = makeRandom(seed)
  const all = truths()
  const truthOf = (treatment: Treatment): Truth =>
    all[workers.indexOf(treatment.workers) * batchSizes.length + batchSizes.indexOf(treatment.batchSize)]!
  const study = simulateStudy({
    workers,
    batchSizes,
    blocks,
    blockNoise,
    seed,
    observed: false,
    truth: (treatment) => {
      const { mean: center, sd } = truthOf(treatment)
      return { totalMs: 1000 * Math.exp(center + sd * random.normal()) }
    },
  })
  const { treatment, regret } = recommend(study, { why: false })
  const least = Math.min(...all.map((truth) => truth.mean))
  const inTruth = Math.expm1(truthOf(treatment!).mean - least)
  return { holds: yes(inTruth <= regret!.upper), upper: regret!.upper, regret: inTruth }
}
