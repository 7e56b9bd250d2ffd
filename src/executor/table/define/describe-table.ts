import type pg from 'pg'
import type { Definition, TableColumn, TablePart } from '../../../study/table/definition.js'
import { elementTypes } from '../../../study/table/table.js'
import { selectRows } from './catalogue.js'

/** A part of a table, with the OID of its constraint or index. */
export interface DescribedPart extends Omit<TablePart, 'keyColumns'> {
  readonly oid: number
  /** Null for a part that is no key, and no exclusion constraint or unique index. */
  readonly keyColumns: readonly string[] | null
}

/** Facts of a table that do not depend on how it was made. */
export interface TableDescription extends Pick<Definition, 'columns' | 'primaryKey' | 'partitionedBy'> {
  readonly parts: readonly DescribedPart[]
}

/** Types of `pg_catalog` that go by the names that columns of inputs have, or that COPY knows. */
const shortNames: readonly string[] = [...elementTypes, 'varchar', 'bpchar']

/** Describes a table by its OID. `qualifyNames` decides how names outside of `pg_catalog` read. */
export async function describeTable(client: pg.Client, oid: number): Promise<TableDescription> {
  return {
    columns: await selectColumns(client, oid),
    primaryKey: await selectPrimaryKey(client, oid),
    partitionedBy: await selectPartitionKey(client, oid),
    parts: [...(await selectConstraints(client, oid)), ...(await selectIndexes(client, oid))].sort(byKind),
  }
}

/** A part as a definition holds it, under the name that it has in the study's schema. */
export function definedPart({ kind, sql, keyColumns }: DescribedPart, name: string): TablePart {
  return { kind, name, sql, ...(keyColumns === null ? {} : { keyColumns }) }
}

/** Kinds of parts in the order in which they are made: foreign keys need the keys of the table. */
const kinds: readonly TablePart['kind'][] = ['primary key', 'unique', 'exclusion', 'check', 'index', 'foreign key']

const byKind = (a: DescribedPart, b: DescribedPart): number => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)

async function selectColumns(client: pg.Client, oid: number): Promise<TableColumn[]> {
  return selectRows<TableColumn>(
    client,
    `WITH RECURSIVE
     -- From each column's type down: a domain to its type, an array to that of its elements.
     under AS (
       SELECT attnum, atttypid AS type, 0 AS depth, 0 AS arrays, false AS filled, false AS required
       FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped
       UNION ALL
       SELECT attnum, CASE WHEN typtype = 'd' THEN typbasetype ELSE typelem END, depth + 1,
              arrays + (typtype <> 'd')::int, filled OR arrays = 0 AND typdefault IS NOT NULL, required OR arrays = 0 AND typnotnull
       FROM under JOIN pg_type AS type ON type.oid = under.type
       WHERE typtype = 'd' OR EXISTS (SELECT FROM pg_type AS element WHERE element.oid = type.typelem AND element.typarray = type.oid)
     ),
     last AS (SELECT DISTINCT ON (attnum) * FROM under ORDER BY attnum, depth DESC)
     SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type,
            CASE WHEN typtype = 'e' THEN 'enum'
                 WHEN typnamespace = 'pg_catalog'::regnamespace AND typname = ANY ($2) THEN typname::text
                 ELSE format_type(last.type, NULL) END || repeat('[]', least(arrays, 1)) AS base,
            attnotnull OR required AS "notNull",
            CASE WHEN attidentity <> '' THEN 'identity' WHEN attgenerated <> '' THEN 'generated'
                 WHEN atthasdef OR filled THEN 'default' END AS "filledBy"
     FROM pg_attribute JOIN last USING (attnum) JOIN pg_type AS type ON type.oid = last.type
     WHERE attrelid = $1 ORDER BY attnum`,
    [oid, shortNames],
  )
}

async function selectPrimaryKey(client: pg.Client, oid: number): Promise<string[]> {
  const rows = await selectRows<{ name: string }>(
    client,
    `SELECT attname::text AS name
     FROM pg_index, unnest(indkey::int2[]) WITH ORDINALITY AS key (attnum, place)
       JOIN pg_attribute USING (attnum)
     WHERE indrelid = $1 AND indisprimary AND attrelid = indrelid AND place <= indnkeyatts ORDER BY place`,
    [oid],
  )
  return rows.map(({ name }) => name)
}

async function selectPartitionKey(client: pg.Client, oid: number): Promise<string | null> {
  const rows = await selectRows<{ key: string | null }>(client, 'SELECT pg_get_partkeydef($1::oid) AS key', [oid])
  return rows[0]!.key
}

/** SQL for the names of an index's key columns, without expressions; `index` is its OID. */
const keyColumnsSql = (index: string): string =>
  `(SELECT json_agg(attname ORDER BY place) FILTER (WHERE attname IS NOT NULL)
    FROM pg_index AS keyed CROSS JOIN LATERAL unnest(indkey::int2[]) WITH ORDINALITY AS key (number, place)
      LEFT JOIN pg_attribute ON attrelid = keyed.indrelid AND attnum = number AND number > 0
    WHERE keyed.indexrelid = ${index} AND place <= indnkeyatts)`

/**
 * Keys of a partitioned table that others' or its own foreign keys give it for each partition are
 * no constraints of their own.
 */
async function selectConstraints(client: pg.Client, oid: number): Promise<DescribedPart[]> {
  return selectRows<DescribedPart>(
    client,
    `SELECT oid, CASE contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion' WHEN 'c' THEN 'check'
                              ELSE 'foreign key' END AS kind,
            conname::text AS name,
            CASE WHEN confrelid = conrelid
                 THEN replace(pg_get_constraintdef(oid), ') REFERENCES ' || conrelid::regclass || '(', ') REFERENCES records(')
                 ELSE pg_get_constraintdef(oid) END AS sql,
            CASE WHEN contype IN ('p', 'u', 'x') THEN coalesce(${keyColumnsSql('conindid')}, '[]') END AS "keyColumns"
     FROM pg_constraint AS own
     WHERE conrelid = $1 AND contype IN ('p', 'u', 'x', 'c', 'f')
       AND NOT EXISTS (SELECT FROM pg_constraint AS above WHERE above.oid = own.conparentid AND above.conrelid = own.conrelid)
     ORDER BY oid`,
    [oid],
  )
}

/** The text of an index begins after the name of its table, which a study's table has not. */
async function selectIndexes(client: pg.Client, oid: number): Promise<DescribedPart[]> {
  return selectRows<DescribedPart>(
    client,
    `SELECT indexrelid AS oid, 'index' AS kind, relname::text AS name,
            CASE WHEN indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX '
              || substr(pg_get_indexdef(indexrelid), length(${indexPrefixSql}) + 1) AS sql,
            CASE WHEN indisunique THEN coalesce(${keyColumnsSql('pg_index.indexrelid')}, '[]') END AS "keyColumns"
     FROM pg_index JOIN pg_class AS class ON class.oid = indexrelid
     WHERE indrelid = $1 AND indisvalid
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
     ORDER BY indexrelid`,
    [oid],
  )
}

/**
 * SQL for the beginning of an index's definition, up to its method, in a query of `pg_index` and of
 * `pg_class` as `class`, the index. Names are written with their schema.
 */
export const indexPrefixSql = `(SELECT format('CREATE %sINDEX %I ON %s%I.%I ', CASE WHEN indisunique THEN 'UNIQUE ' ELSE '' END, class.relname,
  CASE WHEN class.relkind = 'I' THEN 'ONLY ' ELSE '' END, filled_space.nspname, filled.relname)
  FROM pg_class AS filled JOIN pg_namespace AS filled_space ON filled_space.oid = filled.relnamespace WHERE filled.oid = indrelid)`
