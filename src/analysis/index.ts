/** `copylab/analysis`: from a study to frames, statistics, figures and verdicts. */

export {
  type BestSet,
  type BestSetOptions,
  type BestWorkersOptions,
  bestSet,
  bestWorkers,
  type Candidate,
} from './best-set.js'
export { checkStudy } from './check-study.js'
export {
  type ClaimedContrast,
  type Claims,
  claimOf,
  type ReportedRun,
  readClaims,
  type StatedClaim,
} from './claims.js'
export { compare } from './compare.js'
export { compareSpread, type SpreadComparison } from './compare-spread.js'
export type { Comparison, Pair } from './comparison.js'
export { type Confirmation, type ConfirmOptions, confirm } from './confirm.js'
export { type Activity, type ActivityFacts, activities, activityNames, activityOf } from './contention/activities.js'
export { type ExplainOptions, explain } from './contention/explain.js'
export type {
  ActivityChange,
  Explanation,
  LockShareChange,
  Side,
  SideChange,
  TimeChange,
} from './contention/explanation.js'
export { barrierTime, type WorkerTime, workerTime, workerTimes } from './contention/worker-time.js'
export { type ContextRow, contextRows } from './context.js'
export type { CompareOptions } from './contrast.js'
export { contrastedWorkers } from './contrasted-workers.js'
export { type ComparisonControls, type ControlResult, comparisonControls } from './controls.js'
export { decideSequentially } from './decide-sequentially.js'
export { type Deviations, deviations } from './deviations.js'
export { type DiffOptions, diffStudies, type ResultDifference, type StudyDifferences } from './diff-studies.js'
export {
  plotThroughput,
  plotTotalTime,
  type ThroughputOptions,
  throughputSeries,
  totalTimeSeries,
} from './figures/against-workers.js'
export {
  type BatchLatency,
  type BatchLatencyOptions,
  batchLatencies,
  batchLatencySeries,
  plotBatchLatency,
} from './figures/batch-latency.js'
export { type BestSetGroup, type BestSetRow, bestSetGroups, plotBestSets } from './figures/best-sets.js'
export { type ClaimRow, claimRows, plotClaims } from './figures/claims.js'
export { type ContrastRow, contrastRows, plotContrasts } from './figures/contrasts.js'
export type { Figure, JsonObject, JsonValue } from './figures/figure.js'
export type { RatioBand } from './figures/forest.js'
export { type HeatMapCell, type HeatMapOptions, heatMapSeries, plotHeatMap } from './figures/heat-map.js'
export {
  type InsertTimeOptions,
  type InsertTimeSeries,
  insertTimeSeries,
  plotInsertTime,
} from './figures/insert-time.js'
export type { LawCurve, LawPoint } from './figures/law-traces.js'
export {
  encodingAloneMs,
  type Phase,
  type PhaseSplit,
  type PhasesOptions,
  phaseSeries,
  plotPhases,
} from './figures/phases.js'
export { plotRequiredBlocks, type RequiredBlocksSeries, requiredBlocksSeries } from './figures/required-blocks.js'
export {
  type Quantity,
  type ResourceSeries,
  type ResourcesOptions,
  resourceSeries,
  type TimeColumn,
} from './figures/resource-series.js'
export { plotResources } from './figures/resources.js'
export {
  plotRunOrder,
  type RunOrderOptions,
  type RunOrderPoint,
  type RunOrderSeries,
  type RunOrderTrend,
  runOrderSeries,
  runOrderTrend,
  type TrialMark,
} from './figures/run-order.js'
export { plotScaling, type ScalingPoint, type ScalingSeries, scalingSeries } from './figures/scaling.js'
export { plotTimeline } from './figures/timeline.js'
export {
  type Stretch,
  type TimelineLane,
  type TimelineOptions,
  type TrialTimeline,
  timelineSeries,
  type WorkerPiece,
} from './figures/timeline-series.js'
export { plotWaterfall, type WaterfallRow, waterfallSeries } from './figures/waterfall.js'
export { plotWorkerSeconds, type WorkerSecondsBar, workerSecondsSeries } from './figures/worker-seconds.js'
export type { FigureOptions, SeriesPoint, WorkersSeries } from './figures/workers-series.js'
export type { Drift } from './findings/order-effects.js'
export type { StudyFinding } from './findings/study-finding.js'
export { type Frame, type OmittedColumn, omittedColumns, partsFrame, trialsFrame } from './frames.js'
export { type Interaction, type InteractionOptions, interaction } from './interaction.js'
export { type ClaimVerdict, type JudgeOptions, judgeClaims } from './judge-claims.js'
export { methodNumbers } from './method-numbers.js'
export {
  type DerivedMetric,
  type Metric,
  type MetricFacts,
  metrics,
  metricValue,
  type StoredMetric,
} from './metrics.js'
export { type FittedCurve, lackOfFit } from './models/lack-of-fit.js'
export type { Noise } from './models/noise-scale.js'
export {
  type ConvergedLeastSquares,
  fitLeastSquares,
  type LeastSquaresFit,
  type LeastSquaresProblem,
  type NotConverged,
} from './models/nonlinear-least-squares.js'
export { compareScalingModels, type ScalingModel } from './models/scaling-models.js'
export type { ScalingObservations } from './models/scaling-observations.js'
export { fitUsl } from './models/usl.js'
export { uslBand } from './models/usl-band.js'
export { type UslParameters, type UslShape, uslThroughput } from './models/usl-curve.js'
export type { ConvergedUsl, UslEstimate, UslFit, UslPeak } from './models/usl-fit.js'
export { type NoteArithmetic, noteArithmetic } from './note-arithmetic.js'
export { type NumericToken, numericTokens } from './numeric-tokens.js'
export type { ExcludedBlock } from './pair-blocks.js'
export type { QuotedNumber } from './phrase.js'
export { comparePrimary, primarySoFar } from './primary-so-far.js'
export { quotedNumbers } from './quoted-numbers.js'
export {
  type CompletedRow,
  type FailedRow,
  type PartRow,
  partRows,
  type TrialRow,
  type TrialRowsOptions,
  trialRows,
} from './rows.js'
export { fitScaling, type Scaling, type ScalingOptions } from './scaling.js'
export { differenceText } from './sentence.js'
export { type SimulateOptions, simulatedTreatment, simulateStudy, type Truth } from './simulate/simulate-study.js'
export { type AnovaEffect, type BlockAnova, blockAnova } from './statistics/block-anova.js'
export {
  type BootstrapIntervals,
  type BootstrapOptions,
  bcaAcceleration,
  bcaInterval,
  bootstrapIntervals,
  type Statistic,
} from './statistics/bootstrap.js'
export type { Matrix } from './statistics/checked-values.js'
export { type ComparisonsWithBestOptions, comparisonsWithBest } from './statistics/comparisons-with-best.js'
export { dunnettCritical } from './statistics/dunnett-critical.js'
export {
  type Equivalence,
  type EquivalenceOptions,
  equivalence,
  equivalenceTwoSample,
} from './statistics/equivalence.js'
export type { Estimate, Interval, LevelOptions } from './statistics/estimate.js'
export { type Friedman, friedman } from './statistics/friedman.js'
export {
  crossingProbabilities,
  type SequentialOptions,
  sequentialBounds,
  sequentialLevels,
} from './statistics/group-sequential.js'
export { holm } from './statistics/holm.js'
export type { FTest } from './statistics/least-squares.js'
export type { BestOptions, ComparisonsWithBest } from './statistics/means-with-best.js'
export { pairedRatio, type RatioEstimate } from './statistics/paired-ratio.js'
export { type PermutationTest, permutationTest } from './statistics/permutation.js'
export { median, quantile } from './statistics/quantile.js'
export { makeRandom, type Random } from './statistics/random.js'
export { type RankSum, rankSum } from './statistics/rank-sum.js'
export { type RequiredBlocksOptions, requiredBlocks } from './statistics/required-blocks.js'
export { type RandomizationOptions, type SignFlip, signFlip } from './statistics/sign-flip.js'
export { type SignedRank, signedRank } from './statistics/signed-rank.js'
export { type SpreadRatio, spreadRatio } from './statistics/spread-ratio.js'
export { tInterval } from './statistics/t-interval.js'
export { type TukeyPair, tukey } from './statistics/tukey.js'
export { type Welch, welch } from './statistics/welch.js'
export type { Difference } from './study-facts.js'
export { type StudyRow, studyRows } from './study-rows.js'
export { type SummariseOptions, type SummaryRow, summarise } from './summary.js'
export { formatNumber, type TableOptions, tableHtml, tableMarkdown } from './tables.js'
export { type Threat, threatsToValidity, type Validity } from './threats.js'
export type { Factor, Selection } from './treatments.js'
export { trialsCsv, writeTrialsCsv } from './trials-csv.js'
export { type Band, bandOf, judge, type Verdict } from './verdict.js'
