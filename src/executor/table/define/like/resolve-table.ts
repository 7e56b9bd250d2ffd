import type pg from 'pg'
import { DatabaseError, sqlStateOf } from '../../../errors.js'
import { isDisconnected } from '../../../footprint/change.js'
import { selectRows } from '../catalogue.js'

/** A table of the database that a study's table is made like. */
export interface FoundTable {
  readonly oid: number
  /** Its name with its schema, as SQL spells it. */
  readonly name: string
}

/** What PostgreSQL can find under a name, other than tables, by `relkind`. */
const otherKinds: { readonly [kind: string]: string } = {
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
  S: 'a sequence',
  i: 'an index',
  I: 'an index',
  t: 'a TOAST table',
  c: 'a composite type',
}

interface Candidate extends FoundTable {
  readonly kind: string
  readonly temporary: boolean
  readonly system: boolean
  readonly allowed: boolean
  readonly user: string
}

/**
 * Finds the table that `like` names, by the session's search path where it states no schema. Throws
 * `DatabaseError` where there is none, or it cannot be copied.
 */
export async function resolveTable(client: pg.Client, like: string): Promise<FoundTable> {
  const found = await findRelation(client, like)
  if (!found) {
    throw new DatabaseError(
      `There is no table ${like} in the database ${client.database}: correct the name, with its schema and spelled as in SQL (capital letters need quotes), or name another database`,
    )
  }
  const refusal = refusalOf(found)
  if (refusal !== null) throw new DatabaseError(`A table cannot be made like ${found.name}, ${refusal}`)
  return { oid: found.oid, name: found.name }
}

async function findRelation(client: pg.Client, like: string): Promise<Candidate | null> {
  try {
    const [found] = await selectRows<Candidate>(
      client,
      `SELECT class.oid, format('%I.%I', nspname, relname) AS name, relkind AS kind, relpersistence = 't' AS temporary,
              nspname IN ('pg_catalog', 'information_schema', 'pg_toast') AS system,
              has_any_column_privilege(class.oid, 'SELECT, INSERT') AS allowed, current_user::text AS user
       FROM pg_catalog.pg_class AS class JOIN pg_catalog.pg_namespace AS space ON space.oid = relnamespace
       WHERE class.oid = pg_catalog.to_regclass($1)`,
      [like],
    )
    return found ?? null
  } catch (cause) {
    if (isDisconnected(cause)) throw cause
    const remedy =
      sqlStateOf(cause) === '42501'
        ? 'let its owner GRANT USAGE on the schema, or connect as another user'
        : 'spell it as in SQL: schema.name, or "Schema"."Name"'
    throw new DatabaseError(`The table ${like} cannot be looked up (${(cause as Error).message}): ${remedy}`, { cause })
  }
}

function refusalOf({ kind, temporary, system, allowed, user, name }: Candidate): string | null {
  const other = otherKinds[kind]
  if (other) return `which is ${other}: name the table that is filled`
  if (temporary) return 'which is a temporary table that only one session sees: make a permanent one like it'
  if (system) return "which is one of PostgreSQL's own tables: name a table of yours"
  if (!allowed) {
    return `which ${user} may neither read nor fill: let its owner GRANT SELECT ON ${name} TO ${user}, or connect as another user`
  }
  return null
}
