import pg from 'pg'

const { escapeIdentifier, escapeLiteral } = pg

/**
 * Reads how a table is stored, as CREATE TABLE states it and LIKE does not copy it: ` USING …
 * WITH (…)`, or nothing. A partitioned table is not stored.
 */
export async function storageSql(control: pg.Client, table: string): Promise<string> {
  const { rows } = await control.query<{ method: string | null; options: readonly (readonly [string, string])[] }>(
    `SELECT amname AS method,
            (SELECT coalesce(json_agg(json_build_array(prefix || option_name, option_value)), '[]')
               FROM (SELECT '' AS prefix, class.reloptions AS own UNION ALL SELECT 'toast.', toast.reloptions) AS each, pg_options_to_table(own)) AS options
       FROM pg_class AS class LEFT JOIN pg_class AS toast ON toast.oid = class.reltoastrelid LEFT JOIN pg_am AS am ON am.oid = class.relam
      WHERE class.oid = ${escapeLiteral(table)}::regclass AND class.relkind = 'r'`,
  )
  const { method = null, options = [] } = rows[0] ?? {}
  const list = options.map(
    ([name, value]) => `${name.split('.').map(escapeIdentifier).join('.')} = ${escapeLiteral(value)}`,
  )
  return [
    method === null ? '' : ` USING ${escapeIdentifier(method)}`,
    list.length === 0 ? '' : ` WITH (${list.join(', ')})`,
  ].join('')
}
