import type pg from 'pg'

/** What the catalogue says of a table and its partitions, by subject. */
export type CatalogueFacts = Readonly<Record<string, readonly object[]>>

const of = (column: string): string =>
  `${column} IN (SELECT $1::text::regclass UNION SELECT relid FROM pg_partition_tree($1::text::regclass))`

const queries = {
  tables: `SELECT oid::regclass::text AS name, relkind, relpersistence, pg_get_expr(relpartbound, oid) AS bound, pg_get_partkeydef(oid) AS key,
      (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = class.oid) AS above, reloptions,
      (SELECT reloptions FROM pg_class AS toast WHERE toast.oid = class.reltoastrelid) AS toast
    FROM pg_class AS class WHERE ${of('oid')}`,
  // A partition that was attached has its columns in an order of its own.
  columns: `SELECT attrelid::regclass::text AS name, attname, CASE WHEN attrelid::regclass::text NOT LIKE '%rest' THEN
        row_number() OVER (PARTITION BY attrelid ORDER BY attnum) END AS place,
      format_type(atttypid, atttypmod), attcollation::regcollation::text, attnotnull, attidentity, attgenerated, attstorage, attcompression,
      attstattarget, attoptions, pg_get_expr(adbin, adrelid) AS filled
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE ${of('attrelid')} AND attnum > 0 AND NOT attisdropped`,
  constraints: `SELECT conrelid::regclass::text AS name, conname, pg_get_constraintdef(own.oid) AS text, contype, condeferrable, condeferred,
      convalidated, contype IN ('c', 'n') AND connoinherit AS noinherit, least(coninhcount, 1) AS inherited, confupdtype, confdeltype, confmatchtype, reloptions
    FROM pg_constraint AS own LEFT JOIN pg_class ON pg_class.oid = conindid
    WHERE ${of('conrelid')} AND NOT (contype = 'n' AND conrelid::regclass::text LIKE '%rest')
      AND NOT EXISTS (SELECT FROM pg_constraint AS above WHERE above.oid = own.conparentid AND above.conrelid = own.conrelid)`,
  indexes: `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS text, indisvalid, indisprimary, indimmediate, reloptions,
      (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = indexrelid) AS above,
      (SELECT array_agg(attstattarget ORDER BY attnum) FROM pg_attribute WHERE attrelid = indexrelid) AS targets
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE ${of('indrelid')}`,
  sequences: `SELECT attrelid::regclass::text AS name, attname, CASE WHEN attidentity = '' THEN seqrelid::regclass::text END AS sequence,
      seqtypid::regtype::text, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle
    FROM pg_depend LEFT JOIN pg_attrdef ON classid = 'pg_attrdef'::regclass AND pg_attrdef.oid = objid
      JOIN pg_attribute ON classid = 'pg_attrdef'::regclass AND attrelid = adrelid AND attnum = adnum
        OR classid = 'pg_class'::regclass AND deptype = 'i' AND attrelid = refobjid AND attnum = refobjsubid
      JOIN pg_sequence ON seqrelid = CASE WHEN classid = 'pg_class'::regclass THEN objid ELSE refobjid END
    WHERE ${of('attrelid')}`,
  statistics: `SELECT stxrelid::regclass::text AS name, pg_get_statisticsobjdef(oid) AS text, stxstattarget
    FROM pg_statistic_ext WHERE ${of('stxrelid')}`,
}

/**
 * Reads the facts of a table, each text changed by `normal`, and sorted by the texts that this
 * gives.
 */
export async function catalogueFacts(
  client: pg.Client,
  table: string,
  normal: (text: string) => string,
): Promise<CatalogueFacts> {
  await client.query("SET search_path = ''")
  const facts: [string, object[]][] = []
  for (const [subject, sql] of Object.entries(queries)) {
    const { rows } = await client.query<Record<string, unknown>>(sql, [table])
    const changed = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? normal(value) : value]),
      ),
    )
    facts.push([subject, changed.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))])
  }
  await client.query('RESET search_path')
  return Object.fromEntries(facts)
}
