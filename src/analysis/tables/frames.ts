import { createRequire } from 'node:module'
import type { DataFrame } from 'danfojs-node'
import type { Study } from '../../study/study.js'
import { type Factor, factorEntry, factorNames } from '../../study/treatment.js'
import { type CompletedRow, partRows, trialRows } from './rows.js'

/**
 * A table of Danfo: complete columns of numbers (`float32`), strings or booleans, none of which
 * holds null.
 */
export type Frame = DataFrame

/** A column that is absent from a frame, with the reason. */
export interface OmittedColumn {
  readonly column: string
  readonly reason: string
}

type Cell = string | number | boolean
type Danfo = typeof import('danfojs-node')

/**
 * Columns with one value in every row of a frame of completed, measured trials, or with the time of
 * the run only.
 */
const constantColumns = ['phase', 'control', 'state', 'startedAt', 'leftOut']

/**
 * Gives the completed, measured trials that analyses use as a Danfo DataFrame, one row each: place,
 * treatment, measures (times in ms, sizes in bytes). Danfo's statistics count null as 0, so a
 * column that would hold null is left out. A factor whose levels may be null is a column of text.
 *
 * @example
 * const frame = trialsFrame(study)
 * showTable(frame.head(5), { columns: ['block', 'workers', 'batchSize', 'totalMs'] })
 */
export function trialsFrame(study: Study): Frame {
  const rows = analysedRows(study)
  const omitted = omittedColumns(study).map(({ column }) => column)
  return frameOf(rows, [...constantColumns, ...omitted], ['trial', 'block', 'position'])
}

function analysedRows(study: Study): CompletedRow[] {
  return trialRows(study).filter(({ leftOut }) => leftOut === null)
}

/** Returns the columns that `trialsFrame` leaves out because some trial has no value for them. */
export function omittedColumns(study: Study): OmittedColumn[] {
  const rows: readonly object[] = analysedRows(study)
  const columns = Object.keys(rows[0] ?? {}).filter((column) => !constantColumns.includes(column))
  return columns.flatMap((column) => {
    const missing = rows.filter((row) => !isCell(cellOf(row, column))).length
    return missing === 0 ? [] : [{ column, reason: `${missing} of ${rows.length} trials have no value` }]
  })
}

/**
 * Returns the COPYs of the completed, measured trials that analyses use as a Danfo DataFrame, one
 * row each, with their trial and its treatment.
 */
export function partsFrame(study: Study): Frame {
  return frameOf(partRows(study), [], ['trial', 'block', 'treatmentLabel', 'workers', 'batchSize', ...partColumns])
}

const partColumns = ['worker', 'batch', 'records', 'encodeMs', 'startMs', 'copyMs', 'commitMs']

/** Returns a frame of the rows' fields; an empty one has the `least` columns. */
function frameOf(rows: readonly object[], without: readonly string[], least: readonly string[]): Frame {
  const { DataFrame } = loadDanfo()
  const [first] = rows
  if (!first) return new DataFrame([], { columns: [...least] })
  const columns = Object.keys(first).filter((column) => !without.includes(column))
  return new DataFrame(
    rows.map((row) => columns.map((column) => cellOf(row, column))),
    { columns, dtypes: columns.map((column) => danfoTypes[typeof cellOf(first, column) as keyof typeof danfoTypes]) },
  )
}

const danfoTypes = { number: 'float32', string: 'string', boolean: 'boolean' }

/**
 * Returns a row's value; a level that may be null is text, "null" for null, since it is a level and
 * not a missing value.
 */
function cellOf(row: object, column: string): unknown {
  const value = (row as Readonly<Record<string, unknown>>)[column]
  return isFactor(column) && factorEntry(column).kind === 'limit' ? String(value) : value
}

function isFactor(column: string): column is Factor {
  return (factorNames as readonly string[]).includes(column)
}

function isCell(value: unknown): value is Cell {
  return (
    (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'string' || typeof value === 'boolean'
  )
}

/**
 * Loads Danfo when the first frame is made, since that takes more than a second, and without
 * messages on stderr.
 */
function loadDanfo(): Danfo {
  const node: NodeJS.Process & { noDeprecation?: boolean } = process
  const { noDeprecation } = node
  // Its dependencies use deprecated parts of Node.js, of which newer releases warn on stderr.
  node.noDeprecation = true
  try {
    const danfo = createRequire(import.meta.url)('danfojs-node') as Danfo
    // The first tensor makes this backend print an advertisement on stderr unless it has been used
    // before.
    Object.assign(danfo.tensorflow.backend(), { firstUse: false })
    return danfo
  } finally {
    node.noDeprecation = noDeprecation
  }
}
