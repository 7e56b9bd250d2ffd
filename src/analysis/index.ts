/** `copylab/analysis`: from a study to frames, statistics, figures and verdicts. */

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
export { plotThroughput, plotTotalTime, throughputSeries, totalTimeSeries } from './figures/against-workers.js'
export {
  type BatchLatency,
  type BatchLatencyOptions,
  batchLatencies,
  batchLatencySeries,
  plotBatchLatency,
} from './figures/batch-latency.js'
export { type ContrastRow, contrastRows, plotContrasts } from './figures/contrasts.js'
export type { Figure, JsonObject, JsonValue } from './figures/figure.js'
export { type HeatMapCell, type HeatMapOptions, heatMapSeries, plotHeatMap } from './figures/heat-map.js'
export {
  type InsertTimeOptions,
  type InsertTimeSeries,
  insertTimeSeries,
  plotInsertTime,
} from './figures/insert-time.js'
export {
  encodingAloneMs,
  type Phase,
  type PhaseSplit,
  type PhasesOptions,
  phaseSeries,
  plotPhases,
} from './figures/phases.js'
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
  runOrderSeries,
  type TrialMark,
} from './figures/run-order.js'
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
export type { StudyFinding } from './findings/study-finding.js'
export { type Frame, type OmittedColumn, omittedColumns, partsFrame, trialsFrame } from './frames.js'
export {
  type DerivedMetric,
  type Metric,
  type MetricFacts,
  metrics,
  metricValue,
  type StoredMetric,
} from './metrics.js'
export { type NoteArithmetic, noteArithmetic } from './note-arithmetic.js'
export type { ExcludedBlock } from './pair-blocks.js'
export {
  type CompletedRow,
  type FailedRow,
  type PartRow,
  partRows,
  type TrialRow,
  type TrialRowsOptions,
  trialRows,
} from './rows.js'
export { differenceText } from './sentence.js'
export type { Estimate, Interval, LevelOptions } from './statistics/estimate.js'
export { pairedRatio, type RatioEstimate } from './statistics/paired-ratio.js'
export { median, quantile } from './statistics/quantile.js'
export { type RequiredBlocksOptions, requiredBlocks } from './statistics/required-blocks.js'
export { type SignedRank, signedRank } from './statistics/signed-rank.js'
export { type SpreadRatio, spreadRatio } from './statistics/spread-ratio.js'
export { tInterval } from './statistics/t-interval.js'
export { type SummariseOptions, type SummaryRow, summarise } from './summary.js'
export { formatNumber, type TableOptions, tableHtml, tableMarkdown } from './tables.js'
export type { Factor, Selection } from './treatments.js'
export { type Band, bandOf, judge, type Verdict } from './verdict.js'
