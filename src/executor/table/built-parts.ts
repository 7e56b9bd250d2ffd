import pg from 'pg'
import type { TableReference } from '../../study/table/definition.js'
import { monotonicMs } from '../clock.js'
import { DatabaseError, sqlStateOf } from '../errors.js'
import { change, inTransaction } from '../footprint/change.js'
import { mark } from '../footprint/mark.js'
import { fillNames } from './statement-names.js'

const { escapeIdentifier, escapeLiteral } = pg

/**
 * An index or key of a table that exists: statements that remove it, make it again, and mark it as
 * copylab's, since it is then younger than its table.
 */
export interface BuiltPart {
  readonly name: string
  /** Whether it decides which rows the table allows: a key, or a unique index. */
  readonly restricts: boolean
  readonly remove: string
  readonly make: string
  readonly mark: string
}

/** What the making of indexes and keys took. */
export interface Build {
  readonly ms: number
  /** Parallel workers that the server asked for, for the index with the most of them. */
  readonly workers: number
}

/**
 * Reads the indexes and keys of the table `name` in the study's schema: keys before the foreign
 * keys that may refer to them. Those of its partitions go and come with its own.
 */
export async function builtParts(control: pg.Client, schema: string, name: string): Promise<readonly BuiltPart[]> {
  const { rows } = await control.query<{ name: string; sql: string; isKey: boolean; restricts: boolean }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS sql, true AS "isKey", true AS restricts
       FROM pg_constraint WHERE conrelid = ${escapeLiteral(name)}::regclass AND contype IN ('p', 'u', 'x') AND conparentid = 0
     UNION ALL
     -- The server writes the index of a partitioned table as that of the parent alone.
     SELECT class.relname, CASE WHEN relkind = 'I' THEN left(only_parent, -5) || substr(definition, length(only_parent) + 1) ELSE definition END, false, indisunique
       FROM pg_index JOIN pg_class AS class ON class.oid = indexrelid,
            pg_get_indexdef(class.oid) AS definition,
            format('CREATE %sINDEX %I ON ONLY ', CASE WHEN indisunique THEN 'UNIQUE ' ELSE '' END, relname) AS only_parent
      WHERE indrelid = ${escapeLiteral(name)}::regclass
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
      ORDER BY "isKey" DESC, name`,
  )
  const own = rows.map(({ name: part, restricts, isKey, sql }): BuiltPart => {
    if (isKey) return constraintPart(name, part, sql)
    const index = `${escapeIdentifier(schema)}.${escapeIdentifier(part)}`
    return {
      name: part,
      restricts,
      remove: `DROP INDEX ${index}`,
      make: sql,
      mark: `COMMENT ON INDEX ${index} IS ${escapeLiteral(mark)}`,
    }
  })
  return [...own, ...(await foreignKeyParts(control, name, name))]
}

/**
 * Reads the foreign keys of the table `from`, as parts of the table `to`. Those of its partitions
 * come with its own.
 */
export async function foreignKeyParts(control: pg.Client, from: string, to: string): Promise<readonly BuiltPart[]> {
  const { rows } = await control.query<{ name: string; sql: string }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS sql FROM pg_constraint
      WHERE conrelid = ${escapeLiteral(from)}::regclass AND contype = 'f' AND conparentid = 0 ORDER BY conname`,
  )
  return rows.map(({ name, sql }) => constraintPart(to, name, sql))
}

/**
 * Returns foreign keys to tables of others as parts, to be made once the tables `names`, the one
 * and those of the workers, are there.
 */
export function referenceParts(
  references: readonly TableReference[],
  schema: string,
  names: readonly string[],
): readonly BuiltPart[] {
  return names.flatMap((name) =>
    references.map((reference) => {
      const table = fillNames(reference.table, schema, name)
      return constraintPart(table, reference.name, fillNames(reference.sql, schema))
    }),
  )
}

function constraintPart(table: string, name: string, sql: string): BuiltPart {
  const own = escapeIdentifier(name)
  return {
    name,
    restricts: true,
    remove: `ALTER TABLE ${table} DROP CONSTRAINT ${own}`,
    make: `ALTER TABLE ${table} ADD CONSTRAINT ${own} ${sql}`,
    mark: `COMMENT ON CONSTRAINT ${own} ON ${table} IS ${escapeLiteral(mark)}`,
  }
}

/** Removes indexes and keys, foreign keys first. */
export async function removeParts(control: pg.Client, parts: readonly BuiltPart[]): Promise<void> {
  for (const { remove } of [...parts].reverse()) await change(control, remove)
}

/**
 * Makes indexes and keys, each in a transaction of its own; returns the time, and the parallel
 * workers that the server asked for.
 */
export async function buildParts(control: pg.Client, parts: readonly BuiltPart[]): Promise<Build> {
  return build(control, parts, (part) => inTransaction(control, () => makePart(control, part)))
}

/** Makes indexes and keys within a transaction that has begun. */
export async function buildPartsWithin(control: pg.Client, parts: readonly BuiltPart[]): Promise<Build> {
  return build(control, parts, (part) => makePart(control, part))
}

/** In one transaction, so that what is made has the mark, whatever comes in between. */
async function makePart(control: pg.Client, { make, mark }: BuiltPart): Promise<void> {
  await change(control, make)
  await change(control, mark)
}

async function build(
  control: pg.Client,
  parts: readonly BuiltPart[],
  make: (part: BuiltPart) => Promise<void>,
): Promise<Build> {
  let workers = 0
  const onNotice = ({ message = '' }: { message?: string | undefined }): void => {
    const asked = /with request for (\d+) parallel worker/.exec(message)?.[1]
    workers = Math.max(workers, Number(asked ?? 0))
  }
  control.on('notice', onNotice)
  try {
    await control.query('SET client_min_messages = debug1')
    const begun = monotonicMs()
    for (const part of parts) await make(part)
    const ms = monotonicMs() - begun
    await control.query('SET client_min_messages = notice')
    return { ms, workers }
  } catch (error) {
    // In a transaction that has failed, as the setting itself is undone.
    await control.query('SET client_min_messages = notice').catch(() => {})
    throw refusedRecords(error)
  } finally {
    control.off('notice', onNotice)
  }
}

/**
 * Returns the error of a statement that indexes, keys or checks refuse because of what the records
 * hold, with words that say so; any other error unchanged.
 */
export function refusedRecords(error: unknown): unknown {
  if (!sqlStateOf(error)?.startsWith('23')) return error
  const cause = error instanceof DatabaseError ? error.cause : error
  const { message, detail } = cause as pg.DatabaseError
  const words = [message, detail?.replace(/\.$/, '')].filter((part) => part !== undefined).join('. ')
  return new DatabaseError(
    `The table's keys, indexes or checks do not allow the rows that are there: ${words}. Correct the records, or leave the part out by a layout (--layout)`,
    { cause },
  )
}
