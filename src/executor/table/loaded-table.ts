import { listed } from '../../names.js'
import type { Plan } from '../../study/plan.js'
import type { Definition, TableColumn } from '../../study/table/definition.js'
import { type Column, type ColumnType, columnTypes, type Table } from '../../study/table/table.js'
import { columnOf } from '../input/csv/fields/type-spelling.js'
import { sourceName } from './source-name.js'

/** A column as records hold its values, and whether the server keeps these as they are. */
interface RecordColumn {
  readonly column: Column
  readonly kept: boolean
}

/**
 * Returns the columns of a defined table in the types in which records hold their values: the
 * table's own where copylab knows them, else text. Generated columns are not among them.
 */
export function recordColumns({ columns }: Definition): readonly Column[] {
  return columns.filter(({ filledBy }) => filledBy !== 'generated').map((own) => recordColumn(own).column)
}

/**
 * Returns the table that records of the columns `fits` fill: those columns, as the defined table
 * has them. Throws `TypeError` for a column that the table does not have or makes itself, and for
 * one without which the server refuses every record.
 */
export function loadedTable(definition: Definition, fits: Table): Table {
  const name = sourceName(definition.source)
  const has = new Map(definition.columns.map((column) => [column.name, column]))
  const names = fits.columns.map((column) => column.name)
  const strange = names.filter((own) => !has.has(own))
  if (strange.length > 0) {
    throw new TypeError(
      `Expected the records to fill columns of ${name}, which has no ${quoted(strange)}: its columns are ${[...has.keys()].join(', ')}`,
    )
  }
  const made = names.filter((own) => has.get(own)!.filledBy === 'generated')
  if (made.length > 0) {
    throw new TypeError(
      `Expected the records without ${quoted(made)}, which ${name} computes itself (GENERATED ALWAYS AS): take it out of the files`,
    )
  }
  const lacking = definition.columns.filter((own) => own.notNull && own.filledBy === null && !names.includes(own.name))
  if (lacking.length > 0) {
    throw new TypeError(
      `Expected the records to hold ${quoted(lacking.map((own) => own.name))}, which ${name} declares NOT NULL without a default: add it to the files, or give it a default`,
    )
  }
  const loaded = fits.columns.map((column) => loadedColumn(column, has.get(column.name)!))
  const unverified = loaded.flatMap(({ column, kept }) => (kept ? [] : [column.name]))
  return {
    columns: loaded.map(({ column }) => column),
    primaryKey: definition.primaryKey.every((own) => names.includes(own)) ? definition.primaryKey : [],
    ...(unverified.length > 0 ? { unverified } : {}),
  }
}

/**
 * Throws `TypeError` where a plan asks for COPY's binary format, and the table has columns whose
 * binary form is not that of the records' values.
 */
export function checkEncodings({
  definition,
  table,
  treatments,
}: Pick<Plan, 'definition' | 'table' | 'treatments'>): void {
  if (definition === null || table === null || !treatments.some(({ encoding }) => encoding === 'binary')) return
  const base = new Map(definition.columns.map((own) => [own.name, own.base]))
  const others = table.columns.filter(
    ({ name, type }) => base.get(name) !== type && !(type === 'text' && textLike.has(base.get(name)!)),
  )
  if (others.length === 0) return
  const stated = others.map(({ name, stored }) => `\`${name}\` (${stored})`)
  throw new TypeError(
    `Expected \`encoding: 'text'\` for ${listed(stated)} of ${sourceName(definition.source)}: records hold values of another type for it, which the server converts from text alone`,
  )
}

/** Types whose binary form is their text. */
const textLike: ReadonlySet<string> = new Set(['varchar', 'bpchar', 'enum', 'citext', 'json', 'xml', 'name'])

/** Types whose values are the text that was sent. */
const textKept: ReadonlySet<string> = new Set(['text', 'varchar', 'enum', 'citext', 'json'])

function recordColumn({ name, type, base, notNull }: TableColumn): RecordColumn {
  const nullness = notNull ? { notNull } : {}
  const own = readAs(name, type)
  if (own !== null) return { column: { ...own, ...nullness }, kept: true }
  // The limits of a domain or of a time are not known: the server may round.
  if (isColumnType(base)) {
    return { column: { name, type: base, ...nullness, stored: type }, kept: !rounded.has(base) }
  }
  return { column: { name, type: 'text', ...nullness, stored: type }, kept: textKept.has(base) }
}

const rounded: ReadonlySet<string> = new Set(['numeric', 'timestamp', 'timestamptz'])

/** A column of a type that copylab reads; null for another. */
function readAs(name: string, type: string): Column | null {
  try {
    return columnOf(name, type)
  } catch {
    return null
  }
}

function isColumnType(type: string): type is ColumnType {
  return (columnTypes as readonly string[]).includes(type)
}

/** A column of the records as the table has it. */
function loadedColumn(own: Column, has: TableColumn): RecordColumn {
  const { column, kept } = recordColumn(has)
  const { notNull } = column
  const nullness = notNull ? { notNull } : {}
  if (own.type === column.type) {
    const isLimited = column.declared !== undefined && own.declared !== column.declared && own.type === 'numeric'
    return { column: { ...own, ...column }, kept: kept && !isLimited }
  }
  const { name, type, declared } = own
  const limit = declared === undefined ? {} : { declared }
  return {
    column: { name, type, ...limit, ...nullness, stored: has.type },
    kept: kept && (widened[type] ?? []).includes(column.type) && column.declared === undefined,
  }
}

/** Types that hold every value of another, so that it can be cast back. */
const widened: { readonly [T in ColumnType]?: readonly ColumnType[] } = {
  int2: ['int4', 'int8', 'numeric', 'float4', 'float8'],
  int4: ['int8', 'numeric', 'float8'],
  int8: ['numeric'],
  float4: ['float8', 'numeric'],
  float8: ['numeric'],
  date: ['timestamp'],
}

const quoted = (names: readonly string[]): string => listed(names.map((name) => `\`${name}\``))
