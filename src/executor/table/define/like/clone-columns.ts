import pg from 'pg'
import { selectVerbatim } from '../catalogue.js'
import type { OwnSequences, SequenceOptions } from './clone-sequences.js'
import { sequenceOptionsSql, sequenceSql } from './clone-sequences.js'
import { type CopiedTable, optionsSql } from './copied-table.js'

const { escapeIdentifier } = pg

/** A column of a table that is copied, in the words of statements. */
export interface CopiedColumn {
  readonly table: number
  readonly number: number
  readonly name: string
  readonly type: string
  /** A collation other than that of the type. */
  readonly collation: string | null
  readonly notNull: boolean
  /** The constraint that makes it so, from PostgreSQL 18 on. */
  readonly constraint: { readonly name: string; readonly suffix: string; readonly local: boolean } | null
  readonly identity: '' | 'a' | 'd'
  readonly sequence: SequenceOptions | null
  readonly generated: '' | 's' | 'v'
  /** The default, or what it is generated from. */
  readonly expression: string | null
  readonly storage: string
  readonly typeStorage: string
  readonly compression: string
  readonly statistics: number | null
  readonly options: readonly string[]
}

/** Reads the columns of tables, in the order of each table. */
export async function selectCopiedColumns(
  client: pg.Client,
  tables: readonly CopiedTable[],
): Promise<Map<number, CopiedColumn[]>> {
  const columns = await selectVerbatim<CopiedColumn>(
    client,
    `SELECT attrelid AS table, attnum AS number, attname::text AS name, format_type(atttypid, atttypmod) AS type,
            CASE WHEN attcollation <> typcollation THEN
              (SELECT format('%I.%I', nspname, collname) FROM pg_collation JOIN pg_namespace AS space ON space.oid = collnamespace
               WHERE pg_collation.oid = attcollation) END AS collation,
            attnotnull AS "notNull", required AS constraint, attidentity AS identity, sequence, attgenerated AS generated,
            pg_get_expr(adbin, adrelid) AS expression, attstorage AS storage, typstorage AS "typeStorage",
            attcompression AS compression, nullif(attstattarget, -1) AS statistics, coalesce(attoptions, '{}') AS options
     FROM pg_attribute
       JOIN pg_type AS type ON type.oid = atttypid
       LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
       LEFT JOIN LATERAL (
         SELECT json_build_object('name', conname, 'local', coninhcount = 0,
           'suffix', CASE WHEN connoinherit THEN ' NO INHERIT' ELSE '' END || CASE WHEN convalidated THEN '' ELSE ' NOT VALID' END) AS required
         FROM pg_constraint WHERE contype = 'n' AND conrelid = attrelid AND conkey = ARRAY[attnum]
       ) AS required ON true
       LEFT JOIN LATERAL (
         SELECT row_to_json(options) AS sequence FROM (
           SELECT ${sequenceOptionsSql} FROM pg_depend JOIN pg_sequence ON seqrelid = objid
           WHERE classid = 'pg_class'::regclass AND deptype = 'i' AND refclassid = 'pg_class'::regclass
             AND refobjid = attrelid AND refobjsubid = attnum) AS options
       ) AS sequence ON true
     WHERE attrelid = ANY ($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [tables.map(({ oid }) => oid)],
  )
  return new Map(tables.map(({ oid }) => [oid, columns.filter(({ table }) => table === oid)]))
}

/**
 * Returns the statement that makes a table with all of its columns; for a partition, with what its
 * columns have of their own.
 */
export function createSql(
  table: CopiedTable,
  columns: readonly CopiedColumn[],
  above: readonly CopiedColumn[] | null,
  sequences: OwnSequences,
): string {
  if (table.parent === null) {
    const all = columns.map(
      (column) =>
        `${escapeIdentifier(column.name)} ${column.type}${column.collation === null ? '' : ` COLLATE ${column.collation}`}${filledSql(column, sequences)}${notNullSql(column)}`,
    )
    return `CREATE TABLE ${table.copy} (${all.join(', ')})${table.storage}`
  }
  const own = columns.flatMap((column) => {
    const inherited = above!.find(({ name }) => name === column.name)!
    const filled =
      column.expression !== null && column.expression !== inherited.expression ? filledSql(column, sequences) : ''
    const isOwn = column.constraint ? column.constraint.local : !inherited.notNull
    const text = filled + (isOwn ? notNullSql(column) : '')
    return text === '' ? [] : [`${escapeIdentifier(column.name)} WITH OPTIONS${text}`]
  })
  const list = own.length === 0 ? '' : ` (${own.join(', ')})`
  return `CREATE TABLE ${table.copy} PARTITION OF ${table.parent.copy}${list} ${table.bound}${table.storage}`
}

function filledSql({ identity, sequence, generated, expression }: CopiedColumn, sequences: OwnSequences): string {
  if (identity !== '') {
    const options = sequence === null ? '' : ` (${sequenceSql(sequence)})`
    return ` GENERATED ${identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${options}`
  }
  if (expression === null) return ''
  if (generated !== '') return ` GENERATED ALWAYS AS (${expression}) ${generated === 's' ? 'STORED' : 'VIRTUAL'}`
  return ` DEFAULT ${sequences.replace(expression)}`
}

/** One that is not yet valid can be added to a table that is there, alone. */
const isUnchecked = ({ constraint }: CopiedColumn): boolean => constraint?.suffix.includes('NOT VALID') ?? false

function notNullSql(column: CopiedColumn): string {
  if (!column.notNull || isUnchecked(column)) return ''
  const { constraint } = column
  return constraint ? ` CONSTRAINT ${escapeIdentifier(constraint.name)} NOT NULL${constraint.suffix}` : ' NOT NULL'
}

const storages: { readonly [letter: string]: string } = { p: 'PLAIN', e: 'EXTERNAL', m: 'MAIN', x: 'EXTENDED' }
const compressions: { readonly [letter: string]: string } = { '': 'default', p: 'pglz', l: 'lz4' }

/**
 * Returns the statement that gives the columns of a table what CREATE TABLE cannot; null for
 * nothing.
 */
export function alterSql(
  table: CopiedTable,
  columns: readonly CopiedColumn[],
  above: readonly CopiedColumn[] | null,
): string | null {
  const changes = columns.flatMap((column) => {
    const inherited = above?.find(({ name }) => name === column.name)
    const alter = `ALTER COLUMN ${escapeIdentifier(column.name)}`
    return [
      ...(column.storage === (inherited?.storage ?? column.typeStorage)
        ? []
        : [`${alter} SET STORAGE ${storages[column.storage]}`]),
      ...(column.compression === (inherited?.compression ?? '')
        ? []
        : [`${alter} SET COMPRESSION ${compressions[column.compression]}`]),
      ...(column.statistics === null ? [] : [`${alter} SET STATISTICS ${column.statistics}`]),
      ...(column.options.length === 0 ? [] : [`${alter} SET (${optionsSql(column.options)})`]),
      ...(inherited && inherited.expression !== null && column.expression === null && inherited.generated === ''
        ? [`${alter} DROP DEFAULT`]
        : []),
      ...(isUnchecked(column) && (!inherited || column.constraint!.local)
        ? [
            `ADD CONSTRAINT ${escapeIdentifier(column.constraint!.name)} NOT NULL ${escapeIdentifier(column.name)}${column.constraint!.suffix}`,
          ]
        : []),
    ]
  })
  return changes.length === 0 ? null : `ALTER TABLE ONLY ${table.copy} ${changes.join(', ')}`
}
