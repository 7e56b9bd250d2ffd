import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Definition, TableSource } from '../../../study/table/definition.js'
import { DatabaseError, sqlStateOf } from '../../errors.js'
import { isDisconnected } from '../../footprint/change.js'
import { fillNames } from '../statement-names.js'
import { inRolledBack, qualifyNames, selectRows } from './catalogue.js'
import { requireOwnObjects } from './ddl-objects.js'
import { refuseLasting, refuseOtherStatements } from './ddl-statements.js'
import { definedPart, describeTable } from './describe-table.js'

const { escapeIdentifier, escapeLiteral } = pg

/** A table's definition in statements of the user. */
type Ddl = Extract<TableSource, { ddl: string }>

/** Maximum wait for a lock of others on what the statements name. */
const lockTimeout = '2s'

/**
 * Runs the statements in a schema of their own, in a transaction that is rolled back, and reads
 * what they make. Throws `TypeError` where the text has no `{table}`, and `DatabaseError` where the
 * server refuses a statement, or the text makes or changes anything but the table.
 */
export async function byDdl(client: pg.Client, source: Ddl): Promise<Definition> {
  const { ddl, name } = source
  if (!ddl.includes('{table}')) {
    throw new TypeError(`Expected ${name} to have {table} in the place of the table's name: CREATE TABLE {table} (…)`)
  }
  refuseLasting(ddl, name)
  const schema = `copylab_ddl_${process.pid}_${randomBytes(6).toString('hex')}`
  // What is visible in this isolation, and is younger than the transaction, is its own.
  return inRolledBack(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE', async () => {
    await client.query(`SET LOCAL lock_timeout = '${lockTimeout}'`)
    const session = await selectRows<{ path: string }>(client, "SELECT current_setting('search_path') AS path", [])
    await makeSchema(client, schema)
    const path = [escapeIdentifier(schema), session[0]!.path].filter((part) => part !== '').join(', ')
    await client.query('SELECT pg_catalog.set_config($1, $2, true)', ['search_path', path])
    await run(client, source, schema)
    await qualifyNames(client)
    const oid = await requireOwnObjects(client, schema, name)
    refuseOtherStatements(ddl, name)
    const { parts, ...description } = await describeTable(client, oid)
    return {
      source,
      prepare: [],
      statements: [ddl],
      ...description,
      parts: parts.map((part) => definedPart(part, part.name)),
      triggers: [],
      leftOut: [],
    }
  })
}

async function makeSchema(client: pg.Client, schema: string): Promise<void> {
  try {
    await client.query(`CREATE SCHEMA ${escapeIdentifier(schema)}`)
  } catch (cause) {
    if (isDisconnected(cause)) throw cause
    throw new DatabaseError(
      `The DDL cannot be tried, since the server refuses a schema (${(cause as Error).message}): GRANT CREATE ON DATABASE to this user, or connect as another`,
      { cause },
    )
  }
}

/**
 * Runs the text inside of a DO statement, in which the server refuses all that would begin or end a
 * transaction: nothing that the text makes can outlive it.
 */
async function run(client: pg.Client, { ddl, name }: Ddl, schema: string): Promise<void> {
  const text = fillNames(ddl, schema)
  try {
    await client.query(`DO ${escapeLiteral(`BEGIN EXECUTE ${escapeLiteral(text)}; END`)} LANGUAGE plpgsql`)
  } catch (cause) {
    if (isDisconnected(cause)) throw cause
    throw new DatabaseError(refusalOf(cause as pg.DatabaseError, text, name), { cause })
  }
}

function refusalOf(error: pg.DatabaseError, text: string, name: string): string {
  const { message } = error
  const state = sqlStateOf(error)
  if (state === '2D000' || (state === '0A000' && message.includes('EXECUTE of transaction commands'))) {
    return `${name} begins or ends a transaction: leave BEGIN, COMMIT, ROLLBACK and SAVEPOINT out, since copylab makes the table in a transaction of its own`
  }
  const line = lineOf(error, text)
  const place = line === null ? name : `${name}, line ${line}`
  const remedy =
    state === '55P03'
      ? `a session has locked what it names for more than ${lockTimeout}: wait until its transaction has ended, then run again`
      : 'correct the statement, or create what it needs in the database beforehand'
  return `The server refused ${place} (${message}): ${remedy}`
}

/** The line of the text at which the server found an error; null where it does not say. */
function lineOf({ internalPosition, internalQuery }: pg.DatabaseError, text: string): number | null {
  if (internalPosition === undefined || internalQuery !== text) return null
  return [...text].slice(0, Number(internalPosition) - 1).filter((sign) => sign === '\n').length + 1
}
