import pg from 'pg'
import type { ServerFacts } from '../../study/context.js'
import { DatabaseError, sqlStateOf } from '../errors.js'
import { change } from './change.js'
import type { Left } from './left.js'
import { mark, readSchemaMark, schemaComment } from './mark.js'

const { escapeIdentifier, escapeLiteral } = pg

/** Whether a server is one that copylab brings, and whose databases it may add to. */
export const isOwnServer = ({ kind }: Pick<ServerFacts, 'kind'>): boolean => kind === 'embedded' || kind === 'compose'

/**
 * SQL for what sets the databases of the sessions in the current database apart: its OID, in
 * hexadecimal digits, so that names stay within 63 bytes. A study of equal name may run in another
 * database of the server at the same time.
 */
const here = 'to_hex((SELECT oid FROM pg_database WHERE datname = current_database())::bigint)'

/**
 * SQL for the beginning of the names of the databases that a study owns whose schema, in the
 * current database, an expression names. The slash, which nobody needs in a name, sets them apart.
 */
export const databasePrefix = (schema: string): string => `${schema} || '/' || ${here} || '/'`

async function readPrefix(control: pg.Client, schema: string): Promise<string> {
  const { rows } = await control.query<{ prefix: string }>(`SELECT ${databasePrefix('$1::text')} AS prefix`, [schema])
  return rows[0]!.prefix
}

/** A database that exists on the server. */
interface FoundDatabase {
  readonly name: string
  readonly comment: string | null
  readonly owner: string
  /** Whether this user has the rights of its owner. */
  readonly owned: boolean
  /**
   * Whether it takes no connections of ordinary users: so it is made, and is copylab's own even
   * where its comment is still missing.
   */
  readonly closed: boolean
}

const foundSql = `
  SELECT datname AS name, shobj_description(oid, 'pg_database') AS comment, pg_get_userbyid(datdba) AS owner,
         pg_has_role(datdba, 'USAGE') AS owned, datconnlimit = 0 AS closed
    FROM pg_database`

function isOwn(schema: string, { comment, owned, closed }: FoundDatabase): boolean {
  return owned && closed && (comment === null || readSchemaMark(schema, comment) !== null)
}

/** A database to make for a study. */
export interface DatabaseToMake {
  readonly schema: string
  /** Its name within the study, of at most 5 characters. */
  readonly name: string
  /**
   * Name of the study's database that it is a copy of, which nobody may be connected to; null for
   * an empty one.
   */
  readonly template: string | null
  readonly versionNumber: number
}

/**
 * Makes a database of a study's, in place of its own of that name. Returns its full name. Throws
 * `DatabaseError` where one of that name is not copylab's, or others are connected to it.
 */
export async function makeDatabase(
  control: pg.Client,
  { schema, name, template, versionNumber }: DatabaseToMake,
): Promise<string> {
  const prefix = await readPrefix(control, schema)
  const full = `${prefix}${name}`
  const { rows } = await control.query<FoundDatabase>(`${foundSql} WHERE datname = $1`, [full])
  for (const found of rows) {
    if (!isOwn(schema, found)) throw new DatabaseError(takenWords(found))
    const reason = await dropDatabase(control, full)
    if (reason !== null) throw new DatabaseError(`The database ${full} cannot be made again: ${reason}`)
  }
  // Before 15 there is no other way than to copy the files, which is the fastest.
  const copied = versionNumber >= 150_000 ? 'STRATEGY file_copy' : ''
  const from = template === null ? '' : `TEMPLATE ${escapeIdentifier(`${prefix}${template}`)} ${copied}`
  await change(control, `CREATE DATABASE ${escapeIdentifier(full)} ${from} CONNECTION LIMIT 0`)
  await change(control, `COMMENT ON DATABASE ${escapeIdentifier(full)} IS ${escapeLiteral(schemaComment(schema))}`)
  return full
}

const takenWords = ({ name, owner }: FoundDatabase): string =>
  `The database ${name} exists and was not made by copylab (its owner is ${owner}): choose another study name, or rename that database`

/**
 * Removes the databases of a study in the current database, none by force; returns null once they
 * are gone, else the first that remains, and why. Those that are not copylab's stay without a word.
 */
export async function dropDatabases(control: pg.Client, schema: string): Promise<Left | null> {
  let left: Left | null = null
  const { rows } = await control.query<FoundDatabase>(
    `${foundSql} WHERE starts_with(datname, ${databasePrefix('$1')}) ORDER BY datname`,
    [schema],
  )
  for (const found of rows.filter((one) => isOwn(schema, one))) {
    const reason = await dropDatabase(control, found.name)
    if (reason !== null) left ??= { left: 'database', database: found.name, reason }
  }
  return left
}

/** SQLSTATE `object_in_use`. */
const inUse = '55006'

/** Removes a database; returns the reason why it remains, null once it is gone. */
export async function dropDatabase(control: pg.Client, name: string): Promise<string | null> {
  try {
    await change(control, `DROP DATABASE ${escapeIdentifier(name)}`)
    return null
  } catch (error) {
    const cause = error instanceof DatabaseError ? error.cause : error
    if (sqlStateOf(cause) !== inUse) throw error
    return 'other sessions are connected to it, end them first'
  }
}

/** A database that copylab made and that still exists. */
export interface OwnDatabase {
  readonly name: string
  readonly study: string
  readonly schema: string
  readonly bytes: number
  readonly createdAt: string | null
  /** Whether somebody is connected to it. */
  readonly connected: boolean
}

/**
 * Reads the databases that this user may remove of all studies in the current database, in one that
 * is gone, and of an earlier copylab, whose names do not say in which.
 */
export async function ownDatabases(control: pg.Client): Promise<OwnDatabase[]> {
  const { rows } = await control.query<FoundDatabase & { bytes: string; connected: boolean }>(
    `SELECT *, pg_database_size(name) AS bytes, EXISTS (SELECT FROM pg_stat_activity WHERE datname = name) AS connected
       FROM (${foundSql}) AS found, split_part(name, '/', 2) AS home
      WHERE name ~ '^copylab_[^/]*/' AND (name !~ '/.*/' OR home = ${here}
            OR NOT EXISTS (SELECT FROM pg_database WHERE to_hex(oid::bigint) = home))
      ORDER BY name`,
  )
  return rows.flatMap((found) => {
    const schema = found.name.slice(0, found.name.indexOf('/'))
    const marked = readSchemaMark(schema, found.comment ?? mark)
    if (!isOwn(schema, found) || marked === null) return []
    const { name, bytes, connected } = found
    return [{ name, study: marked.study, schema, bytes: Number(bytes), createdAt: marked.createdAt, connected }]
  })
}
