import type pg from 'pg'
import type { Definition, TableSource } from '../../../../study/table/definition.js'
import { DatabaseError, sqlStateOf } from '../../../errors.js'
import { withoutMark } from '../../statement-names.js'
import { inRolledBack, qualifyNames } from '../catalogue.js'
import { definedPart, describeTable } from '../describe-table.js'
import { selectUnsafeDefaults, type UnsafeDefault } from '../unsafe-defaults.js'
import { alterSql, type CopiedColumn, createSql, selectCopiedColumns } from './clone-columns.js'
import { cloneKeys } from './clone-keys.js'
import { attachIndexes, cloneConstraints, cloneIndexes, cloneStatistics } from './clone-parts.js'
import { cloneSequences } from './clone-sequences.js'
import { selectCopiedTables } from './copied-table.js'
import { selectInsertTriggers } from './insert-triggers.js'
import { selectLeftOut } from './left-out.js'
import { makeOwnNames } from './own-names.js'
import { type FoundTable, resolveTable } from './resolve-table.js'

/** A table that another is made like. */
type Like = Extract<TableSource, { like: string }>

/** Maximum wait for a lock of others on the table, of which the server reads the definition. */
const lockTimeout = '5s'

/**
 * Reads the definition of a table from the catalogue, in a transaction that only reads. Throws
 * `DatabaseError` where there is no such table, it cannot be copied, or somebody locks it.
 */
export async function likeTable(client: pg.Client, { like, foreignKeys }: Like): Promise<Definition> {
  return inRolledBack(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async () => {
    await client.query(`SET LOCAL lock_timeout = '${lockTimeout}'`)
    try {
      const found = await resolveTable(client, like)
      await qualifyNames(client)
      return await cloneOf(client, found, foreignKeys)
    } catch (cause) {
      if (sqlStateOf(cause) !== '55P03') throw cause
      throw new DatabaseError(
        `The definition of ${like} cannot be read, since a session has locked the table or one that it belongs with for more than ${lockTimeout}: wait until that session's transaction has ended, then run again`,
        { cause },
      )
    }
  })
}

async function cloneOf(client: pg.Client, found: FoundTable, foreignKeys: Like['foreignKeys']): Promise<Definition> {
  const names = makeOwnNames()
  const { tables, foreign } = await selectCopiedTables(client, found.oid, names)
  const unsafe = await selectUnsafeDefaults(client, tables)
  const sequences = await cloneSequences(client, tables, names, unsafe)
  const columns = withoutDefaults(await selectCopiedColumns(client, tables), unsafe)
  const constraints = await cloneConstraints(client, tables, names)
  const indexes = await cloneIndexes(client, tables, names)
  const keys = await cloneKeys(client, tables, names, foreignKeys)
  const { parts, ...description } = await describeTable(client, found.oid)
  const copied = new Map([...constraints.names, ...indexes.names, ...keys.names])
  const columnsOf = (oid: number | undefined): readonly CopiedColumn[] | null => columns.get(oid ?? 0) ?? null
  return {
    source: { like: found.name, ...(foreignKeys && { foreignKeys }) },
    prepare: keys.prepare,
    statements: [
      ...sequences.made,
      ...tables.flatMap((table) => {
        const [own, above] = [columnsOf(table.oid)!, columnsOf(table.parent?.oid)]
        return [createSql(table, own, above, sequences), alterSql(table, own, above)].filter((sql) => sql !== null)
      }),
      ...sequences.owned,
      ...constraints.statements,
      ...indexes.statements,
      ...(await attachIndexes(client, new Map([...constraints.indexes, ...indexes.indexes]))),
      ...keys.statements,
      ...(await cloneStatistics(client, tables)),
    ],
    ...(keys.references.length > 0 && { references: keys.references }),
    primaryKey: description.primaryKey,
    partitionedBy: description.partitionedBy,
    columns: description.columns.map((column, k) => {
      const { number } = columnsOf(found.oid)![k]!
      const left = unsafe.some((one) => one.table === found.oid && one.column === number)
      return left ? { ...column, filledBy: null } : column
    }),
    parts: parts
      .filter(({ oid }) => copied.has(oid))
      .map((part) => definedPart(part, withoutMark(copied.get(part.oid)!))),
    triggers: await selectInsertTriggers(client, found.oid),
    leftOut: [
      ...foreign.map((name) => `the partition ${withoutMark(name)}, which is a foreign table`),
      ...(await selectLeftOut(client, tables)),
      ...unsafe.map(({ words }) => words),
    ],
  }
}

/** NULL takes the place of a column's default, and of that of its type. */
function withoutDefaults(
  columns: ReadonlyMap<number, CopiedColumn[]>,
  unsafe: readonly UnsafeDefault[],
): Map<number, CopiedColumn[]> {
  const isUnsafe = ({ table, number }: CopiedColumn): boolean =>
    unsafe.some((one) => one.table === table && one.column === number)
  return new Map(
    [...columns].map(([oid, own]) => [
      oid,
      own.map((column) => (isUnsafe(column) ? { ...column, expression: 'NULL' } : column)),
    ]),
  )
}
