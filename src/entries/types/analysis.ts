/** Types of answers, tables, words and figures, and of their options. */

export type { BestSet, BestSetOptions, BestSetsOptions, Candidate } from '../../analysis/compare/best-set.js'
export type { Comparison } from '../../analysis/compare/compare.js'
export type { SpreadComparison } from '../../analysis/compare/compare-spread.js'
export type { Confirmation, ConfirmOptions } from '../../analysis/compare/confirm.js'
export type { CompareOptions, ContrastPair } from '../../analysis/compare/contrast.js'
export type { AddedWork, ComparisonControls, ControlResult } from '../../analysis/compare/controls.js'
export type { GroupOptions } from '../../analysis/compare/group-treatments.js'
export type { Interaction, InteractionFactors, InteractionOptions } from '../../analysis/compare/interaction.js'
export type { ExcludedBlock } from '../../analysis/compare/pair-blocks.js'
export type { SessionRatio } from '../../analysis/compare/session-ratios.js'
export type { Activity, ActivityFacts, ActivitySide } from '../../analysis/explain/activities.js'
export type { CauseName } from '../../analysis/explain/causes/causes.js'
export type { Cause, CauseState, Intervention } from '../../analysis/explain/causes/judge-causes.js'
export type { DoseResponseOptions, DoseResponseRow } from '../../analysis/explain/dose-response.js'
export type {
  ActivityChange,
  ExplainOptions,
  Explanation,
  LockShareChange,
  Reason,
  SideChange,
  TestedCauses,
  TimeChange,
} from '../../analysis/explain/explain.js'
export type { LayoutCost, LayoutCostOptions, LayoutReadings } from '../../analysis/explain/layout-costs.js'
export type { NodeActivity, NodeTime } from '../../analysis/explain/node-times.js'
export type { ClientWork, SpentTime, TimeSpent, TimeSpentOptions } from '../../analysis/explain/time-spent.js'
export type { Contribution, SideContribution } from '../../analysis/explain/wall-clock/contributions.js'
export type { DemandPart, TimeFactor, TimeIdentity } from '../../analysis/explain/wall-clock/time-identity.js'
export type { WallClock } from '../../analysis/explain/wall-clock/wall-clock.js'
export type { ContributionName } from '../../analysis/explain/wall-clock/wall-time.js'
export type { ThroughputOptions } from '../../analysis/figures/against-workers.js'
export type { Figure, JsonObject, JsonValue } from '../../analysis/figures/drawing/figure.js'
export type { HeatMapOptions } from '../../analysis/figures/heat-map.js'
export type { InsertTimeOptions, ReportedInsertTime } from '../../analysis/figures/insert-time.js'
export type { RunOrderOptions, TrialMark } from '../../analysis/figures/run-order.js'
export type { PlainFigure } from '../../analysis/figures/styled-figure.js'
export type { BatchLatencyOptions } from '../../analysis/figures/time/batch-latency.js'
export type { PhasesOptions } from '../../analysis/figures/time/phases.js'
export type { ResourcesOptions } from '../../analysis/figures/time/resource-series.js'
export type { TimelineOptions } from '../../analysis/figures/time/timeline-series.js'
export type { FigureOptions } from '../../analysis/figures/workers-series.js'
export type { NotCandidate } from '../../analysis/recommend/candidates.js'
export type {
  OtherSetting,
  Recommendation,
  RecommendationMethod,
  RecommendOptions,
  Regret,
  Settling,
} from '../../analysis/recommend/recommend.js'
export type { RecommendationWhy } from '../../analysis/recommend/why.js'
export type { Basis } from '../../analysis/replicates/replicates.js'
export type { VarianceComponents } from '../../analysis/replicates/variance-components.js'
export type { CovariancePart } from '../../analysis/scaling/delta-interval.js'
export type { NoiseModel } from '../../analysis/scaling/noise-scale.js'
export type { NotConverged } from '../../analysis/scaling/nonlinear-least-squares.js'
export type { Scaling, ScalingOptions } from '../../analysis/scaling/scaling.js'
export type { ScalingModel } from '../../analysis/scaling/scaling-models.js'
export type { ScalingObservations } from '../../analysis/scaling/scaling-observations.js'
export type { ThroughputSpread } from '../../analysis/scaling/throughput-interval.js'
export type { ConvergedUsl, UslEstimate, UslFit, UslPeak } from '../../analysis/scaling/usl.js'
export type { UslParameters, UslShape } from '../../analysis/scaling/usl-curve.js'
export type { SimulateOptions } from '../../analysis/simulate/simulate-study.js'
export type { SimulatedTruth } from '../../analysis/simulate/simulated-trial.js'
export type { Estimate, Interval } from '../../analysis/statistics/estimate.js'
export type { FTest } from '../../analysis/statistics/least-squares.js'
export type { RatioEstimate } from '../../analysis/statistics/paired-ratio.js'
export type { SignedRank } from '../../analysis/statistics/signed-rank.js'
export type { SpreadRatio } from '../../analysis/statistics/spread-ratio.js'
export type { ContextRow } from '../../analysis/tables/context.js'
export type {
  DiffOptions,
  LastSession,
  ResultDifference,
  StudyDifferences,
} from '../../analysis/tables/diff-studies.js'
export type { Frame, OmittedColumn } from '../../analysis/tables/frames.js'
export type { CompletedRow, FailedRow, PartRow, TrialRow, TrialRowsOptions } from '../../analysis/tables/rows.js'
export type { Difference } from '../../analysis/tables/study-facts.js'
export type { StudyRow } from '../../analysis/tables/study-rows.js'
export type { SummariseOptions, SummaryRow } from '../../analysis/tables/summary.js'
export type { TableOptions } from '../../analysis/tables/tables.js'
export type { Fragment, Phrase, QuotedNumber } from '../../analysis/text/phrase.js'
export type { ProgramClock } from '../../analysis/text/program-clock.js'
export type { Contrasted } from '../../analysis/text/sentence.js'
export type { MentionedValues } from '../../analysis/text/setting-numbers.js'
export type { Deviation, Deviations, PreregisteredPlan } from '../../analysis/validity/deviations.js'
export type {
  AutovacuumTrials,
  BlockEntry,
  BlockedTrials,
  BlockGap,
  BusyHost,
  ChangedSession,
  CheckpointTrials,
  ClockDrift,
  DamagedLines,
  DisturbedTrials,
  DisturbingDoubt,
  Doubt,
  Drift,
  DriftedTimes,
  FailedTrials,
  IdleWorkers,
  InterruptedTrials,
  LargeBatches,
  LevelsWithoutEffect,
  LongRoundTrips,
  MemoryGrowth,
  MissingTrials,
  NamedTreatments,
  PositionEffect,
  Reload,
  RepeatedTrials,
  SaturatedClient,
  ServerOfStudy,
  SessionCode,
  SessionFinding,
  ShortTrials,
  StolenTime,
  StudyFinding,
  TornBlocks,
  TrialSpan,
} from '../../analysis/validity/study-finding.js'
export type { Limit, OneMachine, Threat, Validity } from '../../analysis/validity/threat.js'
export type { Direction, Matters, Size, VerdictParts } from '../../analysis/verdict/parts.js'
export type { Verdict } from '../../analysis/verdict/verdict.js'
export type { AnalysisResult } from '../../analysis/words.js'
