/** Types of a study: its plan, its trials and what was read while they ran, its journal. */

export type { Disturbance } from '../../study/blocks/disturbed.js'
export type { Claim, ClaimBounds, Shares } from '../../study/claim.js'
export type {
  ClusterFacts,
  Context,
  CoreTopology,
  ExistingRestore,
  FileContent,
  InputFacts,
  MachineFacts,
  NodeFacts,
  ServerFacts,
  StorageFacts,
  SyncTime,
} from '../../study/context.js'
export type { Factors, LeftOut } from '../../study/design.js'
export type {
  ChoiceFactor,
  CountFactor,
  EffectContext,
  FactorEntry,
  FactorFacts,
  LevelOf,
  LimitFactor,
  MeaningContext,
  NamedFactor,
  SpelledFactor,
  SwitchFactor,
} from '../../study/factors/factor.js'
export type { LayoutChange, LayoutPartitions } from '../../study/factors/layouts.js'
export type { LoaderProgram } from '../../study/factors/loaders.js'
export type { Meaning, MeaningOf, Meanings, NamedFactorName, NamedLevels } from '../../study/factors/meanings.js'
export type { Settings } from '../../study/factors/settings.js'
export type { Finding, FindingCode } from '../../study/finding.js'
export type { DamagedLine } from '../../study/journal/damage.js'
export type { ReadOptions } from '../../study/journal/studies.js'
export type { ControlOptions, Described, PlanOptions } from '../../study/make-plan.js'
export type { DerivedMetric, Metric, MetricFacts, StoredMetric } from '../../study/metric.js'
export type { Controls, Plan } from '../../study/plan.js'
export type {
  Bound,
  ExcludableFinding,
  PreregisteredClaims,
  Preregistration,
  PreregistrationOptions,
  PrimaryContrast,
  PrimaryOptions,
  StopRule,
} from '../../study/preregistration.js'
export type {
  Blocker,
  ClientSeries,
  IndexSize,
  Interruption,
  NodeReading,
  Probe,
  Probes,
  ServerSeries,
  WaitEvent,
  Waits,
  WaitsTimeline,
  WorkerReading,
} from '../../study/readings.js'
export type { EarlyStop, FailureCounts, Interim, Progress, StoredTrials, Study } from '../../study/study.js'
export type {
  Definition,
  TableColumn,
  TablePart,
  TableReference,
  TableSource,
  TableTrigger,
} from '../../study/table/definition.js'
export type { Column, ColumnType, ElementType, Row, Table, Value } from '../../study/table/table.js'
export type {
  Client,
  Dispatch,
  Encoding,
  Factor,
  Level,
  Persistence,
  Selection,
  Source,
  Target,
  Treatment,
} from '../../study/treatment.js'
export type {
  CompletedTrial,
  Control,
  CopyPart,
  FailedTrial,
  Measurements,
  Trial,
  TrialError,
  TrialPlace,
} from '../../study/trial.js'
