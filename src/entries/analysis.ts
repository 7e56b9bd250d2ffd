/** `copylab/analysis`: from a study to frames, statistics, figures and verdicts. */

export {
  type BestSet,
  type BestSetOptions,
  type BestWorkersOptions,
  bestSet,
  bestWorkers,
  type Candidate,
} from '../analysis/compare/best-set.js'
export { type Comparison, compare } from '../analysis/compare/compare.js'
export { compareSpread, type SpreadComparison } from '../analysis/compare/compare-spread.js'
export { type Confirmation, type ConfirmOptions, confirm } from '../analysis/compare/confirm.js'
export type { CompareOptions, ContrastPair } from '../analysis/compare/contrast.js'
export { type ComparisonControls, type ControlResult, comparisonControls } from '../analysis/compare/controls.js'
export {
  type Interaction,
  type InteractionFactors,
  type InteractionGrid,
  type InteractionOptions,
  interaction,
  interactionGrid,
} from '../analysis/compare/interaction.js'
export { comparePrimary, decideSequentially, primarySoFar } from '../analysis/compare/interim.js'
export type { ExcludedBlock } from '../analysis/compare/pair-blocks.js'
export { contrastSettings } from '../analysis/contrast-settings.js'
export {
  type Activity,
  type ActivityFacts,
  type ActivitySide,
  activities,
  activityNames,
  activityOf,
} from '../analysis/explain/activities.js'
export {
  type ActivityChange,
  type ExplainOptions,
  type Explanation,
  explain,
  type LockShareChange,
  type SideChange,
  type TimeChange,
} from '../analysis/explain/explain.js'
export { reasonWords } from '../analysis/explain/explain-words.js'
export type { ClientWork, SpentTime, TimeSpent, TimeSpentOptions } from '../analysis/explain/time-spent.js'
export { barrierTime, type WorkerTime, workerTime, workerTimes } from '../analysis/explain/worker-time.js'
export {
  plotThroughput,
  plotTotalTime,
  type ThroughputOptions,
  throughputSeries,
  totalTimeSeries,
} from '../analysis/figures/against-workers.js'
export { type BestSetGroup, type BestSetRow, bestSetGroups, plotBestSets } from '../analysis/figures/best-sets.js'
export { type ContrastRow, contrastRows, plotContrasts } from '../analysis/figures/contrasts.js'
export type { Figure, JsonObject, JsonValue } from '../analysis/figures/drawing/figure.js'
export type { RatioBand } from '../analysis/figures/drawing/forest.js'
export { isEmptyFigure } from '../analysis/figures/drawing/is-empty-figure.js'
export type { LawCurve, LawPoint } from '../analysis/figures/drawing/law-traces.js'
export { type HeatMapCell, type HeatMapOptions, heatMapSeries, plotHeatMap } from '../analysis/figures/heat-map.js'
export {
  type InsertTimeOptions,
  type InsertTimeSeries,
  insertTimeSeries,
  plotInsertTime,
  type ReportedInsertTime,
} from '../analysis/figures/insert-time.js'
export {
  plotRequiredBlocks,
  type RequiredBlocksSeries,
  requiredBlocksSeries,
} from '../analysis/figures/required-blocks.js'
export {
  plotRunOrder,
  type RunOrderOptions,
  type RunOrderPoint,
  type RunOrderSeries,
  type RunOrderTrend,
  runOrderSeries,
  runOrderTrend,
  type TrialMark,
} from '../analysis/figures/run-order.js'
export { plotScaling, type ScalingPoint, type ScalingSeries, scalingSeries } from '../analysis/figures/scaling.js'
export {
  type BatchLatency,
  type BatchLatencyOptions,
  batchLatencies,
  batchLatencySeries,
  plotBatchLatency,
} from '../analysis/figures/time/batch-latency.js'
export {
  encodingAloneMs,
  type Phase,
  type PhaseSplit,
  type PhasesOptions,
  phaseSeries,
  plotPhases,
} from '../analysis/figures/time/phases.js'
export {
  type Quantity,
  type ResourceSeries,
  type ResourcesOptions,
  resourceSeries,
  type TimeColumn,
} from '../analysis/figures/time/resource-series.js'
export { plotResources } from '../analysis/figures/time/resources.js'
export { plotTimeline } from '../analysis/figures/time/timeline.js'
export {
  type Segment,
  type TimelineOptions,
  type TimelineWorker,
  type TrialTimeline,
  timelineSeries,
  type WorkerSegment,
} from '../analysis/figures/time/timeline-series.js'
export { plotWaterfall, type WaterfallRow, waterfallSeries } from '../analysis/figures/time/waterfall.js'
export {
  plotWorkerSeconds,
  type WorkerSecondsBar,
  workerSecondsSeries,
} from '../analysis/figures/time/worker-seconds.js'
export type { FigureOptions, SeriesPoint, WorkersSeries } from '../analysis/figures/workers-series.js'
export { metricValue } from '../analysis/metric-value.js'
export { hasChoice, type NotCandidate } from '../analysis/recommend/candidates.js'
export {
  type OtherSetting,
  type Recommendation,
  type RecommendOptions,
  type Regret,
  recommend,
  type Settling,
} from '../analysis/recommend/recommend.js'
export { recommendationMethodWords, recommendationWords } from '../analysis/recommend/recommendation-words.js'
export type { RecommendationWhy } from '../analysis/recommend/why.js'
export { type FittedCurve, lackOfFit } from '../analysis/scaling/lack-of-fit.js'
export type { NoiseModel } from '../analysis/scaling/noise-scale.js'
export {
  type ConvergedLeastSquares,
  fitLeastSquares,
  type LeastSquaresFit,
  type LeastSquaresProblem,
  type NotConverged,
} from '../analysis/scaling/nonlinear-least-squares.js'
export { fitScaling, type Scaling, type ScalingOptions } from '../analysis/scaling/scaling.js'
export { compareScalingModels, type ScalingModel } from '../analysis/scaling/scaling-models.js'
export type { ScalingObservations } from '../analysis/scaling/scaling-observations.js'
export { type ConvergedUsl, fitUsl, type UslEstimate, type UslFit, type UslPeak } from '../analysis/scaling/usl.js'
export { uslBand } from '../analysis/scaling/usl-band.js'
export { type UslParameters, type UslShape, uslThroughput } from '../analysis/scaling/usl-curve.js'
export {
  type SimulatedTruth,
  type SimulateOptions,
  simulatedTreatment,
  simulateStudy,
} from '../analysis/simulate/simulate-study.js'
export {
  type ChoiceRegret,
  type ComparedWithChosen,
  choiceRegret,
} from '../analysis/statistics/choice-regret.js'
export { type ComparisonsWithBestOptions, comparisonsWithBest } from '../analysis/statistics/comparisons-with-best.js'
export { dunnettCritical } from '../analysis/statistics/dunnett-critical.js'
export type { Estimate, Interval, LevelOptions } from '../analysis/statistics/estimate.js'
export { type AnovaEffect, type BlockAnova, blockAnova } from '../analysis/statistics/further/block-anova.js'
export {
  type BootstrapIntervals,
  type BootstrapOptions,
  bcaAcceleration,
  bcaInterval,
  bootstrapIntervals,
  type Statistic,
} from '../analysis/statistics/further/bootstrap.js'
export {
  type Equivalence,
  type EquivalenceOptions,
  equivalence,
  equivalenceTwoSample,
} from '../analysis/statistics/further/equivalence.js'
export { type Friedman, friedman } from '../analysis/statistics/further/friedman.js'
export { holm } from '../analysis/statistics/further/holm.js'
export { type PermutationTest, permutationTest } from '../analysis/statistics/further/permutation.js'
export { type RankSum, rankSum } from '../analysis/statistics/further/rank-sum.js'
export { type RandomizationOptions, type SignFlip, signFlip } from '../analysis/statistics/further/sign-flip.js'
export { type TukeyPair, tukey } from '../analysis/statistics/further/tukey.js'
export {
  crossingProbabilities,
  type SequentialOptions,
  sequentialBounds,
  sequentialLevels,
} from '../analysis/statistics/group-sequential.js'
export type { FTest } from '../analysis/statistics/least-squares.js'
export type { BestOptions, ComparisonsWithBest } from '../analysis/statistics/means-with-best.js'
export type { Matrix } from '../analysis/statistics/numerics/checked-values.js'
export { median, quantile } from '../analysis/statistics/numerics/quantile.js'
export { makeRandom, type Random } from '../analysis/statistics/numerics/random.js'
export { pairedRatio, type RatioEstimate } from '../analysis/statistics/paired-ratio.js'
export { type RequiredBlocksOptions, requiredBlocks } from '../analysis/statistics/required-blocks.js'
export { type SignedRank, signedRank } from '../analysis/statistics/signed-rank.js'
export { type SpreadRatio, spreadRatio } from '../analysis/statistics/spread-ratio.js'
export { tInterval } from '../analysis/statistics/t-interval.js'
export { type Welch, welch } from '../analysis/statistics/welch.js'
export { type ContextRow, contextRows } from '../analysis/tables/context.js'
export {
  type DiffOptions,
  diffStudies,
  type LastSession,
  type ResultDifference,
  type StudyDifferences,
} from '../analysis/tables/diff-studies.js'
export { type Frame, type OmittedColumn, omittedColumns, partsFrame, trialsFrame } from '../analysis/tables/frames.js'
export {
  type CompletedRow,
  type FailedRow,
  type PartRow,
  partRows,
  type TrialRow,
  type TrialRowsOptions,
  trialRows,
} from '../analysis/tables/rows.js'
export type { Difference } from '../analysis/tables/study-facts.js'
export { type StudyRow, studyRows } from '../analysis/tables/study-rows.js'
export { type SummariseOptions, type SummaryRow, summarise } from '../analysis/tables/summary.js'
export { formatNumber, type TableOptions, tableHtml, tableMarkdown } from '../analysis/tables/tables.js'
export { trialsCsv, writeTrialsCsv } from '../analysis/tables/trials-csv.js'
export { type NumericToken, numericTokens } from '../analysis/text/numeric-tokens.js'
export { type Fragment, type Phrase, phrase, type QuotedNumber } from '../analysis/text/phrase.js'
export { differenceText } from '../analysis/text/sentence.js'
export { checkStudy } from '../analysis/validity/check-study.js'
export {
  type Deviation,
  type Deviations,
  deviations,
  type RegisteredPlan,
} from '../analysis/validity/deviations.js'
export { busyHost, type OthersUse, othersUse, standingBusyHost } from '../analysis/validity/disturbed/busy-host.js'
export { busyHostWarning } from '../analysis/validity/disturbed/busy-host-words.js'
export type * from '../analysis/validity/study-finding.js'
export type { Limit, OneMachine, Threat, Validity } from '../analysis/validity/threat.js'
export { threatsToValidity } from '../analysis/validity/threats.js'
export { type Direction, type Matters, type Size, type VerdictParts, verdictParts } from '../analysis/verdict/parts.js'
export type { Rule } from '../analysis/verdict/rule.js'
export { judge, type Verdict, verdictRules } from '../analysis/verdict/verdict.js'
export { verdictRulesWords } from '../analysis/verdict/verdict-words.js'
export type { AnalysisResult } from '../analysis/words.js'
export type { ClaimBounds } from '../study/claim.js'
export { type Disturbance, undisturbedTrials } from '../study/disturbed.js'
export { type DerivedMetric, type Metric, type MetricFacts, metrics, type StoredMetric } from '../study/metric.js'
export type { Factor, Selection } from '../study/treatment.js'
export * from './claims.js'
