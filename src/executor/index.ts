export { defaultTreatment, describeTreatment } from './design.js'
export { type Check, examine } from './doctor.js'
export * from './errors.js'
export type { Finding, FindingCode } from './findings.js'
export { type AnalyseFields, type CsvOptions, csv, type Line } from './input/csv.js'
export { type FlightsOptions, flights, flightsData } from './input/flights.js'
export * from './input/input.js'
export type {
  CsvFileRecipe,
  CsvFormat,
  FileRecipe,
  FlightFileRecipe,
  SyntheticFileRecipe,
} from './input/recipe.js'
export { type SyntheticOptions, synthetic } from './input/synthetic.js'
export { listStudies, readStudies, readStudy } from './journal.js'
export { type NullTrial, type NullTrialOptions, runNullTrial } from './null-trial.js'
export { type ControlOptions, makePlan, type PlanOptions } from './plan.js'
export { lookPauseMs } from './probes/observer.js'
export * from './readings.js'
export { Records } from './records/records.js'
export type { Column, ColumnType, ElementType, Row, Table, Value } from './records/types.js'
export type * from './records/values.js'
export { type RunTrial, runTrial, type SessionOptions, type TrialOptions, withTrials } from './run-trial.js'
export { type ComposeOptions, compose } from './server/compose.js'
export { type EmbeddedOptions, embedded } from './server/embedded.js'
export type { Connection, Server, ServerFacts, UseOptions } from './server/server.js'
export { serverNamed } from './server/server-named.js'
export { url } from './server/url.js'
export { runStudy, type StudyOptions } from './study.js'
export * from './types.js'
