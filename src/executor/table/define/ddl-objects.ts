import type pg from 'pg'
import { listed } from '../../../names.js'
import { DatabaseError } from '../../errors.js'
import { selectRows } from './catalogue.js'
import { selectUnsafeDefaults } from './unsafe-defaults.js'

/** Maximum number of names in a message. */
const named = 6

/**
 * Finds the table that the user's statements made as `records` in a schema, in the transaction in
 * which they did so. Throws `DatabaseError` where they made no table, anything in addition to it
 * and what belongs to it, or changed what was there before.
 */
export async function requireOwnObjects(client: pg.Client, schema: string, ddl: string): Promise<number> {
  await refuseForeignKeys(client, schema, ddl)
  const isOwnSchema = (object: MadeObject): boolean => object.kind === 'schema' && object.schema === schema
  const made = (await selectMade(client)).filter((object) => !isOwnSchema(object))
  const outside = made.filter((object) => object.schema !== schema)
  if (outside.length > 0) {
    throw new DatabaseError(
      `${ddl} makes or changes ${textOf(outside)}, which is not in the schema of its table: leave the schema out of names and do that in the database beforehand`,
    )
  }
  await refuseLocks(client, schema, ddl)
  const oid = await findTable(client, schema, ddl)
  const tables = await selectOwnTables(client, oid)
  refuseOthers(schema, ddl, tables, made)
  await refuseDefaults(client, schema, ddl, tables)
  await refuseOwners(client, schema, ddl)
  await refuseRows(client, schema, ddl)
  return oid
}

async function refuseOwners(client: pg.Client, schema: string, ddl: string): Promise<void> {
  const [other] = await selectRows<{ name: string; owner: string }>(
    client,
    `SELECT relname::text AS name, pg_get_userbyid(relowner) AS owner FROM pg_class
      WHERE relnamespace = $1::regnamespace AND pg_get_userbyid(relowner) <> current_user ORDER BY relname LIMIT 1`,
    [quoted(schema)],
  )
  if (!other) return
  throw new DatabaseError(
    `${ddl} gives ${other.name} to ${other.owner}: leave OWNER TO out, since copylab removes what belongs to its own user alone`,
  )
}

async function refuseForeignKeys(client: pg.Client, schema: string, ddl: string): Promise<void> {
  const rows = await selectRows<{ key: string }>(
    client,
    `SELECT conname || ' to ' || confrelid::regclass AS key
     FROM pg_constraint JOIN pg_class AS own ON own.oid = conrelid JOIN pg_class AS other ON other.oid = confrelid
     WHERE contype = 'f' AND conparentid = 0 AND own.relnamespace = $1::regnamespace AND other.relnamespace <> own.relnamespace
     ORDER BY key`,
    [quoted(schema)],
  )
  if (rows.length === 0) return
  const keys = listed(
    rows.map(({ key }) => key),
    named,
  )
  throw new DatabaseError(
    `${ddl} makes the foreign key ${keys}, which would lock that table in every trial: create a table with it in the database and use \`like\`, which copies the referenced key, or leave it out`,
  )
}

/** An object that the transaction made or changed. */
interface MadeObject {
  readonly kind: string
  readonly name: string
  /** Its schema, or that of the table that it is a part of; null for none. */
  readonly schema: string | null
  /** The relation, where it is one. */
  readonly relation: number | null
}

/** Catalogues with the column that holds the schema of an object, or the table that it is of. */
const catalogues: readonly (readonly [catalogue: string, schema: string | null, table: string | null])[] = [
  ['pg_class', 'relnamespace', null],
  ['pg_type', 'typnamespace', null],
  ['pg_proc', 'pronamespace', null],
  ['pg_constraint', 'connamespace', null],
  ['pg_statistic_ext', 'stxnamespace', null],
  ['pg_operator', 'oprnamespace', null],
  ['pg_opclass', 'opcnamespace', null],
  ['pg_opfamily', 'opfnamespace', null],
  ['pg_collation', 'collnamespace', null],
  ['pg_conversion', 'connamespace', null],
  ['pg_ts_config', 'cfgnamespace', null],
  ['pg_ts_dict', 'dictnamespace', null],
  ['pg_ts_parser', 'prsnamespace', null],
  ['pg_ts_template', 'tmplnamespace', null],
  ['pg_trigger', null, 'tgrelid'],
  ['pg_rewrite', null, 'ev_class'],
  ['pg_policy', null, 'polrelid'],
  ['pg_attrdef', null, 'adrelid'],
  ['pg_namespace', 'oid', null],
  ['pg_cast', null, null],
  ['pg_language', null, null],
  ['pg_extension', null, null],
  ['pg_foreign_data_wrapper', null, null],
  ['pg_foreign_server', null, null],
  ['pg_publication', null, null],
  ['pg_event_trigger', null, null],
  ['pg_am', null, null],
]

/**
 * SQL for rows that the running transaction wrote. Its own identifier, and those of its parts, have
 * no positive age; a row that was frozen long ago may have a large negative one.
 */
const isOwn = (row: string): string => `age(${row}.xmin) BETWEEN -1000000 AND 0`

/** What belongs to another object, and is not named apart from it. */
const isPart: { readonly [catalogue: string]: string } = {
  pg_class: "relnamespace = 'pg_toast'::regnamespace",
  pg_type: 'typrelid <> 0 OR EXISTS (SELECT FROM pg_type AS element WHERE element.typarray = made.oid)',
  pg_trigger: 'tgisinternal',
  // Those of temporary tables, which the server makes as they are needed.
  pg_namespace: "nspname LIKE 'pg\\_%'",
}

async function selectMade(client: pg.Client): Promise<MadeObject[]> {
  const selects = catalogues.map(
    ([catalogue, schema, table]) =>
      `SELECT '${catalogue}'::regclass AS classid, oid AS objid, ${schema ?? `NULL`}::oid AS space, ${table ?? 'NULL'}::oid AS filled
       FROM ${catalogue} AS made WHERE ${isOwn('made')}${isPart[catalogue] ? ` AND NOT (${isPart[catalogue]})` : ''}`,
  )
  return selectRows<MadeObject>(
    client,
    `SELECT type AS kind, identity AS name, (SELECT nspname::text FROM pg_namespace
              WHERE oid = coalesce(made.space, (SELECT relnamespace FROM pg_class WHERE oid = filled))) AS schema,
            CASE WHEN classid = 'pg_class'::regclass THEN objid END AS relation
     FROM (${selects.join('\n UNION ALL ')}
       UNION ALL SELECT DISTINCT 'pg_type'::regclass, enumtypid, typnamespace, NULL::oid
       FROM pg_enum AS made JOIN pg_type ON pg_type.oid = enumtypid WHERE ${isOwn('made')}) AS made,
       pg_identify_object(classid, objid, 0) ORDER BY kind, name`,
    [],
  )
}

function textOf(objects: readonly MadeObject[]): string {
  return listed([...new Set(objects.map(({ kind, name }) => `the ${kind} ${name}`))], named)
}

/** Refuses locks that only a change takes, on tables of before, or on the server's roles. */
async function refuseLocks(client: pg.Client, schema: string, ddl: string): Promise<void> {
  const rows = await selectRows<{ name: string }>(
    client,
    `SELECT DISTINCT relation::regclass::text AS name
     FROM pg_locks JOIN pg_class AS class ON class.oid = relation
     WHERE locktype = 'relation' AND pid = pg_backend_pid() AND mode <> 'AccessShareLock'
       AND (relation >= 16384 AND relnamespace NOT IN ($1::regnamespace, 'pg_toast'::regnamespace)
            OR relation IN ('pg_authid'::regclass, 'pg_database'::regclass))
       -- An extension such as Citus locks its own catalogue by itself.
       AND NOT (relnamespace = 'pg_catalog'::regnamespace AND EXISTS (SELECT FROM pg_depend
         WHERE classid = 'pg_class'::regclass AND objid = relation AND deptype = 'e'))
     ORDER BY name`,
    [quoted(schema)],
  )
  if (rows.length === 0) return
  const tables = listed(
    rows.map(({ name }) => name),
    named,
  )
  throw new DatabaseError(
    `${ddl} locks or changes ${tables}, which was there before: leave out what writes to it, alters it or inherits from it, or do that in the database beforehand`,
  )
}

async function findTable(client: pg.Client, schema: string, ddl: string): Promise<number> {
  const [found] = await selectRows<{ oid: number; table: boolean; unlogged: boolean }>(
    client,
    `SELECT oid, relkind IN ('r', 'p') AS table, relpersistence = 'u' AS unlogged FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relname = 'records'`,
    [quoted(schema)],
  )
  if (!found?.table) {
    throw new DatabaseError(
      `${ddl} makes ${found ? 'something other than a table' : 'no table'} at {table}: write CREATE TABLE {table} (…)`,
    )
  }
  if (found.unlogged) {
    throw new DatabaseError(
      `${ddl} makes an unlogged table: write CREATE TABLE, and let the factor \`persistence\` decide`,
    )
  }
  return found.oid
}

/** The table, or a partition of it. */
interface OwnTable {
  readonly oid: number
  readonly original: string
}

async function selectOwnTables(client: pg.Client, oid: number): Promise<OwnTable[]> {
  return selectRows<OwnTable>(
    client,
    `WITH RECURSIVE tree AS (
       SELECT $1::oid AS oid, 0 AS level
       UNION ALL
       SELECT inhrelid, level + 1 FROM tree JOIN pg_inherits ON inhparent = tree.oid JOIN pg_class AS child ON child.oid = inhrelid
       WHERE relispartition AND relkind <> 'f'
     ) SELECT oid, quote_ident(relname) AS original FROM tree JOIN pg_class USING (oid) ORDER BY level, original`,
    [oid],
  )
}

/** Kinds of objects that are parts of a table, in PostgreSQL's words. */
const partKinds = ['index', 'sequence', 'table constraint', 'default value', 'statistics object']

/** Kinds of objects that tables share. */
const sharedKinds = ['type', 'function', 'procedure', 'aggregate', 'operator', 'collation']

function refuseOthers(schema: string, ddl: string, tables: readonly OwnTable[], made: readonly MadeObject[]): void {
  const others = made.filter(
    ({ kind, relation }) => !partKinds.includes(kind) && !tables.some((table) => table.oid === relation),
  )
  if (others.length === 0) return
  const names = textOf(others).replaceAll(`${schema}.`, '')
  const shared = others.every(({ kind }) => sharedKinds.includes(kind))
  const remedy = shared
    ? 'create it in the database beforehand, where every table can use it'
    : 'leave it out, since a study fills one table and its partitions, without triggers, rules or policies'
  throw new DatabaseError(`${ddl} makes ${names} in addition to the table: ${remedy}`)
}

/**
 * Refuses defaults that would change something outside of the schema, each time that they fill a
 * column.
 */
async function refuseDefaults(
  client: pg.Client,
  schema: string,
  ddl: string,
  tables: readonly OwnTable[],
): Promise<void> {
  const drawing = await selectRows<{ words: string }>(
    client,
    `SELECT format('the default of %I, which draws from %s', attname, refobjid::regclass) AS words
     FROM pg_attrdef AS filled JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
       JOIN pg_depend ON classid = 'pg_attrdef'::regclass AND objid = filled.oid AND refclassid = 'pg_class'::regclass
       JOIN pg_class AS drawn ON drawn.oid = refobjid
     WHERE adrelid = ANY ($1) AND drawn.relkind = 'S' AND drawn.relnamespace <> $2::regnamespace ORDER BY words`,
    [tables.map(({ oid }) => oid), quoted(schema)],
  )
  const found = [...drawing, ...(await selectUnsafeDefaults(client, tables))]
  if (found.length === 0) return
  throw new DatabaseError(
    `${ddl} makes ${found[0]!.words}: let it draw from a sequence that the statements make, since a load must change nothing else, or leave it out`,
  )
}

async function refuseRows(client: pg.Client, schema: string, ddl: string): Promise<void> {
  const [found] = await selectRows<{ filled: boolean }>(
    client,
    `SELECT EXISTS (SELECT FROM ${quoted(schema)}.records) AS filled`,
    [],
  )
  if (found!.filled) {
    throw new DatabaseError(`${ddl} puts rows into the table: leave that out, since the workers fill it`)
  }
}

/** A name of the executor's own as `regnamespace` reads it. */
const quoted = (schema: string): string => `"${schema}"`
