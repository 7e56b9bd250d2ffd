import pg from 'pg'
import { ProgramError } from '../errors.js'
import { qualifiedTable } from '../footprint/mark.js'
import { partitionTreeSql } from '../table/partition-tree.js'

const { escapeLiteral } = pg

/** What a trial's table and its partitions have, apart from rows. */
export interface TableShape {
  readonly relations: readonly number[]
  /** Each in words: "records_pkey: PRIMARY KEY (id)". */
  readonly parts: readonly string[]
}

/** Reads the OIDs of a trial's table and of its partitions, and what they have; none without it. */
export async function readTableShape(control: pg.Client, schema: string): Promise<TableShape> {
  const table = `to_regclass(${escapeLiteral(qualifiedTable(schema))})`
  const { rows } = await control.query<{ oid: number; parts: string[] }>(`
    SELECT c.oid, array(
             SELECT c.relname || ' is ' || CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'logged' END
             UNION ALL
             SELECT conname || ': ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = c.oid
             UNION ALL
             SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = c.oid AND indisvalid
             UNION ALL
             SELECT 'triggers of ' || coalesce(f.conname, t.tgname) || ': '
                    || CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas alone' ELSE 'enabled' END
               FROM pg_trigger t LEFT JOIN pg_constraint f ON f.oid = t.tgconstraint WHERE t.tgrelid = c.oid
           )::text[] AS parts
      FROM pg_class c JOIN (SELECT relid FROM (${partitionTreeSql(table)}) AS tree) AS tree ON c.oid = tree.relid
     ORDER BY c.oid`)
  return { relations: rows.map(({ oid }) => oid), parts: rows.flatMap(({ parts }) => parts) }
}

/**
 * Throws `ProgramError` where a program left a trial's table other than it was: what it loads into
 * is then not what the study's other loads fill.
 */
export function checkShape(loader: string, before: TableShape, after: TableShape): void {
  const kept = new Set(after.relations)
  if (!before.relations.every((oid) => kept.has(oid))) {
    throw new ProgramError(
      `The loader ${loader} dropped the table of its trial, or a partition of it: have it load into the table that is there`,
    )
  }
  const without = (parts: readonly string[], others: readonly string[]): string =>
    [...new Set(parts.filter((part) => !others.includes(part)))].join(', ')
  const [removed, added] = [without(before.parts, after.parts), without(after.parts, before.parts)]
  if (removed === '' && added === '') return
  const changes = [removed && `without ${removed}`, added && `with ${added}`].filter(Boolean).join(', and ')
  throw new ProgramError(
    `The loader ${loader} left the table of its trial other than it was, ${changes}: have it put back what it changes, or vary that by a factor of the study`,
  )
}
