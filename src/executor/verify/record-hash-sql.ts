import pg from 'pg'
import { type Column, elementTypeOf, mayBeNull, type Table, verifiedColumns } from '../../study/table/table.js'
import { firstSeed, sentinelDay, sentinels, spanEndYear } from './sentinels.js'

/**
 * The SQL expression (int8) for the hash of one record of the table: what `makeRecordHash`
 * computes. Built from functions in C that exist in PostgreSQL 14 to 18; no float is printed, no
 * setting of the session matters.
 */
export function recordHashSql(table: Table): string {
  const compared = verifiedColumns(table)
  const nullable = compared.filter(([column]) => mayBeNull(table, column)).map(([column]) => name(column))
  // A function takes at most 100 arguments.
  const groups = Array.from({ length: Math.ceil(nullable.length / 100) }, (_, k) =>
    nullable.slice(k * 100, k * 100 + 100),
  )
  const seed = [`${firstSeed}::int8`, ...groups.map((group) => `num_nulls(${group.join(', ')})`)].join(' + ')
  return compared.reduce(
    (seedSql, [column, index]) => columnHashSql(column, index, mayBeNull(table, column), seedSql),
    `(${seed})`,
  )
}

/** The column's value in the type that the records have. */
function name({ name: own, type, stored }: Column): string {
  return stored === undefined ? pg.escapeIdentifier(own) : `CAST(${pg.escapeIdentifier(own)} AS ${type})`
}

function columnHashSql(column: Column, index: number, nullable: boolean, seed: string): string {
  const or = (value: string, standIn: string): string => (nullable ? `COALESCE(${value}, ${standIn})` : value)
  const col = name(column)
  switch (column.type) {
    case 'int2':
    case 'int4':
    case 'bool':
      return `hashint4extended(${or(`${col}::int4`, String(sentinels.integer))}, ${seed})`
    case 'int8':
      return wideHashSql(or(col, String(sentinels.integer)), seed)
    case 'float4':
    case 'float8':
      return `hashfloat8extended(${or(`${col}::float8`, `'${sentinels.float}'::float8`)}, hashint4extended(${index}, ${seed}))`
    case 'date':
      return `hashint4extended(${dayNumberSql(col)}, ${seed})`
    case 'timestamp':
    case 'timestamptz': {
      const sentinel = `${column.type} '${sentinels.timestamp}'`
      const end = `${column.type} '${spanEndYear}-01-01 00:00:00Z'`
      const spanned = `CASE WHEN isfinite(${col}) AND ${col} < ${end} THEN ${col} ELSE ${sentinel} END`
      const span = `${spanned} - ${column.type} '4714-11-24 00:00:00Z BC'`
      return `hashfloat8extended(date_part('epoch', ${or(col, sentinel)}), interval_hash_extended(${span}, ${seed}))`
    }
    case 'text':
      return textHashSql(or(col, `'${sentinels.text}'`), seed)
    case 'numeric':
    case 'jsonb':
      return textHashSql(or(`${col}::text`, `'${sentinels.text}'`), seed)
    case 'bytea':
      return textHashSql(or(`encode(${col}, 'hex')`, `'${sentinels.text}'`), seed)
    case 'uuid':
      return `uuid_hash_extended(${or(col, `uuid '${sentinels.uuid}'`)}, ${seed})`
    default:
      return wideHashSql(or(arrayHashSql(column), '1'), seed)
  }
}

/**
 * Days from 2000-01-01 to a date, for `infinity` and `-infinity` the integers that stand for them,
 * for a null its sentinel's.
 */
function dayNumberSql(col: string): string {
  const epoch = "date '2000-01-01'"
  return `CASE WHEN isfinite(${col}) THEN ${col} - ${epoch} WHEN ${col} > ${epoch} THEN 2147483647
    WHEN ${col} < ${epoch} THEN '-2147483648'::int4 ELSE ${sentinelDay} END`
}

function wideHashSql(value: string, seed: string): string {
  return `hashint4extended((${value} >> 32)::int4, hashint8extended(${value}, ${seed}))`
}

/**
 * The hash of an array by those of its elements; numbers of any length and JSON as text, floats of
 * 32 bits like those of 64.
 */
function arrayHashSql(column: Column): string {
  const col = name(column)
  switch (elementTypeOf(column.type)) {
    case 'numeric':
    case 'jsonb':
      return `hash_array_extended(${col}::text[] COLLATE "C", 0)`
    case 'text':
      return `hash_array_extended(${col} COLLATE "C", 0)`
    default:
      return `hash_array_extended(${col}, 0)`
  }
}

/** Hash of text under the collation "C", where equal text means equal bytes. */
function textHashSql(value: string, seed: string): string {
  return `hashtextextended(${value} COLLATE "C", ${seed})`
}
