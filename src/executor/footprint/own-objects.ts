import type pg from 'pg'
import { mark, nodeObserverArguments, observerArguments, tableObserverArguments } from './mark.js'

/** A table that copylab made in a study's schema. */
export interface OwnTable {
  /** Its name in the schema, not quoted. */
  readonly name: string
  /** Whether it is a partition of another table of copylab's, with which it is dropped. */
  readonly partition: boolean
  /** Whether it is the table of a worker, which inherits from `records` and is replaced with it. */
  readonly heir: boolean
}

/** Objects that copylab made in a study's schema, as far as each is dropped by its name. */
export interface OwnObjects {
  /** Tables, partitioned ones and partitions. */
  readonly tables: readonly OwnTable[]
  /**
   * Names of sequences that were made together with `records` and that no column owns; those that a
   * column owns are dropped with its table.
   */
  readonly sequences: readonly string[]
  /** Types of the arguments of those of the schema's functions `observe` that are copylab's. */
  readonly observers: readonly string[]
}

/** SQL condition on `pg_depend` for the entry that an object's creation made in the schema. */
const madeIn = (catalog: 'pg_class' | 'pg_proc', oid: string): string =>
  `made.classid = '${catalog}'::regclass AND made.objid = ${oid} AND made.objsubid = 0
        AND made.refclassid = 'pg_namespace'::regclass AND made.refobjid = space.oid`

/**
 * SQL for copylab's own objects in the schema `$1`, for a WITH RECURSIVE. Tables are identified by
 * copylab's mark and the schema's owner, the function by its name in addition. An earlier copylab
 * marked the schema alone, and switched autovacuum off for its only table, `records`.
 * `transaction` is the one that made an object: what depends on an own object and was made in the
 * same transaction is own, but for tables, which need the mark. What was made later is own where it
 * has the mark, as an index that is made after a load, or connects own tables: a foreign key from
 * one to another, and what the server adds at an own table to an own index, constraint or trigger.
 */
export const ownSql = `
  space AS (
    SELECT space.oid, nspowner, obj_description(space.oid, 'pg_namespace') = '${mark}' AS unmarked
    FROM pg_namespace AS space WHERE nspname = $1
  ),
  own_table AS (
    SELECT class.oid, relname, made.xmin AS transaction
    FROM space
      JOIN pg_class AS class ON relnamespace = space.oid AND relowner = nspowner AND relkind IN ('r', 'p')
      JOIN pg_depend AS made ON ${madeIn('pg_class', 'class.oid')}
    WHERE obj_description(class.oid, 'pg_class') = '${mark}'
       OR unmarked AND obj_description(class.oid, 'pg_class') IS NULL
          AND relname = 'records' AND relkind = 'r' AND 'autovacuum_enabled=false' = ANY (reloptions)
  ),
  free_sequence AS (
    SELECT class.oid, class.relname, transaction
    FROM space
      JOIN pg_class AS class ON relnamespace = space.oid AND relowner = nspowner AND relkind = 'S'
      JOIN pg_depend AS made ON ${madeIn('pg_class', 'class.oid')}
      JOIN own_table ON own_table.relname = 'records' AND transaction = made.xmin
    WHERE NOT EXISTS (SELECT FROM pg_depend AS owning WHERE owning.classid = 'pg_class'::regclass
      AND owning.objid = class.oid AND owning.refclassid = 'pg_class'::regclass AND owning.deptype IN ('a', 'i'))
  ),
  observer AS (
    SELECT proc.oid, oidvectortypes(proargtypes) AS types, made.xmin AS transaction
    FROM space
      JOIN pg_proc AS proc ON pronamespace = space.oid AND proname = 'observe' AND proowner = nspowner
      JOIN pg_depend AS made ON ${madeIn('pg_proc', 'proc.oid')}
    WHERE oidvectortypes(proargtypes) IN ('${observerArguments}', '${nodeObserverArguments}', '${tableObserverArguments}')
      AND (obj_description(proc.oid, 'pg_proc') = '${mark}' OR unmarked AND obj_description(proc.oid, 'pg_proc') IS NULL)
  ),
  own_key AS (
    SELECT key.oid, made.xmin AS transaction
    FROM pg_constraint AS key
      JOIN own_table AS referring ON referring.oid = conrelid
      JOIN own_table AS referred ON referred.oid = confrelid
      JOIN pg_depend AS made ON made.classid = 'pg_constraint'::regclass AND made.objid = key.oid
        AND made.refclassid = 'pg_class'::regclass AND made.refobjid = conrelid
    WHERE contype = 'f' AND conparentid = 0 AND conrelid <> confrelid
  ),
  own_part AS (
    SELECT 'pg_class'::regclass::oid AS classid, indexrelid AS objid
    FROM own_table JOIN pg_index ON indrelid = oid WHERE obj_description(indexrelid, 'pg_class') = '${mark}'
    UNION ALL
    SELECT 'pg_constraint'::regclass, key.oid
    FROM own_table JOIN pg_constraint AS key ON conrelid = own_table.oid WHERE obj_description(key.oid, 'pg_constraint') = '${mark}'
  ),
  own (classid, objid, transaction) AS (
    (
      SELECT 'pg_class'::regclass::oid, oid, transaction FROM own_table
      UNION ALL
      SELECT 'pg_class'::regclass, oid, transaction FROM free_sequence
      UNION ALL
      SELECT 'pg_proc'::regclass, oid, transaction FROM observer
      UNION ALL
      SELECT 'pg_constraint'::regclass, oid, transaction FROM own_key
      UNION ALL
      SELECT classid, objid, '0'::xid FROM own_part
    )
    UNION
    SELECT depend.classid, depend.objid, depend.xmin
    FROM own JOIN pg_depend AS depend ON depend.refclassid = own.classid AND depend.refobjid = own.objid
    WHERE depend.xmin = transaction
        AND NOT EXISTS (SELECT FROM pg_class
          WHERE depend.classid = 'pg_class'::regclass AND oid = depend.objid AND relkind NOT IN ('i', 'I', 'S', 't'))
      -- What the server adds depends by 'P' on an index, constraint or trigger whose part it is in a
      -- partition, or by 'i' on a constraint.
      OR depend.deptype IN ('P', 'i') AND EXISTS (SELECT FROM own_table
        WHERE oid = CASE depend.classid
          WHEN 'pg_class'::regclass THEN (SELECT indrelid FROM pg_index WHERE indexrelid = depend.objid)
          WHEN 'pg_constraint'::regclass THEN (SELECT conrelid FROM pg_constraint WHERE pg_constraint.oid = depend.objid)
          WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid FROM pg_trigger WHERE pg_trigger.oid = depend.objid)
        END)
  )`

/** Reads which objects in a study's schema are copylab's; none where there is no schema. */
export async function ownObjects(control: pg.Client, schema: string): Promise<OwnObjects> {
  // Parents come before their partitions and heirs, in which order statements lock them.
  const { rows } = await control.query<OwnObjects>(
    `WITH RECURSIVE ${ownSql},
     below AS (
       SELECT inhrelid AS oid, relispartition AS partition
       FROM pg_inherits JOIN own_table AS parent ON parent.oid = inhparent JOIN pg_class AS child ON child.oid = inhrelid
     )
     SELECT coalesce((SELECT json_agg(json_build_object('name', relname, 'partition', coalesce(partition, false), 'heir', NOT coalesce(partition, true))
              ORDER BY (SELECT count(*) FROM pg_partition_ancestors(own_table.oid)), partition IS NOT NULL, own_table.oid)
              FROM own_table LEFT JOIN below USING (oid)), '[]') AS tables,
            coalesce((SELECT json_agg(relname ORDER BY oid) FROM free_sequence), '[]') AS sequences,
            coalesce((SELECT json_agg(types ORDER BY types) FROM observer), '[]') AS observers`,
    [schema],
  )
  return rows[0]!
}

/**
 * Reads the names of the tables in a schema that the current transaction has made; those of a
 * subtransaction, such as a block with EXCEPTION in PL/pgSQL, are not among them.
 */
export async function tablesOfTransaction(control: pg.Client, schema: string): Promise<string[]> {
  const { rows } = await control.query<{ name: string }>(
    `SELECT relname AS name
     FROM pg_namespace AS space
       JOIN pg_class AS class ON relnamespace = space.oid AND relkind IN ('r', 'p')
       JOIN pg_depend AS made ON ${madeIn('pg_class', 'class.oid')}
     WHERE nspname = $1 AND made.xmin = pg_current_xact_id()::xid ORDER BY class.oid`,
    [schema],
  )
  return rows.map(({ name }) => name)
}
