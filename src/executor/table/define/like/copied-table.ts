import pg from 'pg'
import { selectVerbatim } from '../catalogue.js'
import type { OwnNames } from './own-names.js'

const { escapeIdentifier, escapeLiteral } = pg

/** A table that is copied: the one that `like` names, or a partition of it at any level. */
export interface CopiedTable {
  readonly oid: number
  /** Name of the original with its schema, as SQL spells it. */
  readonly original: string
  /** Name of the copy in statements. */
  readonly copy: string
  /** The table that it is a partition of; null for the one that `like` names. */
  readonly parent: CopiedTable | null
  /** `FOR VALUES …` or `DEFAULT`; null for the one that `like` names. */
  readonly bound: string | null
  /** What follows the columns: `PARTITION BY …`, `USING …`, `WITH (…)`. */
  readonly storage: string
}

interface TableRow {
  readonly oid: number
  readonly parent: number | null
  readonly kind: string
  readonly name: string
  readonly original: string
  readonly bound: string | null
  readonly key: string | null
  readonly method: string | null
  readonly options: readonly string[]
}

/**
 * Reads a table and its partitions, each after the table that it belongs to. Partitions that are
 * foreign tables have no copy: their names are in `foreign`.
 */
export async function selectCopiedTables(
  client: pg.Client,
  oid: number,
  names: OwnNames,
): Promise<{ tables: CopiedTable[]; foreign: string[] }> {
  const rows = await selectVerbatim<TableRow>(
    client,
    `WITH RECURSIVE tree AS (
       SELECT $1::oid AS oid, NULL::oid AS parent, 0 AS level
       UNION ALL
       SELECT inhrelid, inhparent, level + 1
       FROM tree JOIN pg_inherits ON inhparent = tree.oid JOIN pg_class AS child ON child.oid = inhrelid
       WHERE relispartition AND NOT inhdetachpending
     )
     SELECT tree.oid, parent, class.relkind AS kind, class.relname::text AS name, format('%I.%I', nspname, class.relname) AS original,
            CASE WHEN level > 0 THEN pg_get_expr(class.relpartbound, class.oid) END AS bound, pg_get_partkeydef(class.oid) AS key,
            CASE WHEN amname <> 'heap' THEN amname::text END AS method,
            coalesce(class.reloptions, '{}') || ARRAY(SELECT 'toast.' || option FROM unnest(toast.reloptions) AS option) AS options
     FROM tree JOIN pg_class AS class ON class.oid = tree.oid JOIN pg_namespace AS space ON space.oid = class.relnamespace
       LEFT JOIN pg_class AS toast ON toast.oid = class.reltoastrelid LEFT JOIN pg_am AS am ON am.oid = class.relam
     ORDER BY level, original`,
    [oid],
  )
  const copied = new Map<number, CopiedTable>()
  for (const { parent, kind, name, ...row } of rows.filter((one) => one.kind !== 'f')) {
    copied.set(row.oid, {
      oid: row.oid,
      original: row.original,
      copy: parent === null ? '{table}' : `{schema}.${escapeIdentifier(names.take(name))}`,
      parent: parent === null ? null : copied.get(parent)!,
      bound: row.bound,
      storage: storageOf(row),
    })
  }
  return {
    tables: [...copied.values()],
    foreign: rows.filter(({ kind }) => kind === 'f').map(({ original }) => original),
  }
}

function storageOf({ key, method, options }: Pick<TableRow, 'key' | 'method' | 'options'>): string {
  return [
    key === null ? '' : ` PARTITION BY ${key}`,
    method === null ? '' : ` USING ${escapeIdentifier(method)}`,
    options.length === 0 ? '' : ` WITH (${optionsSql(options)})`,
  ].join('')
}

/** Returns options as a statement sets them, from the catalogue's `name=value`. */
export function optionsSql(options: readonly string[]): string {
  return options
    .map((option) => {
      const [, name, value] = /^([^=]*)=(.*)$/s.exec(option)!
      return `${name!.split('.').map(escapeIdentifier).join('.')} = ${escapeLiteral(value!)}`
    })
    .join(', ')
}
