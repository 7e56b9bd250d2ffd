/** `copylab/analysis`: from a study to frames, statistics, figures and verdicts. */

export {
  type ClaimedContrast,
  type Claims,
  claimOf,
  type ReportedRun,
  readClaims,
  type StatedClaim,
} from './claims.js'
export { type CompareOptions, compare } from './compare.js'
export type { Comparison, ExcludedBlock, Pair } from './comparison.js'
export { type ContextRow, contextRows } from './context.js'
export { contrastedWorkers } from './contrasted-workers.js'
export { plotThroughput, plotTotalTime, throughputSeries, totalTimeSeries } from './figures/against-workers.js'
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
export type { FigureOptions, SeriesPoint, WorkersSeries } from './figures/workers-series.js'
export { type Frame, type OmittedColumn, omittedColumns, partsFrame, trialsFrame } from './frames.js'
export { type Metric, type MetricFacts, metrics } from './metrics.js'
export { type NoteArithmetic, noteArithmetic } from './note-arithmetic.js'
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
export { tInterval } from './statistics/t-interval.js'
export { type SummariseOptions, type SummaryRow, summarise } from './summary.js'
export { formatNumber, type TableOptions, tableHtml, tableMarkdown } from './tables.js'
export type { Factor, Selection } from './treatments.js'
export { type Band, bandOf, type Claim, judge, type Shares, type Verdict } from './verdict.js'
