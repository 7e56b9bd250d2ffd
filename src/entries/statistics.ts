/** `copylab/statistics`: statistics of plain numbers, each with its source; no study is needed. */

// Values, and how sure an estimate is

export type { Estimate, Interval, LevelOptions } from '../analysis/statistics/estimate.js'
export type { Matrix } from '../analysis/statistics/numerics/matrix.js'
export { median, quantile } from '../analysis/statistics/numerics/quantile.js'
export { tInterval } from '../analysis/statistics/t-interval.js'

// Two samples in pairs

export { type RandomizationOptions, type SignFlip, signFlip } from '../analysis/statistics/further/sign-flip.js'
export { pairedRatio, type RatioEstimate } from '../analysis/statistics/paired-ratio.js'
export { type SignedRank, signedRank } from '../analysis/statistics/signed-rank.js'
export { type SpreadRatio, spreadRatio } from '../analysis/statistics/spread-ratio.js'

// Two independent samples

export { type PermutationTest, permutationTest } from '../analysis/statistics/further/permutation.js'
export { type RankSum, rankSum } from '../analysis/statistics/further/rank-sum.js'
export { type Welch, welch } from '../analysis/statistics/welch.js'

// No difference that matters

export {
  type Equivalence,
  type EquivalenceOptions,
  type EquivalenceTwoSampleOptions,
  equivalence,
  equivalenceTwoSample,
} from '../analysis/statistics/further/equivalence.js'

// Any statistic of a sample

export {
  type BootstrapIntervals,
  type BootstrapOptions,
  bcaInterval,
  bootstrapIntervals,
  type Statistic,
} from '../analysis/statistics/further/bootstrap.js'

// Several treatments in blocks, or several groups

export { type AnovaEffect, type BlockAnova, blockAnova } from '../analysis/statistics/further/block-anova.js'
export { type Friedman, friedman } from '../analysis/statistics/further/friedman.js'
export { type StudentisedRange, studentisedRange } from '../analysis/statistics/further/studentised-range.js'
export { type TukeyPair, tukey } from '../analysis/statistics/further/tukey.js'

// The best of several treatments

export { type ChoiceRegret, type ComparedWithChosen, choiceRegret } from '../analysis/statistics/choice-regret.js'
export { type ComparisonsWithBestOptions, comparisonsWithBest } from '../analysis/statistics/comparisons-with-best.js'
export { dunnettCritical } from '../analysis/statistics/dunnett-critical.js'
export type { BestOptions, ComparisonsWithBest } from '../analysis/statistics/means-with-best.js'

// Several tests, several looks, and how many blocks

export { holm } from '../analysis/statistics/further/holm.js'
export { type SequentialOptions, sequentialBounds, sequentialLevels } from '../analysis/statistics/group-sequential.js'
export { type RequiredBlocksOptions, requiredBlocks } from '../analysis/statistics/required-blocks.js'

// Curves, and the Universal Scalability Law

export type { CovariancePart } from '../analysis/scaling/delta-interval.js'
export { type FittedCurve, lackOfFit } from '../analysis/scaling/lack-of-fit.js'
export type { NoiseModel } from '../analysis/scaling/noise-scale.js'
export {
  type ConvergedLeastSquares,
  fitLeastSquares,
  type LeastSquaresFit,
  type LeastSquaresProblem,
  type NotConverged,
} from '../analysis/scaling/nonlinear-least-squares.js'
export { compareScalingModels, type ScalingModel } from '../analysis/scaling/scaling-models.js'
export type { ScalingObservations } from '../analysis/scaling/scaling-observations.js'
export type { ThroughputSpread } from '../analysis/scaling/throughput-interval.js'
export { type ConvergedUsl, fitUsl, type UslEstimate, type UslFit, type UslPeak } from '../analysis/scaling/usl.js'
export { uslBand } from '../analysis/scaling/usl-band.js'
export { type UslParameters, type UslShape, uslThroughput } from '../analysis/scaling/usl-curve.js'
export type { FTest } from '../analysis/statistics/least-squares.js'
