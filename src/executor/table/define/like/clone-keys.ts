import pg from 'pg'
import type { TableReference } from '../../../../study/table/definition.js'
import { DatabaseError } from '../../../errors.js'
import { withoutMark } from '../../statement-names.js'
import { selectVerbatim } from '../catalogue.js'
import { type ClonedParts, ownConstraintSql } from './clone-parts.js'
import type { CopiedTable } from './copied-table.js'
import type { OwnNames } from './own-names.js'

const { escapeIdentifier } = pg

/**
 * The foreign keys of tables that are copied: those that refer to copies of keys, or to the table
 * itself, and those to the real tables.
 */
export interface ClonedKeys extends ClonedParts {
  /** Statements that copy the keys. */
  readonly prepare: readonly string[]
  readonly references: readonly TableReference[]
}

interface KeyRow {
  readonly oid: number
  readonly table: number
  readonly name: string
  readonly sql: string
  /** The referencing columns, quoted. */
  readonly columns: readonly string[]
  readonly referenced: number
  /** Name of the referenced table with its schema, as SQL spells it. */
  readonly original: string
  readonly relation: string
  readonly partitioned: boolean
  readonly index: number
  readonly primary: boolean
  /** The columns of the referenced key, quoted, in its order. */
  readonly key: readonly string[]
  readonly readable: boolean
  readonly referable: boolean
  readonly hidden: boolean
  readonly user: string
}

/**
 * Makes each foreign key refer to a copy of the referenced key alone, which all foreign keys to
 * that key share, or to the real table; one to the table itself refers to the study's table. Throws
 * `DatabaseError` for a key that the user may not read, or not refer to.
 */
export async function cloneKeys(
  client: pg.Client,
  tables: readonly CopiedTable[],
  names: OwnNames,
  to: 'real' | undefined,
): Promise<ClonedKeys> {
  const rows = await selectVerbatim<KeyRow>(
    client,
    `SELECT own.oid, conrelid AS table, conname::text AS name, pg_get_constraintdef(own.oid) AS sql,
            ARRAY(SELECT quote_ident(attname) FROM unnest(conkey) WITH ORDINALITY AS key (attnum, place) JOIN pg_attribute USING (attnum)
                  WHERE attrelid = conrelid ORDER BY place) AS columns,
            confrelid AS referenced, format('%I.%I', nspname, relname) AS original, relname::text AS relation, relkind = 'p' AS partitioned,
            conindid AS index, indisprimary AS primary, key,
            (SELECT bool_and(has_column_privilege(confrelid, attnum, 'SELECT')) FROM unnest(confkey) AS attnum) AS readable,
            (SELECT bool_and(has_column_privilege(confrelid, attnum, 'REFERENCES')) FROM unnest(confkey) AS attnum) AS referable,
            row_security_active(confrelid) AS hidden, quote_ident(current_user) AS user
     FROM pg_constraint AS own JOIN pg_class AS class ON class.oid = confrelid JOIN pg_namespace AS space ON space.oid = relnamespace
       JOIN pg_index ON indexrelid = conindid,
       LATERAL (SELECT ARRAY(SELECT quote_ident(attname) FROM unnest(indkey::int2[]) WITH ORDINALITY AS each (attnum, place)
                JOIN pg_attribute USING (attnum) WHERE attrelid = confrelid AND place <= indnkeyatts ORDER BY place) AS key) AS keys
     WHERE ${ownConstraintSql} AND contype = 'f' ORDER BY array_position($1::oid[], conrelid), own.oid`,
    [tables.map(({ oid }) => oid)],
  )
  const copies = new Map<number, string>()
  const prepare: string[] = []
  const references: TableReference[] = []
  const statements = rows.flatMap((row) => {
    const { copy: table } = tables.find(({ oid }) => oid === row.table)!
    const own = tables.find(({ oid }) => oid === row.referenced)
    if (!own && to === 'real') {
      requireReferable(row)
      references.push(referenceOf(row, table))
      return []
    }
    const target =
      own?.copy ?? copies.get(row.index) ?? `{schema}.${escapeIdentifier(names.take(`keys_of_${row.relation}`))}`
    if (!own && !copies.has(row.index)) {
      requireReadable(row)
      copies.set(row.index, target)
      prepare.push(...copySql(row, target))
    }
    return `ALTER TABLE ${table} ADD CONSTRAINT ${escapeIdentifier(row.name)} ${redirected(row, target)}`
  })
  return { prepare, statements, references, names: new Map(rows.map(({ oid, name }) => [oid, name])) }
}

function requireReadable({ name, original, key, readable, hidden, user }: KeyRow): void {
  const [constraint, table, columns] = [name, original, key.join(', ')].map(withoutMark)
  if (!readable) {
    throw new DatabaseError(
      `The foreign key ${constraint} refers to ${table}, whose key ${user} may not read: let its owner GRANT SELECT (${columns}) ON ${table} TO ${user}, or connect as another user`,
    )
  }
  if (hidden) {
    throw new DatabaseError(
      `The foreign key ${constraint} refers to ${table}, of which row security hides rows from ${user}: connect as its owner, or as a user with BYPASSRLS`,
    )
  }
}

function requireReferable({ name, original, key, referable, user }: KeyRow): void {
  if (referable) return
  const [constraint, table, columns] = [name, original, key.join(', ')].map(withoutMark)
  throw new DatabaseError(
    `The foreign key ${constraint} refers to ${table}, to whose key ${user} may not refer: let its owner GRANT REFERENCES (${columns}) ON ${table} TO ${user}, or let foreign keys refer to copies (\`foreignKeys: 'copies'\`, --foreign-keys copies)`,
  )
}

function referenceOf({ name, sql, columns, original }: KeyRow, table: string): TableReference {
  return {
    name: withoutMark(name),
    table,
    sql,
    columns: columns.map((column) => unquoted(withoutMark(column))),
    to: withoutMark(original),
  }
}

const unquoted = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)

/** The period of a temporal key, which is its last column. */
const isTemporal = ({ sql, columns }: KeyRow): boolean => sql.startsWith(`FOREIGN KEY (${withPeriod(columns)}) `)

const withPeriod = (columns: readonly string[]): string =>
  columns.map((column, k) => (k === columns.length - 1 ? `PERIOD ${column}` : column)).join(', ')

/**
 * Autovacuum is off for a copy, as for the table: it would start inside some trials and not in
 * others. A foreign key sees the rows of one table alone, but for a partitioned one.
 */
function copySql(row: KeyRow, target: string): string[] {
  const columns = row.key.join(', ')
  const unique = `${columns}${isTemporal(row) ? ' WITHOUT OVERLAPS' : ''}`
  return [
    `CREATE TABLE ${target} WITH (autovacuum_enabled = false) AS SELECT ${columns} FROM ${row.partitioned ? '' : 'ONLY '}${row.original}`,
    `ALTER TABLE ${target} ADD ${row.primary ? 'PRIMARY KEY' : 'UNIQUE'} (${unique})`,
    `ANALYZE ${target}`,
  ]
}

function redirected(row: KeyRow, target: string): string {
  const columns = isTemporal(row) ? withPeriod(row.columns) : row.columns.join(', ')
  const before = `FOREIGN KEY (${columns}) REFERENCES `
  return before + target + row.sql.slice(before.length + row.original.length)
}
