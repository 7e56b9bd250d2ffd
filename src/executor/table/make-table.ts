import pg from 'pg'
import type { LayoutChange } from '../../study/factors/layouts.js'
import type { Meanings } from '../../study/factors/meanings.js'
import type { Definition, TablePart } from '../../study/table/definition.js'
import { distributionOf, isDistributed, layoutOf } from '../../study/table/layout-of.js'
import type { Table } from '../../study/table/table.js'
import type { Treatment } from '../../study/treatment.js'
import { monotonicMs } from '../clock.js'
import { change, inTransaction } from '../footprint/change.js'
import { qualifiedName, qualifiedTable } from '../footprint/mark.js'
import { tablesOfTransaction } from '../footprint/own-objects.js'
import { markTables, removeTable, replaceTable } from '../footprint/own-schema.js'
import { distribute, referenceSql } from '../server/citus/distribute.js'
import { ownPath } from '../server/reach/own-config.js'
import { type BuiltPart, buildParts, buildPartsWithin, builtParts, referenceParts, removeParts } from './built-parts.js'
import { namesPath } from './define-table.js'
import type { RecordsToLoad } from './existing/input-records.js'
import { keepRows } from './existing/keep-rows.js'
import { type ExistingContent, existingContent, keptChecksum, putRowsBack } from './existing-rows.js'
import { leaveOutSql } from './leave-out.js'
import { partitionTreeSql } from './partition-tree.js'
import { repartition } from './repartition.js'
import { fillNames } from './statement-names.js'
import { makeWorkerTables } from './worker-tables.js'

const { escapeIdentifier, escapeLiteral } = pg

/** Factors that decide how the table is made. */
export type Layout = Pick<
  Treatment,
  'secondaryIndexes' | 'persistence' | 'layout' | 'indexBuild' | 'existingRows' | 'tables' | 'workers'
>

/** Returns the same text for layouts whose tables are made equally. */
export function layoutKey(layout: Layout): string {
  const { secondaryIndexes, persistence, layout: parts, indexBuild, existingRows, tables, workers } = layout
  const each = tables === 'per-worker' ? workers : null
  return JSON.stringify([secondaryIndexes, persistence, parts, indexBuild, existingRows, each])
}

/** A table that is ready for a load. */
export interface MadeTable {
  /** Indexes and keys that are still to be made, after the load. */
  readonly later: readonly BuiltPart[]
  /** What it holds already, and the time that this took; null where it is empty. */
  readonly existing: (ExistingContent & { readonly restoreMs: number }) | null
}

/** What a session makes its tables of, and on which connection. */
export interface Making {
  readonly control: pg.Client
  readonly schema: string
  /** The columns that are filled. */
  readonly table: Table
  /** How the table is made; null where it is made from its columns alone. */
  readonly definition: Definition | null
  /** Meanings of the named levels. */
  readonly meanings: Meanings
}

/** The layout of the table in which the rows are kept that trials begin with. */
const wholeLayout: Layout = {
  secondaryIndexes: 0,
  persistence: 'logged',
  layout: 'default',
  indexBuild: 'before',
  existingRows: 0,
  tables: 'one',
  workers: 1,
}

/**
 * Makes the tables that all trials of a session share: copies of the keys that foreign keys refer
 * to, and of the rows that the table holds before a load. Returns the checksum of these rows; null
 * for none.
 */
export async function prepareTables(
  making: Making & RecordsToLoad,
  treatments: readonly Treatment[],
): Promise<string | null> {
  const { control, schema, table, definition, meanings } = making
  const filled = treatments.filter(({ existingRows }) => existingRows > 0)
  const statements = definition?.prepare ?? []
  if (statements.length > 0) {
    await inTransaction(control, async () => {
      for (const statement of statements) await change(control, fillNames(statement, schema))
      // A distributed table may refer to tables that every node has.
      if (isDistributed(meanings, treatments)) {
        for (const name of await tablesOfTransaction(control, schema)) {
          await change(control, referenceSql(qualifiedName(schema, name)))
        }
      }
      await markTables(control, schema)
    })
  }
  if (filled.length === 0) return null
  const had = new Set(filled.flatMap((own) => (definition === null ? [] : layoutOf(definition, meanings, own).parts)))
  const without = definition?.parts.filter((part) => !had.has(part)).map(({ name }) => name) ?? []
  const count = Math.max(...filled.map(({ existingRows }) => existingRows))
  await replaceTable(control, schema, async () => {
    await createEmpty(making, wholeLayout)
    await keepRows(control, { ...making, count, without })
  })
  return keptChecksum(control, schema, table)
}

/**
 * Drops and creates the study's table, with the rows that it holds before the load, and those of
 * the workers where they have their own. Autovacuum is off for them: it would start inside some
 * trials and not in others. Throws `DatabaseError` where the server refuses, or others' objects are
 * in the way.
 */
export async function createTable(making: Making, layout: Layout): Promise<MadeTable> {
  const { control, schema, table, definition, meanings } = making
  const { existingRows, indexBuild, tables, workers } = layout
  const { triggers = [], references = [] } = definition === null ? {} : layoutOf(definition, meanings, layout)
  const distribution = distributionOf(meanings, layout)
  let whole: readonly string[] = []
  let later: readonly BuiltPart[] = []
  let restoreMs = 0
  // It has locked the tables of others, as the making of its foreign keys does: not for as long as
  // it takes to fill another.
  if (definition?.references) await removeTable(control, schema)
  await replaceTable(control, schema, async () => {
    await createEmpty(making, layout)
    const { partitions }: LayoutChange = meanings.layout?.[layout.layout] ?? {}
    if (partitions) await repartition(control, schema, partitions, (definition ?? table).primaryKey)
    const ofWorkers = tables === 'per-worker' ? await makeWorkerTables(control, schema, workers) : []
    for (const leaf of [...(await leavesOf(control, schema)), ...ofWorkers]) {
      if (layout.persistence === 'unlogged') await change(control, `ALTER TABLE ${leaf} SET UNLOGGED`)
      await change(control, `ALTER TABLE ${leaf} SET (autovacuum_enabled = false)`)
    }
    whole = [qualifiedTable(schema), ...ofWorkers]
    if (indexBuild === 'after' || existingRows > 0) {
      for (const name of whole) later = [...later, ...(await builtParts(control, schema, name))]
    }
    await removeParts(control, later)
    if (distribution) await distribute(control, schema, distribution)
    if (existingRows > 0) {
      const begun = monotonicMs()
      await putRowsBack(control, making, existingRows)
      // An index that grew row by row would be the same, and take much longer.
      if (indexBuild === 'before') {
        await buildPartsWithin(control, later)
        later = []
      }
      restoreMs = monotonicMs() - begun
    }
    // They fire for each record of the load, and for no row before it.
    for (const name of whole) {
      for (const { sql } of triggers) await change(control, fillNames(sql, schema, name))
    }
  })
  const outside = referenceParts(references, schema, whole)
  if (indexBuild === 'after') later = [...later, ...outside]
  else if (outside.length > 0) restoreMs += (await buildParts(control, outside)).ms
  if (existingRows === 0) return { later, existing: null }
  const begun = monotonicMs()
  await change(control, `VACUUM (ANALYZE) ${qualifiedTable(schema)}`)
  const existing = await existingContent(control, schema, table, distribution !== null)
  return { later, existing: { ...existing, restoreMs: restoreMs + monotonicMs() - begun } }
}

async function createEmpty(making: Making, layout: Layout): Promise<void> {
  const { control, schema, table, definition } = making
  if (definition === null) await createPlain(control, schema, table, layout)
  else await createDefined(making, definition, layout)
}

/** Secondary indexes are on the columns outside the primary key, in their order. */
async function createPlain(control: pg.Client, schema: string, table: Table, layout: Layout): Promise<void> {
  const name = qualifiedTable(schema)
  const others = table.columns.filter((column) => !table.primaryKey.includes(column.name))
  if (layout.secondaryIndexes > others.length) {
    throw new RangeError(
      `Expected \`secondaryIndexes\` to be at most ${others.length}, the table's columns outside its primary key, got ${layout.secondaryIndexes}`,
    )
  }
  const columns = table.columns.map(
    (column) =>
      `${escapeIdentifier(column.name)} ${column.declared ?? column.type}${column.notNull ? ' NOT NULL' : ''}`,
  )
  if (table.primaryKey.length > 0) columns.push(`PRIMARY KEY (${table.primaryKey.map(escapeIdentifier).join(', ')})`)
  await change(control, `CREATE TABLE ${name} (${columns.join(', ')})`)
  for (const column of others.slice(0, layout.secondaryIndexes)) {
    await change(control, `CREATE INDEX ON ${name} (${escapeIdentifier(column.name)})`)
  }
}

async function createDefined(
  { control, schema, meanings }: Making,
  definition: Definition,
  layout: Layout,
): Promise<void> {
  const { source, statements } = definition
  // What statements of a file name without a schema is made in the study's, and found where the
  // user's own sessions would find it.
  const path = `${escapeIdentifier(schema)}, ${namesPath}`
  if ('ddl' in source) await change(control, `SET LOCAL search_path = ${path}`)
  for (const statement of statements) await change(control, fillNames(statement, schema))
  // What is read of the table from here on names everything as later statements find it.
  if ('ddl' in source) await change(control, `SET LOCAL search_path = ${ownPath}`)
  // A key goes after the foreign keys that refer to it.
  for (const part of [...layoutOf(definition, meanings, layout).leftOut].reverse()) {
    if (isReference(definition, part)) continue
    await change(control, fillNames(leaveOutSql(part), schema))
  }
}

/** Whether a part is a foreign key that is made, if at all, once the table is there. */
const isReference = ({ references = [] }: Definition, part: TablePart): boolean =>
  references.some(({ name, table }) => table === '{table}' && name === part.name)

/** Returns the names of the tables that hold the records: the table itself, or its partitions. */
async function leavesOf(control: pg.Client, schema: string): Promise<readonly string[]> {
  const table = `${escapeLiteral(qualifiedTable(schema))}::regclass`
  const { rows } = await control.query<{ leaf: string }>(
    `SELECT oid::regclass::text AS leaf FROM pg_class WHERE relkind = 'r' AND oid IN (${partitionTreeSql(table)})`,
  )
  return rows.map(({ leaf }) => leaf)
}
