import type pg from 'pg'
import { mark, observerArguments } from './mark.js'

/** Something in a database that copylab did not make. */
export interface OthersObject {
  /**
   * Kind of the object in PostgreSQL's words: `view`, `materialized view`, `table constraint`,
   * `trigger`.
   */
  readonly kind: string
  /** Name as SQL spells it, with its schema: `app.report`, `child_fkey on app.child`. */
  readonly name: string
  readonly owner: string
  /**
   * Whether it depends on an object of copylab, which cannot be dropped without it; else it is only
   * in the same schema.
   */
  readonly depends: boolean
}

/**
 * Objects that copylab made in a study's schema, identified by its mark, and objects of others in
 * the schema or dependent on copylab's.
 */
export interface SchemaContent {
  /** Whether the schema's `records` is copylab's table. */
  readonly table: boolean
  /** Whether the schema's `observe` is copylab's function. */
  readonly observer: boolean
  readonly others: readonly OthersObject[]
}

/**
 * SQL for copylab's own objects in the schema `$1`: a table and a function by their names, with
 * copylab's mark and the schema's owner. An earlier copylab marked the schema alone, and switched
 * autovacuum off for its table. `born` is the transaction that made each.
 */
const own = `
  space AS (
    SELECT space.oid, nspowner, obj_description(space.oid, 'pg_namespace') = '${mark}' AS unmarked
    FROM pg_namespace AS space WHERE nspname = $1
  ),
  own AS (
    SELECT 'pg_class'::regclass::oid AS classid, class.oid AS objid, reltype
    FROM space JOIN pg_class AS class ON relnamespace = space.oid AND relname = 'records' AND relkind = 'r' AND relowner = nspowner
    WHERE obj_description(class.oid, 'pg_class') = '${mark}'
       OR unmarked AND obj_description(class.oid, 'pg_class') IS NULL AND 'autovacuum_enabled=false' = ANY (reloptions)
    UNION ALL
    SELECT 'pg_proc'::regclass, proc.oid, 0
    FROM space JOIN pg_proc AS proc ON pronamespace = space.oid AND proname = 'observe' AND proowner = nspowner
    WHERE oidvectortypes(proargtypes) = '${observerArguments}'
      AND (obj_description(proc.oid, 'pg_proc') = '${mark}' OR unmarked AND obj_description(proc.oid, 'pg_proc') IS NULL)
  ),
  born AS (
    SELECT own.*, made.xmin AS transaction
    FROM own, space, pg_depend AS made
    WHERE made.classid = own.classid AND made.objid = own.objid AND made.objsubid = 0
      AND made.refclassid = 'pg_namespace'::regclass AND made.refobjid = space.oid
  )`

/**
 * SQL for all other objects. Of the dependents of the table, its row type or the function, those
 * made in the same transaction belong to them: keys, indexes, and what the server itself adds to
 * each new table. Every later one counts as others', however it depends: a DROP without CASCADE
 * stops at views and foreign keys alone, and drops triggers, statistics and sequences too.
 */
const foundSql = `
  WITH ${own},
  reference AS (
    SELECT classid AS refclassid, objid AS refobjid, transaction FROM born
    UNION ALL
    SELECT 'pg_type'::regclass, type.oid, transaction FROM born JOIN pg_type AS type ON type.oid = reltype
    UNION ALL
    SELECT 'pg_type'::regclass, type.typarray, transaction FROM born JOIN pg_type AS type ON type.oid = reltype
  ),
  found AS (
    SELECT depend.classid, depend.objid, depend.objsubid, true AS depends
    FROM reference JOIN pg_depend AS depend USING (refclassid, refobjid)
    WHERE depend.deptype <> 'i' AND depend.xmin <> transaction
    UNION ALL
    SELECT 'pg_class'::regclass, inhparent, 0, true FROM born JOIN pg_inherits ON inhrelid = objid
    UNION ALL
    SELECT depend.classid, depend.objid, depend.objsubid, false
    FROM space JOIN pg_depend AS depend ON depend.refclassid = 'pg_namespace'::regclass AND depend.refobjid = space.oid
    WHERE depend.classid <> 'pg_default_acl'::regclass
      AND NOT EXISTS (SELECT FROM own WHERE own.classid = depend.classid AND own.objid = depend.objid)
      AND NOT EXISTS (SELECT FROM pg_depend AS member
        WHERE member.classid = depend.classid AND member.objid = depend.objid AND member.deptype = 'e')
  ),
  -- A view hangs on a table by its rule; whoever drops it has to know the view.
  named AS (
    SELECT DISTINCT ON (classid, objid, objsubid) classid, objid, objsubid, depends FROM (
      SELECT CASE WHEN view.oid IS NULL THEN found.classid ELSE 'pg_class'::regclass END AS classid,
             coalesce(view.oid, found.objid) AS objid, CASE WHEN view.oid IS NULL THEN objsubid ELSE 0 END AS objsubid, depends
      FROM found
        LEFT JOIN pg_rewrite AS rule ON found.classid = 'pg_rewrite'::regclass AND rule.oid = found.objid
        LEFT JOIN pg_class AS view ON view.oid = rule.ev_class AND view.relkind IN ('v', 'm')
    ) AS each ORDER BY classid, objid, objsubid, depends DESC
  ),
  -- Who owns what: parts of a table belong to the table's owner.
  owned AS (
    SELECT named.*, coalesce(tgrelid, nullif(conrelid, 0), polrelid, ev_class, adrelid) AS relation
    FROM named
      LEFT JOIN pg_trigger AS a ON classid = 'pg_trigger'::regclass AND a.oid = objid
      LEFT JOIN pg_constraint AS b ON classid = 'pg_constraint'::regclass AND b.oid = objid
      LEFT JOIN pg_policy AS c ON classid = 'pg_policy'::regclass AND c.oid = objid
      LEFT JOIN pg_rewrite AS d ON classid = 'pg_rewrite'::regclass AND d.oid = objid
      LEFT JOIN pg_attrdef AS e ON classid = 'pg_attrdef'::regclass AND e.oid = objid
  )
  SELECT type AS kind, identity AS name, depends,
    -- The owner of what initdb's own superuser made is not written down.
    pg_get_userbyid(coalesce((SELECT refobjid FROM pg_shdepend AS owner
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND owner.deptype = 'o' AND owner.objsubid = 0
        AND owner.classid = CASE WHEN relation IS NULL THEN owned.classid ELSE 'pg_class'::regclass END
        AND owner.objid = coalesce(relation, owned.objid)), 10)) AS owner
  FROM owned, pg_identify_object(classid, objid, objsubid)
  WHERE type IS NOT NULL
  ORDER BY kind, name`

/** Reads the content of a study's schema; empty where there is no schema. */
export async function schemaContent(control: pg.Client, schema: string): Promise<SchemaContent> {
  const { rows } = await control.query<Omit<SchemaContent, 'others'>>(
    `WITH ${own}
     SELECT coalesce(bool_or(classid = 'pg_class'::regclass), false) AS table,
            coalesce(bool_or(classid = 'pg_proc'::regclass), false) AS observer
     FROM own`,
    [schema],
  )
  const others = await control.query<OthersObject>(foundSql, [schema])
  return { ...rows[0]!, others: others.rows }
}
