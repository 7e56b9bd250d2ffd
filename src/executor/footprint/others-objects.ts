import type pg from 'pg'
import { ownSql } from './own-objects.js'

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
 * SQL for all objects of others in the schema `$1`, or dependent on copylab's own. What depends on
 * an own object and is not own counts, however it depends: a DROP without CASCADE stops at views
 * and foreign keys alone, and drops triggers, statistics, sequences and partitions too.
 */
const othersSql = `
  WITH RECURSIVE ${ownSql},
  found AS (
    SELECT depend.classid, depend.objid, depend.objsubid, true AS depends
    FROM own JOIN pg_depend AS depend ON depend.refclassid = own.classid AND depend.refobjid = own.objid
    -- What the server itself adds to a table or a constraint depends internally; so does the
    -- sequence of an identity column, which somebody may have added.
    WHERE depend.deptype <> 'i'
      OR depend.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class WHERE oid = depend.objid AND relkind = 'S')
    UNION ALL
    SELECT 'pg_class'::regclass, inhparent, 0, true FROM own_table JOIN pg_inherits ON inhrelid = oid
    UNION ALL
    SELECT depend.classid, depend.objid, depend.objsubid, false
    FROM space JOIN pg_depend AS depend ON depend.refclassid = 'pg_namespace'::regclass AND depend.refobjid = space.oid
    WHERE depend.classid <> 'pg_default_acl'::regclass
      -- Citus hides the shards of tables, which go with these.
      AND (depend.classid <> 'pg_class'::regclass OR EXISTS (SELECT FROM pg_class WHERE oid = depend.objid))
      AND NOT EXISTS (SELECT FROM pg_depend AS member
        WHERE member.classid = depend.classid AND member.objid = depend.objid AND member.deptype = 'e')
  ),
  -- The parts that partitions have of an index, constraint or trigger go with the whole, and what
  -- belongs to a constraint goes with it.
  part AS (
    SELECT depend.classid, depend.objid
    FROM pg_depend AS depend
      JOIN (SELECT classid, objid FROM own UNION SELECT classid, objid FROM found) AS whole
        ON depend.refclassid = whole.classid AND depend.refobjid = whole.objid
    WHERE depend.deptype = 'P' OR depend.deptype = 'i' AND depend.refclassid = 'pg_constraint'::regclass
  ),
  -- A view hangs on a table by its rule; whoever drops it has to know the view.
  named AS (
    SELECT DISTINCT ON (classid, objid, objsubid) classid, objid, objsubid, depends FROM (
      SELECT CASE WHEN view.oid IS NULL THEN found.classid ELSE 'pg_class'::regclass END AS classid,
             coalesce(view.oid, found.objid) AS objid, CASE WHEN view.oid IS NULL THEN objsubid ELSE 0 END AS objsubid, depends
      FROM found
        LEFT JOIN pg_rewrite AS rule ON found.classid = 'pg_rewrite'::regclass AND rule.oid = found.objid
        LEFT JOIN pg_class AS view ON view.oid = rule.ev_class AND view.relkind IN ('v', 'm')
      WHERE (found.classid, found.objid) NOT IN (SELECT classid, objid FROM own)
        AND (found.classid, found.objid) NOT IN (SELECT classid, objid FROM part)
    ) AS each ORDER BY classid, objid, objsubid, depends DESC
  ),
  -- Who owns what: parts of a table belong to the table's owner.
  owned AS (
    SELECT named.*, coalesce(tgrelid, nullif(conrelid, 0), polrelid, ev_class, adrelid,
                             CASE WHEN classid = 'pg_class'::regclass THEN objid END) AS relation
    FROM named
      LEFT JOIN pg_trigger AS a ON classid = 'pg_trigger'::regclass AND a.oid = objid
      LEFT JOIN pg_constraint AS b ON classid = 'pg_constraint'::regclass AND b.oid = objid
      LEFT JOIN pg_policy AS c ON classid = 'pg_policy'::regclass AND c.oid = objid
      LEFT JOIN pg_rewrite AS d ON classid = 'pg_rewrite'::regclass AND d.oid = objid
      LEFT JOIN pg_attrdef AS e ON classid = 'pg_attrdef'::regclass AND e.oid = objid
  )
  SELECT type AS kind, identity AS name, depends,
    pg_get_userbyid(coalesce(
      (SELECT relowner FROM pg_class WHERE oid = relation),
      (SELECT refobjid FROM pg_shdepend AS owner
        WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND owner.deptype = 'o'
          AND owner.classid = owned.classid AND owner.objid = owned.objid AND owner.objsubid = 0),
      -- The owner of what initdb's own superuser made is not written down.
      10)) AS owner
  FROM owned, pg_identify_object(classid, objid, objsubid)
  WHERE type IS NOT NULL
  ORDER BY kind, name`

/** Reads the objects of others in a study's schema, or dependent on copylab's objects in it. */
export async function othersObjects(control: pg.Client, schema: string): Promise<OthersObject[]> {
  return (await control.query<OthersObject>(othersSql, [schema])).rows
}
