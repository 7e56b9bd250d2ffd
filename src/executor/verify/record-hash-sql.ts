import pg from 'pg'
import { type Column, elementTypeOf, mayBeNull, type Table } from '../../study/table.js'
import { firstSeed, sentinels } from './sentinels.js'

/**
 * The SQL expression (int8) for the hash of one record of the table: what `makeRecordHash`
 * computes. Built from functions in C that exist in PostgreSQL 14 to 18; no float is printed, no
 * setting of the session matters.
 */
export function recordHashSql(table: Table): string {
  const nullable = table.columns.filter((column) => mayBeNull(table, column)).map((column) => name(column))
  // A function takes at most 100 arguments.
  const groups = Array.from({ length: Math.ceil(nullable.length / 100) }, (_, k) =>
    nullable.slice(k * 100, k * 100 + 100),
  )
  const seed = [`${firstSeed}::int8`, ...groups.map((group) => `num_nulls(${group.join(', ')})`)].join(' + ')
  return table.columns.reduce(
    (seedSql, column, index) => columnHashSql(column, index, mayBeNull(table, column), seedSql),
    `(${seed})`,
  )
}

const name = (column: Column): string => pg.escapeIdentifier(column.name)

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
      return `hashint4extended(${or(col, `date '${sentinels.timestamp.slice(0, 10)}'`)} - date '2000-01-01', ${seed})`
    case 'timestamp':
    case 'timestamptz': {
      const value = or(col, `${column.type} '${sentinels.timestamp}'`)
      return `hashfloat8extended(date_part('epoch', ${value}), interval_hash_extended(${value} - ${column.type} '4714-11-24 00:00:00Z BC', ${seed}))`
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
