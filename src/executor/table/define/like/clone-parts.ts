import pg from 'pg'
import { selectVerbatim } from '../catalogue.js'
import { indexPrefixSql } from '../describe-table.js'
import { type CopiedTable, optionsSql } from './copied-table.js'
import { makeOwnNames, type OwnNames } from './own-names.js'

const { escapeIdentifier } = pg

/** The parts of tables that are copied. */
export interface ClonedParts {
  readonly statements: readonly string[]
  /** Name of each copy, by the OID of the original's constraint or index. */
  readonly names: ReadonlyMap<number, string>
}

/** Parts that are indexes, or have one. */
export interface ClonedIndexes extends ClonedParts {
  /** Name of each copy, by the OID of the original's index. */
  readonly indexes: ReadonlyMap<number, string>
}

interface ConstraintRow {
  readonly oid: number
  readonly table: number
  readonly kind: 'p' | 'u' | 'x' | 'c'
  readonly index: number
  readonly name: string
  readonly sql: string
  readonly options: readonly string[]
}

/** SQL for the constraints that a table has of its own; of the first table of `$1`, all. */
export const ownConstraintSql = `conrelid = ANY ($1) AND CASE WHEN conrelid = ($1::oid[])[1]
  THEN NOT EXISTS (SELECT FROM pg_constraint AS above WHERE above.oid = own.conparentid AND above.conrelid = own.conrelid)
  ELSE conparentid = 0 AND coninhcount = 0 END`

/**
 * Copies primary keys, unique, exclusion and check constraints under their own names. Those of a
 * partitioned table with an index are for `attachIndexes` to complete.
 */
export async function cloneConstraints(
  client: pg.Client,
  tables: readonly CopiedTable[],
  names: OwnNames,
): Promise<ClonedIndexes> {
  const rows = await selectVerbatim<ConstraintRow>(
    client,
    `SELECT own.oid, conrelid AS table, contype AS kind, conname::text AS name, conindid AS index,
            pg_get_constraintdef(own.oid) AS sql, coalesce(reloptions, '{}') AS options
     FROM pg_constraint AS own LEFT JOIN pg_class AS class ON class.oid = conindid
     WHERE conrelid = ANY ($1) AND contype IN ('p', 'u', 'x')
       -- A check of the whole row writes the table's own name.
       OR ${ownConstraintSql} AND contype = 'c' AND NOT coalesce(0 = ANY (conkey), false)
     ORDER BY array_position($1::oid[], conrelid), array_position(ARRAY['p', 'u', 'x', 'c'], contype::text), own.oid`,
    [tables.map(({ oid }) => oid)],
  )
  const cloned = rows.map((row) => ({ ...row, copy: row.kind === 'c' ? row.name : names.take(row.name) }))
  return {
    statements: cloned.map((row) => {
      const { copy: table } = tables.find(({ oid }) => oid === row.table)!
      const only = row.kind === 'c' ? '' : 'ONLY '
      const add = `ALTER TABLE ${only}${table} ADD CONSTRAINT ${escapeIdentifier(row.copy)} `
      // The text of an exclusion constraint has its options already.
      if (row.options.length === 0 || row.kind === 'x') return add + row.sql
      // The options of an index stand before what is said of its constraint.
      const [, key, deferred] = /^(.*?)((?: DEFERRABLE)?(?: INITIALLY DEFERRED)?)$/s.exec(row.sql)!
      return `${add}${key} WITH (${optionsSql(row.options)})${deferred}`
    }),
    names: new Map(cloned.map(({ oid, copy }) => [oid, copy])),
    indexes: new Map(cloned.filter(({ index }) => index !== 0).map(({ index, copy }) => [index, copy])),
  }
}

interface IndexRow {
  readonly oid: number
  readonly table: number
  readonly name: string
  readonly unique: boolean
  /** The definition from its method on. */
  readonly sql: string
  /** Statistics targets of its expressions, by the number of the column. */
  readonly targets: readonly { readonly column: number; readonly target: number }[]
}

/**
 * Copies indexes that belong to no constraint. Those of a partitioned table are for `attachIndexes`
 * to complete.
 */
export async function cloneIndexes(
  client: pg.Client,
  tables: readonly CopiedTable[],
  names: OwnNames,
): Promise<ClonedIndexes> {
  const rows = await selectVerbatim<IndexRow>(
    client,
    `SELECT indexrelid AS oid, indrelid AS table, class.relname::text AS name, indisunique AS unique,
            substr(pg_get_indexdef(indexrelid), length(${indexPrefixSql}) + 1) AS sql,
            (SELECT coalesce(json_agg(json_build_object('column', attnum, 'target', attstattarget) ORDER BY attnum), '[]')
             FROM pg_attribute WHERE attrelid = indexrelid AND nullif(attstattarget, -1) IS NOT NULL) AS targets
     FROM pg_index JOIN pg_class AS class ON class.oid = indexrelid
     WHERE indrelid = ANY ($1) AND indisvalid
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
     ORDER BY array_position($1::oid[], indrelid), indexrelid`,
    [tables.map(({ oid }) => oid)],
  )
  const cloned = rows.map((row) => ({ ...row, copy: names.take(row.name) }))
  const copies = new Map(cloned.map(({ oid, copy }) => [oid, copy]))
  return {
    statements: cloned.flatMap((row) => {
      const { copy: table } = tables.find(({ oid }) => oid === row.table)!
      const index = escapeIdentifier(row.copy)
      return [
        `CREATE ${row.unique ? 'UNIQUE ' : ''}INDEX ${index} ON ONLY ${table} ${row.sql}`,
        ...row.targets.map(
          ({ column, target }) => `ALTER INDEX {schema}.${index} ALTER COLUMN ${column} SET STATISTICS ${target}`,
        ),
      ]
    }),
    names: copies,
    indexes: copies,
  }
}

/**
 * Returns the statements that make indexes of partitions parts of those of their parents, so that
 * all keep their names and none is made twice.
 */
export async function attachIndexes(client: pg.Client, indexes: ReadonlyMap<number, string>): Promise<string[]> {
  const rows = await selectVerbatim<{ index: number; above: number }>(
    client,
    'SELECT inhrelid AS index, inhparent AS above FROM pg_inherits WHERE inhrelid = ANY ($1) AND inhparent = ANY ($1) ORDER BY inhparent, inhrelid',
    [[...indexes.keys()]],
  )
  const copyOf = (index: number): string => `{schema}.${escapeIdentifier(indexes.get(index)!)}`
  return rows.map(({ index, above }) => `ALTER INDEX ${copyOf(above)} ATTACH PARTITION ${copyOf(index)}`)
}

/** Returns the statements that copy the extended statistics of tables. */
export async function cloneStatistics(client: pg.Client, tables: readonly CopiedTable[]): Promise<string[]> {
  const rows = await selectVerbatim<{ table: number; name: string; sql: string; target: number | null }>(
    client,
    // What stands between the name of the statistics and that of the table.
    `SELECT stxrelid AS table, stxname::text AS name, nullif(stxstattarget, -1) AS target,
            substr(sql, length(opening) + 1, length(sql) - length(opening) - length(ending)) AS sql
     FROM (
       SELECT own.*, pg_get_statisticsobjdef(own.oid) AS sql, format('CREATE STATISTICS %I.%I', space.nspname, stxname) AS opening,
              format(' FROM %I.%I', filled_space.nspname, relname) AS ending
       FROM pg_statistic_ext AS own JOIN pg_namespace AS space ON space.oid = stxnamespace
         JOIN pg_class AS filled ON filled.oid = stxrelid JOIN pg_namespace AS filled_space ON filled_space.oid = relnamespace
       WHERE stxrelid = ANY ($1)
     ) AS own ORDER BY array_position($1::oid[], stxrelid), oid`,
    [tables.map(({ oid }) => oid)],
  )
  const names = makeOwnNames()
  return rows.flatMap(({ table, name, sql, target }) => {
    const { copy: filled } = tables.find(({ oid }) => oid === table)!
    const statistics = `{schema}.${escapeIdentifier(names.take(name))}`
    return [
      `CREATE STATISTICS ${statistics}${sql} FROM ${filled}`,
      ...(target === null ? [] : [`ALTER STATISTICS ${statistics} SET STATISTICS ${target}`]),
    ]
  })
}
