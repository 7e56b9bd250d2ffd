export { type Check, examine } from '../doctor/examine.js'
export * from '../executor/errors.js'
export { type Cleaning, cleanServer, type LeftSchema } from '../executor/footprint/clean.js'
export type { Consent } from '../executor/footprint/consent.js'
export { type AnalyseFields, type CsvOptions, csv, type Line } from '../executor/input/csv/csv.js'
export type {
  CsvFileSpec,
  CsvFormat,
  FileSpec,
  FlightFileSpec,
  SyntheticFileSpec,
} from '../executor/input/file-spec.js'
export { type FlightsOptions, flights, flightsData } from '../executor/input/flights/flights.js'
export * from '../executor/input/input.js'
export { type SyntheticOptions, synthetic } from '../executor/input/synthetic/synthetic.js'
export { type NullTrial, type NullTrialOptions, runNullTrial } from '../executor/null-trial.js'
export { samplePauseMs as lookPauseMs } from '../executor/probes/observer.js'
export { Records } from '../executor/records/records.js'
export type * from '../executor/records/values.js'
export { type RunTrial, runTrial, type SessionOptions, type TrialOptions, withTrials } from '../executor/run-trial.js'
export { type ComposeOptions, compose } from '../executor/server/compose.js'
export { type EmbeddedOptions, embedded } from '../executor/server/embedded.js'
export type { Connection, Server, UseOptions } from '../executor/server/server.js'
export { serverNamed } from '../executor/server/server-named.js'
export { url } from '../executor/server/url.js'
export type { Claim, Shares } from '../study/claim.js'
export * from '../study/context.js'
export type { Design, Factors, LeftOut } from '../study/design.js'
export type { Meaning, Meanings, NamedFactorName, NamedLevels } from '../study/factors/meanings.js'
export type { Settings } from '../study/factors/settings.js'
export type { Finding, FindingCode } from '../study/finding.js'
export type { DamagedLine } from '../study/journal/damage.js'
export * from '../study/journal/journal-error.js'
export { listStudies, type ReadOptions } from '../study/journal/studies.js'
export { type ControlOptions, makePlan, type PlanOptions } from '../study/make-plan.js'
export * from '../study/plan.js'
export type {
  Bound,
  PreregisteredClaims,
  Preregistration,
  PreregistrationOptions,
  PrimaryContrast,
  PrimaryOptions,
  StopRule,
} from '../study/preregistration.js'
export type * from '../study/readings.js'
export * from '../study/study.js'
export type { Column, ColumnType, ElementType, Row, Table, Value } from '../study/table.js'
export {
  type Client,
  type Dispatch,
  defaultTreatment,
  type Encoding,
  type Factor,
  type Level,
  type Persistence,
  type Selection,
  type Source,
  type Target,
  type Treatment,
  treatmentLabel as describeTreatment,
} from '../study/treatment.js'
export * from '../study/trial.js'
export { readStudies, readStudy } from './read-studies.js'
export { runStudy, type StopOptions, type StudyOptions } from './run-study.js'
