import pg from 'pg'
import type { TableColumn } from '../../../study/table/definition.js'
import type { Table } from '../../../study/table/table.js'
import { partitionTreeSql } from '../partition-tree.js'

const { escapeLiteral } = pg

/** A primary key, unique index or exclusion constraint of a table, or of one of its partitions. */
export interface Key {
  readonly name: string
  /** What it is of, as SQL spells it: columns and expressions. */
  readonly parts: readonly string[]
  /** Names of the columns in it whose other values make another key. */
  readonly columns: readonly string[]
  /** Names of columns in its expressions. */
  readonly inside: readonly string[]
}

/** The keys of a table, and the columns whose values others prescribe. */
export interface TableKeys {
  readonly keys: readonly Key[]
  /** Names of the columns that refer to another table. */
  readonly referring: readonly string[]
  /** Names of columns that checks and partitions restrict, or that the table itself refers to. */
  readonly restricted: readonly string[]
}

/**
 * Reads the keys of a table by its quoted name. Those of partitions that are parts of the table's
 * are not among them. Constraints and indexes named in `without` do not count.
 */
export async function selectKeys(control: pg.Client, table: string, without: readonly string[]): Promise<TableKeys> {
  const tree = partitionTreeSql(`${escapeLiteral(table)}::regclass`)
  const keys = await control.query<Key>(
    `SELECT class.relname::text AS name,
            ARRAY(SELECT pg_get_indexdef(indexrelid, part, false) FROM generate_series(1, indnkeyatts) AS part) AS parts,
            ARRAY(SELECT attname::text FROM unnest(indkey::int2[]) WITH ORDINALITY AS each (number, part)
                    JOIN pg_attribute ON attrelid = indrelid AND attnum = number
                  WHERE part <= indnkeyatts
                    AND (conexclop IS NULL OR (SELECT oprname = '=' FROM pg_operator WHERE pg_operator.oid = conexclop[part]))
                  ORDER BY part) AS columns,
            ARRAY(SELECT DISTINCT attname::text FROM regexp_matches(indexprs::text, ':varattno (\\d+)', 'g') AS found
                    JOIN pg_attribute ON attrelid = indrelid AND attnum = found[1]::int2) AS inside
       FROM (${tree}) AS tree
         JOIN pg_index ON indrelid = relid
         JOIN pg_class AS class ON class.oid = indexrelid
         LEFT JOIN pg_constraint AS own ON conindid = indexrelid AND contype IN ('p', 'u', 'x')
      WHERE (indisunique OR indisexclusion) AND class.relname <> ALL ($1)
        AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = indexrelid)
      ORDER BY indnkeyatts, class.relname`,
    [without],
  )
  const columns = await control.query<{ name: string; refers: boolean }>(
    `SELECT DISTINCT attname::text AS name, refers
       FROM (
         SELECT conrelid AS relation, unnest(conkey) AS number, contype = 'f' AS refers
         FROM pg_constraint WHERE contype IN ('c', 'f') AND conname <> ALL ($1)
         UNION ALL
         SELECT confrelid, unnest(confkey), false FROM pg_constraint WHERE contype = 'f' AND confrelid = conrelid AND conname <> ALL ($1)
         UNION ALL
         SELECT partrelid, unnest(partattrs::int2[]), false FROM pg_partitioned_table
       ) AS prescribed JOIN pg_attribute ON attrelid = relation AND attnum = number
      WHERE relation IN (SELECT relid FROM (${tree}) AS tree)`,
    [without],
  )
  const namesOf = (refers: boolean): string[] =>
    columns.rows.filter((column) => column.refers === refers).map(({ name }) => name)
  return { keys: keys.rows, referring: namesOf(true), restricted: namesOf(false) }
}

/** A column of the study's table, as it bears on rows that are made from the input's records. */
export interface MadeColumn {
  readonly name: string
  /** The type of its values, without a limit or a domain: `varchar`. */
  readonly base: string
  /** Maximum number of characters that its type states; null for none. */
  readonly limit: number | null
  /** Where its values come from: the input, the server (a default, a sequence), or neither. */
  readonly from: 'input' | 'server' | null
}

/**
 * Returns the columns of the study's table; `defined` is null where it is made from the input's.
 */
export function madeColumns(table: Table, defined: readonly TableColumn[] | null): readonly MadeColumn[] {
  const loaded = new Set(table.columns.map(({ name }) => name))
  if (defined === null) {
    return table.columns.map(({ name, type, declared }) => ({
      name,
      base: type,
      limit: limitOf(declared ?? type),
      from: 'input',
    }))
  }
  return defined.map(({ name, type, base, filledBy }) => ({
    name,
    base,
    limit: limitOf(type),
    from: loaded.has(name) ? 'input' : filledBy === 'default' || filledBy === 'identity' ? 'server' : null,
  }))
}

function limitOf(type: string): number | null {
  const limit = /^(?:character varying|character|varchar|bpchar|char)\((\d+)\)$/.exec(type)?.[1]
  return limit === undefined ? null : Number(limit)
}
