import type pg from 'pg'
import { withoutMark } from '../../statement-names.js'
import { triggerWords } from '../../trigger-words.js'
import { selectRows } from '../catalogue.js'
import { writtenTables } from '../written-tables.js'
import type { CopiedTable } from './copied-table.js'

/**
 * Names what tables have and their copies do not, in parts of sentences such as "the trigger audit
 * (AFTER INSERT), whose function app.audit() writes to app.log".
 */
export async function selectLeftOut(client: pg.Client, tables: readonly CopiedTable[]): Promise<string[]> {
  return [
    ...(await selectTriggers(client, tables)),
    ...(await selectRules(client, tables)),
    ...(await selectStates(client, tables)),
    ...(await selectPartsLeftOut(client, tables)),
    ...(await selectOthersOrder(client, tables)),
  ]
}

const oidsOf = (tables: readonly CopiedTable[]): number[] => tables.map(({ oid }) => oid)

/** SQL for the end of a name: the partition that it is of, for a table other than the first. */
const partitionSql = (relation: string): string =>
  `(CASE WHEN ${relation} = ($1::oid[])[1] THEN '' ELSE ' of the partition ' || ${relation}::regclass END)`

interface TriggerRow {
  readonly name: string
  /** Bits of `pg_trigger.tgtype`. */
  readonly type: number
  readonly disabled: boolean
  readonly called: string
  readonly source: string
}

async function selectTriggers(client: pg.Client, tables: readonly CopiedTable[]): Promise<string[]> {
  const rows = await selectRows<TriggerRow>(
    client,
    `SELECT format('%I', tgname) || ${partitionSql('tgrelid')} AS name, tgtype AS type, tgenabled = 'D' AS disabled,
            format('%I.%I()', nspname, proname) AS called, coalesce(pg_get_function_sqlbody(called.oid), prosrc) AS source
     FROM pg_trigger JOIN pg_proc AS called ON called.oid = tgfoid JOIN pg_namespace AS space ON space.oid = pronamespace
     WHERE tgrelid = ANY ($1) AND NOT tgisinternal AND (tgrelid = ($1::oid[])[1] OR tgparentid = 0)
       -- Those that inserts into the table itself fire may be made.
       AND NOT (tgrelid = ($1::oid[])[1] AND tgparentid = 0 AND tgtype & 4 <> 0 AND tgenabled IN ('O', 'A'))
     ORDER BY array_position($1::oid[], tgrelid), tgname`,
    [oidsOf(tables)],
  )
  return rows.map(({ name, type, disabled, called, source }) => {
    const fires = `${firedBy(type)}${disabled ? ', disabled' : ''}`
    return triggerWords({ name, fires, calls: called, writes: writtenTables(source) })
  })
}

/** Bits of a trigger's type and the words for them, in the order in which SQL has them. */
const events = [
  [4, 'INSERT'],
  [16, 'UPDATE'],
  [8, 'DELETE'],
  [32, 'TRUNCATE'],
] as const

/** When a trigger fires, by `pg_trigger.tgtype`: "BEFORE INSERT OR UPDATE". */
export function firedBy(type: number): string {
  const named = events.filter(([bit]) => (type & bit) !== 0).map(([, word]) => word)
  return `${(type & 2) !== 0 ? 'BEFORE' : 'AFTER'} ${named.join(' OR ')}`
}

async function selectRules(client: pg.Client, tables: readonly CopiedTable[]): Promise<string[]> {
  const rows = await selectRows<{ words: string }>(
    client,
    `SELECT words FROM (
       SELECT 1 AS kind, ev_class AS relation, rulename AS name, format('the rule %I', rulename) || ${partitionSql('ev_class')} AS words
       FROM pg_rewrite WHERE ev_class = ANY ($1)
       UNION ALL
       SELECT 2, oid, '', 'row security' || ${partitionSql('oid')} FROM pg_class WHERE oid = ANY ($1) AND relrowsecurity
       UNION ALL
       SELECT 3, polrelid, polname, format('the policy %I', polname) || ${partitionSql('polrelid')} FROM pg_policy WHERE polrelid = ANY ($1)
     ) AS found ORDER BY kind, array_position($1::oid[], relation), name`,
    [oidsOf(tables)],
  )
  return rows.map(({ words }) => words)
}

/** What a table is, apart from its columns and parts. */
async function selectStates(client: pg.Client, tables: readonly CopiedTable[]): Promise<string[]> {
  const rows = await selectRows<{ words: string[] }>(
    client,
    `SELECT array_remove(ARRAY[
       CASE WHEN oid = ($1::oid[])[1] AND relispartition THEN 'that it is a partition of '
         || (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = class.oid) END,
       CASE WHEN NOT relispartition AND EXISTS (SELECT FROM pg_inherits WHERE inhrelid = class.oid) THEN format('the inheritance from %s',
         (SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = class.oid)) END,
       CASE WHEN relkind <> 'p' THEN 'the tables that inherit from it ('
         || (SELECT string_agg(inhrelid::regclass::text, ', ' ORDER BY inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = class.oid) || ')' END,
       CASE WHEN reloftype <> 0 THEN 'that it is a table of the type ' || reloftype::regtype END,
       CASE relreplident WHEN 'n' THEN 'the replica identity NOTHING' WHEN 'f' THEN 'the replica identity FULL'
         WHEN 'i' THEN 'the replica identity by an index' END || ${partitionSql('oid')},
       'the tablespace ' || (SELECT quote_ident(spcname) FROM pg_tablespace WHERE pg_tablespace.oid = reltablespace) || ${partitionSql('oid')},
       CASE WHEN relpersistence = 'u' THEN 'that it is unlogged' || ${partitionSql('oid')}
         || ', since the factor persistence decides' END
     ], NULL) AS words
     FROM pg_class AS class WHERE oid = ANY ($1) ORDER BY array_position($1::oid[], oid)`,
    [oidsOf(tables)],
  )
  return rows.flatMap(({ words }) => words)
}

/** Parts, and marks on parts. */
async function selectPartsLeftOut(client: pg.Client, tables: readonly CopiedTable[]): Promise<string[]> {
  const rows = await selectRows<{ words: string }>(
    client,
    `SELECT words FROM (
       SELECT indrelid AS relation, relname AS name, format('the cluster mark on the index %I', relname) AS words
       FROM pg_index JOIN pg_class AS class ON class.oid = indexrelid WHERE indisclustered AND indrelid = ANY ($1)
       UNION ALL
       SELECT indrelid, relname, format('the index %I, which is not valid', relname)
       FROM pg_index JOIN pg_class AS class ON class.oid = indexrelid WHERE NOT indisvalid AND indrelid = ANY ($1)
       UNION ALL
       SELECT indrelid, relname, format('the tablespace %I of the index %I', spcname, relname)
       FROM pg_index JOIN pg_class AS class ON class.oid = indexrelid JOIN pg_tablespace AS space ON space.oid = reltablespace
       WHERE indrelid = ANY ($1)
       UNION ALL
       SELECT conrelid, conname, format('the check %I, which is of the whole row', conname) || ${partitionSql('conrelid')}
       FROM pg_constraint WHERE conrelid = ANY ($1) AND contype = 'c' AND coninhcount = 0 AND 0 = ANY (conkey)
     ) AS found ORDER BY array_position($1::oid[], relation), words`,
    [oidsOf(tables)],
  )
  return rows.map(({ words }) => words)
}

/** Partitions that were attached with their columns in an order of their own. */
async function selectOthersOrder(client: pg.Client, tables: readonly CopiedTable[]): Promise<string[]> {
  const rows = await selectRows<{ oid: number; names: string[] }>(
    client,
    `SELECT attrelid AS oid, array_agg(attname::text ORDER BY attnum) AS names FROM pg_attribute
     WHERE attrelid = ANY ($1) AND attnum > 0 AND NOT attisdropped GROUP BY attrelid`,
    [oidsOf(tables)],
  )
  const orderOf = (oid: number): string => JSON.stringify(rows.find((row) => row.oid === oid)!.names)
  return tables
    .filter(({ oid, parent }) => parent !== null && orderOf(oid) !== orderOf(parent.oid))
    .map(({ original }) => `the order of the columns in the partition ${withoutMark(original)}`)
}
