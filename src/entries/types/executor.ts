/** Types of what runs a study: options, servers, inputs and their records. */

export type { DoctorCheck } from '../../doctor/check.js'
export type { Cleaning, LeftObject } from '../../executor/footprint/clean.js'
export type { Consent } from '../../executor/footprint/consent.js'
export type { BadKind } from '../../executor/input/bad-records.js'
export type { CsvColumn, CsvOptions } from '../../executor/input/csv/csv.js'
export type { AnalyseFields, CsvLine } from '../../executor/input/csv/csv-file.js'
export type { OneType, Synonym, TypeSpelling } from '../../executor/input/csv/fields/type-spelling.js'
export type { Contradiction } from '../../executor/input/csv/inspect/columns/decide-columns.js'
export type { Place } from '../../executor/input/csv/inspect/columns/evidence/place.js'
export type { FolderInspection } from '../../executor/input/csv/inspect/inspect-folder.js'
export type { InspectedColumn, InspectedFile, Inspection } from '../../executor/input/csv/inspect/inspection.js'
export type {
  Compression,
  CsvFileSpec,
  CsvFormat,
  Escape,
  FileEncoding,
  FileSpec,
  FlightFileSpec,
  SyntheticFileSpec,
  ThousandsMark,
} from '../../executor/input/file-spec.js'
export type { FlightsOptions } from '../../executor/input/flights/flights.js'
export type {
  FilledTable,
  Input,
  InputFile,
  InputToInspect,
  InspectOptions,
  OnBadRecord,
  RawRecords,
  ReadingOptions,
} from '../../executor/input/input.js'
export type { InputName, JsonCsvOptions, NamedInputOptions } from '../../executor/input/input-named.js'
export type { SyntheticOptions } from '../../executor/input/synthetic/synthetic.js'
export type { Records } from '../../executor/records/records.js'
export type {
  BaseColumn,
  BytesColumn,
  ElementColumn,
  Float64Column,
  Int32Column,
  Int64Column,
  ListColumn,
  OffsetColumn,
  ValueColumn,
} from '../../executor/records/values.js'
export type { PlannedStudyOptions } from '../../executor/run-study.js'
export type { RunTrial, SessionOptions, TrialOptions } from '../../executor/run-trial.js'
export type { ComposeOptions, ComposeVersion } from '../../executor/server/compose.js'
export type { EmbeddedOptions } from '../../executor/server/embedded.js'
export type { Connection, Server, UseOptions } from '../../executor/server/server.js'
export type { ServerName } from '../../executor/server/server-named.js'
export type { LikeOptions, NamedTable } from '../../executor/table/table-source.js'
export type { NullTrial, NullTrialOptions } from '../../executor/trial/null-trial.js'
export type { StopOptions, StudyOptions } from '../run-study.js'
