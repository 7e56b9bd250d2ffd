import pg from 'pg'
import { DatabaseError } from '../errors.js'
import { change, inTransaction } from './change.js'
import type { Left } from './left.js'
import { objectsText, refusedWords } from './left-words.js'
import {
  isNumberedTable,
  mark,
  qualifiedName,
  qualifiedObserver,
  readSchemaMark,
  schemaComment,
  tableName,
} from './mark.js'
import { dropDatabases } from './own-databases.js'
import { tablesOfTransaction } from './own-objects.js'
import { lockedContent } from './schema-content.js'

const { escapeIdentifier, escapeLiteral } = pg

/** A schema that exists on the server. */
interface FoundSchema {
  readonly comment: string | null
  readonly owner: string
  /** Whether this user has the rights of its owner. */
  readonly owned: boolean
}

/** SQL condition on `pg_locks` for the lock of the schema that an expression names. */
export function holdsSchema(schema: string): string {
  const key = `hashtext(${schema})::bigint`
  return `locktype = 'advisory' AND objsubid = 1 AND classid::bigint = ((${key} >> 32) & 4294967295) AND objid::bigint = (${key} & 4294967295)
       AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())`
}

/** Tries once to lock a schema for this session alone, until its connection ends. */
export async function tryLockSchema(control: pg.Client, schema: string): Promise<boolean> {
  const { rows } = await control.query<{ locked: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS locked', [
    schema,
  ])
  return rows[0]!.locked
}

export async function unlockSchema(control: pg.Client, schema: string): Promise<void> {
  await control.query('SELECT pg_advisory_unlock(hashtext($1))', [schema])
}

/**
 * Holds the study's schema for one session: creates it, marks it as copylab's own, and takes an
 * advisory lock that ends with the connection. `clear` is called once the schema is locked, before
 * objects and databases that an earlier session left are removed. Throws `DatabaseError` when a
 * schema of that name is not copylab's or is in use, and where others' objects are in it or depend
 * on it, which it names.
 */
export async function claimSchema(
  control: pg.Client,
  schema: string,
  clear: () => Promise<void> = async () => {},
): Promise<void> {
  if (!(await tryLockSchema(control, schema))) throw new DatabaseError(await inUseWords(control, schema))
  const found = await findSchema(control, schema)
  const foreign = found && foreignOf(schema, found)
  if (foreign) throw new DatabaseError(refusedWords(foreign))
  await clear()
  const left = (await dropDatabases(control, schema)) ?? (await dropSchema(control, schema))
  if (left) throw new DatabaseError(refusedWords(left))
  await createSchema(control, schema)
}

/** Creates a study's schema, with its mark: without that every later session would refuse it. */
export async function createSchema(control: pg.Client, schema: string): Promise<void> {
  await inTransaction(control, async () => {
    await change(control, `CREATE SCHEMA ${escapeIdentifier(schema)}`)
    await change(control, `COMMENT ON SCHEMA ${escapeIdentifier(schema)} IS ${escapeLiteral(schemaComment(schema))}`)
  })
}

async function inUseWords(control: pg.Client, schema: string): Promise<string> {
  const { rows } = await control.query<{ holder: string }>(
    `SELECT concat_ws(', ', 'process ' || pid, 'user ' || usename, nullif(application_name, '')) AS holder
       FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE ${holdsSchema('$1')} AND granted`,
    [schema],
  )
  const holder = rows[0] ? ` (${rows[0].holder})` : ''
  return `The schema ${schema} is in use by another session of the same study${holder}: let it end, or choose another name`
}

/**
 * Removes the objects that copylab made for a study, each by its name and none with CASCADE, then
 * the schema. Returns null once it is gone, else the reason why it remains. Where others' objects
 * are in the schema or depend on its objects, nothing is removed.
 */
export async function dropSchema(control: pg.Client, schema: string): Promise<Left | null> {
  return inTransaction(control, async (): Promise<Left | null> => {
    const found = await findSchema(control, schema)
    if (!found) return null
    const foreign = foreignOf(schema, found)
    if (foreign) return foreign
    const content = await lockedContent(control, schema)
    if (content.others.length > 0) return { left: 'others-objects', schema, objects: content.others }
    // All of them at once, since they may refer to each other.
    await dropNamed(
      control,
      'TABLE',
      schema,
      content.tables.filter(({ partition }) => !partition).map(({ name }) => name),
    )
    await dropNamed(control, 'SEQUENCE', schema, content.sequences)
    for (const types of content.observers) {
      await change(control, `DROP FUNCTION ${qualifiedObserver(schema, types)} RESTRICT`)
    }
    await change(control, `DROP SCHEMA ${escapeIdentifier(schema)} RESTRICT`)
    return null
  })
}

/**
 * Replaces a study's table by a new one, made and marked in one transaction: `create` makes it,
 * with its partitions, heirs and sequences; those of the table before are dropped with it. Other
 * tables of copylab's stay. Throws `DatabaseError` that names others' objects which depend on
 * copylab's tables or have the name of one that may be made.
 */
export async function replaceTable(control: pg.Client, schema: string, create: () => Promise<void>): Promise<void> {
  await inTransaction(control, async () => {
    await dropTable(control, schema)
    await create()
    await markTables(control, schema)
  })
}

/**
 * Removes a study's table, if there is one, as `replaceTable` does: in a transaction of its own,
 * since that locks the tables of others to which it has foreign keys.
 */
export async function removeTable(control: pg.Client, schema: string): Promise<void> {
  await inTransaction(control, () => dropTable(control, schema))
}

async function dropTable(control: pg.Client, schema: string): Promise<void> {
  const content = await lockedContent(control, schema)
  const isInPlace = (name: string): boolean => name === tableName || isNumberedTable(name)
  const others = content.others.filter(
    ({ depends, name }) => depends || isInPlace(name.slice(name.lastIndexOf('.') + 1)),
  )
  if (others.length > 0) {
    throw new DatabaseError(
      `The table ${schema}.${tableName} cannot be created again, since objects that copylab did not make depend on it or on a table that it needs, or are in its place: ${objectsText(others)}. Drop or move that, then run again`,
    )
  }
  const replaced = content.tables.filter(({ name, heir }) => name === tableName || heir)
  await dropNamed(
    control,
    'TABLE',
    schema,
    replaced.map(({ name }) => name),
  )
  await dropNamed(control, 'SEQUENCE', schema, content.sequences)
}

/**
 * Marks as copylab's own all tables that the current transaction has made in a schema, partitions
 * too. A comment that they were given is replaced, since they are recognised by theirs alone.
 */
export async function markTables(control: pg.Client, schema: string): Promise<void> {
  const names = await tablesOfTransaction(control, schema)
  if (names.length === 0) return
  const comments = names.map((name) => `COMMENT ON TABLE ${qualifiedName(schema, name)} IS ${escapeLiteral(mark)}`)
  await change(control, comments.join('; '))
}

async function dropNamed(
  control: pg.Client,
  kind: 'TABLE' | 'SEQUENCE',
  schema: string,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return
  await change(control, `DROP ${kind} ${names.map((name) => qualifiedName(schema, name)).join(', ')} RESTRICT`)
}

function foreignOf(schema: string, { comment, owner, owned }: FoundSchema): Left | null {
  const marked = readSchemaMark(schema, comment) !== null
  return marked && owned ? null : { left: 'not-own', schema, owner, marked }
}

async function findSchema(control: pg.Client, schema: string): Promise<FoundSchema | null> {
  const { rows } = await control.query<FoundSchema>(
    `SELECT obj_description(oid, 'pg_namespace') AS comment, pg_get_userbyid(nspowner) AS owner, pg_has_role(nspowner, 'USAGE') AS owned
     FROM pg_namespace WHERE nspname = $1`,
    [schema],
  )
  return rows[0] ?? null
}
