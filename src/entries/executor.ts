/** `copylab/executor`: runs studies and trials, and reads studies from disk. */

// Studies

export { listStudies } from '../study/journal/studies.js'
export { readStudies, readStudy } from './read-studies.js'
export { runStudy } from './run-study.js'

// Single trials

export { runTrial, withTrials } from '../executor/run-trial.js'
export { runNullTrial } from '../executor/trial/null-trial.js'
export { defaultTreatment } from '../study/treatment.js'

// Servers

export { cleanServer } from '../executor/footprint/clean.js'
export { compose } from '../executor/server/compose.js'
export { embedded } from '../executor/server/embedded.js'
export { serverNamed } from '../executor/server/server-named.js'
export { url } from '../executor/server/url.js'

// Inputs

export { csv } from '../executor/input/csv/csv.js'
export { inspectFolder } from '../executor/input/csv/inspect/inspect-folder.js'
export { flights } from '../executor/input/flights/flights.js'
export { inspected } from '../executor/input/input.js'
export { inputNamed } from '../executor/input/input-named.js'
export { synthetic } from '../executor/input/synthetic/synthetic.js'

// What a machine lacks for a study

export { examine } from '../doctor/examine.js'

// Errors

export {
  BadRecordError,
  CopyError,
  DatabaseError,
  InputError,
  InterventionError,
  LostRecordsError,
  ProgramError,
} from '../executor/errors.js'
export { JournalError } from '../study/journal/journal-error.js'

// What earlier notebooks import

export * from './earlier/executor.js'

// The types of all these

export { ddl, like, tableNamed } from '../executor/table/table-source.js'
export { program } from '../study/factors/loaders.js'
export type * from './types/claims.js'
export type * from './types/executor.js'
export type * from './types/study.js'
