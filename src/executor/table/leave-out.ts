import pg from 'pg'
import type { TablePart } from '../../study/table/definition.js'
import { verbatim } from './statement-names.js'

const { escapeIdentifier } = pg

/**
 * Returns the statement that removes a part from the study's table, for `fillNames`. Without
 * CASCADE: the server refuses to remove a key that another part needs, and names that part.
 */
export function leaveOutSql({ kind, name }: TablePart): string {
  const quoted = verbatim(escapeIdentifier(name))
  return kind === 'index' ? `DROP INDEX {schema}.${quoted}` : `ALTER TABLE {table} DROP CONSTRAINT ${quoted}`
}
