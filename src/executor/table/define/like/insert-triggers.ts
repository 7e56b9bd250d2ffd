import type pg from 'pg'
import type { TableTrigger } from '../../../../study/table/definition.js'
import { verbatim } from '../../statement-names.js'
import { selectRows } from '../catalogue.js'
import { writtenTables } from '../written-tables.js'
import { firedBy } from './left-out.js'

/** Bits of `pg_trigger.tgtype`. */
const bits = { row: 1, before: 2, insert: 4 } as const

interface TriggerRow {
  readonly name: string
  readonly type: number
  readonly sql: string
  /** Where `sql` names the table, at its first occurrence: ` ON app.orders `. */
  readonly table: string
  readonly called: string
  readonly source: string
}

/**
 * Reads the triggers of a table that its inserts fire, and that are enabled: they are made where a
 * layout asks for them.
 */
export async function selectInsertTriggers(client: pg.Client, oid: number): Promise<TableTrigger[]> {
  const rows = await selectRows<TriggerRow>(
    client,
    `SELECT tgname::text AS name, tgtype AS type, pg_get_triggerdef(pg_trigger.oid) AS sql,
            ' ON ' || format('%I.%I', table_space.nspname, relname) || ' ' AS "table",
            format('%I.%I()', space.nspname, proname) AS called, coalesce(pg_get_function_sqlbody(called.oid), prosrc) AS source
     FROM pg_trigger
       JOIN pg_proc AS called ON called.oid = tgfoid JOIN pg_namespace AS space ON space.oid = pronamespace
       JOIN pg_class AS own ON own.oid = tgrelid JOIN pg_namespace AS table_space ON table_space.oid = own.relnamespace
     WHERE tgrelid = $1 AND NOT tgisinternal AND tgparentid = 0 AND tgtype & ${bits.insert} <> 0 AND tgenabled IN ('O', 'A')
     ORDER BY tgname`,
    [oid],
  )
  return rows.map(({ name, type, sql, table, called, source }) => {
    const at = sql.indexOf(table)
    return {
      name,
      sql: `${verbatim(sql.slice(0, at))} ON {table} ${verbatim(sql.slice(at + table.length))}`,
      fires: firedBy(type),
      calls: called,
      writes: writtenTables(source),
      rewrites: (type & bits.before) !== 0 && (type & bits.row) !== 0,
    }
  })
}
