import pg from 'pg'
import { listed } from '../../../names.js'
import { DatabaseError, InputError, sqlStateOf } from '../../errors.js'
import { change } from '../../footprint/change.js'
import { qualifiedTable } from '../../footprint/mark.js'
import { type BuiltPart, builtParts, refusedRecords, removeParts } from '../built-parts.js'
import { keptColumns, keptRows, putRowsBack, type RowsOf } from '../existing-rows.js'
import { copyRecords, type RecordsToLoad } from './input-records.js'
import { madeColumns, selectKeys, type TableKeys } from './keys.js'
import { findMoves } from './moves.js'

const { escapeIdentifier } = pg

/** What the rows that a table holds before its loads are made of. */
export interface Keeping extends RowsOf, RecordsToLoad {
  /** Number of the rows. */
  readonly count: number
  /** Names of the parts of the table that no trial with such rows has. */
  readonly without: readonly string[]
}

/**
 * Keeps the rows that tables hold before their loads, once a session: those of the table that a
 * study's is made like, in the order of its primary key, then the input's records as often as
 * needed, with other keys in each copy. The study's table must be new, and is empty afterwards.
 * Throws `RangeError` for a key that cannot be made another, `InputError` where these rows and the
 * input's records have a key in common, and `DatabaseError` for rows that the table does not allow,
 * or that row security hides.
 */
export async function keepRows(control: pg.Client, keeping: Keeping): Promise<void> {
  const { schema, count, definition, without, input } = keeping
  const outside = definition?.references?.filter(({ name }) => !without.includes(name)) ?? []
  const found = await selectKeys(control, qualifiedTable(schema), without)
  const keys = { ...found, referring: [...found.referring, ...outside.flatMap(({ columns }) => columns)] }
  const hasKeys = keys.keys.length > 0
  const parts = await builtParts(control, schema, qualifiedTable(schema))
  await removeParts(control, parts)
  await keepOriginal(control, keeping)
  const held = await countOf(control, keptRows(schema))
  if (hasKeys || held < count) {
    await makeSource(control, keeping)
    const copied = await copyRecords(
      control,
      sourceOf(schema),
      keeping,
      hasKeys ? Number.POSITIVE_INFINITY : count - held,
    )
    if (copied === 0) throw new RangeError(`The input ${input.name} holds no records to fill \`existingRows\` with`)
    if (held > 0) await putRowsBack(control, keeping, held)
    if (held < count) await keepCopies(control, keeping, { keys, held, copies: Math.ceil((count - held) / copied) })
    if (hasKeys) await compareKeys(control, keeping, parts)
    await change(control, `DROP TABLE ${sourceOf(schema)}; TRUNCATE ${qualifiedTable(schema)}`)
  }
  await change(control, `CREATE INDEX ON ${keptRows(schema)} (${keptColumns(keeping).row})`)
  await change(control, `ANALYZE ${keptRows(schema)}`)
}

/** Returns the name of the table that holds the input's records meanwhile, quoted. */
const sourceOf = (schema: string): string => `${escapeIdentifier(schema)}.existing_source`

/** Names of the columns that the input fills, quoted. */
const loadedColumns = ({ table }: RowsOf): string[] => table.columns.map(({ name }) => escapeIdentifier(name))

/** Makes the table for the input's records: in the types of the study's table, and numbered. */
async function makeSource(control: pg.Client, keeping: Keeping): Promise<void> {
  const { schema } = keeping
  await change(
    control,
    `CREATE TABLE ${sourceOf(schema)} WITH (autovacuum_enabled = false) AS
       SELECT ${loadedColumns(keeping).join(', ')} FROM ${qualifiedTable(schema)} WITH NO DATA;
     ALTER TABLE ${sourceOf(schema)} ADD COLUMN ${keptColumns(keeping).row} int8 GENERATED ALWAYS AS IDENTITY`,
  )
}

/** Returns the statement that fills the loaded columns of the study's table, up to the values. */
const insertSql = (keeping: Keeping): string =>
  `INSERT INTO ${qualifiedTable(keeping.schema)} (${loadedColumns(keeping).join(', ')}) OVERRIDING SYSTEM VALUE SELECT`

/** The copies of the input's records that follow `held` rows of the original. */
interface CopiesToKeep {
  readonly keys: TableKeys
  readonly held: number
  readonly copies: number
}

/** Makes copies in the study's table, which fills its other columns, and keeps them. */
async function keepCopies(control: pg.Client, keeping: Keeping, { keys, held, copies }: CopiesToKeep): Promise<void> {
  const { schema, table, definition, count } = keeping
  const { stored, row } = keptColumns(keeping)
  const [source, kept] = [sourceOf(schema), keptRows(schema)]
  const given = { copies, columns: madeColumns(table, definition?.columns ?? null), tables: [source, kept] }
  const moves = await findMoves(
    control,
    keys,
    given,
    (key, why) =>
      `${atMost(held, count)}, and the key ${key} has no column that copylab can move out of their way${why}. Take no more, or layouts without that key (--layout)`,
  )
  const values = table.columns.map(({ name }) => {
    const value = `source.${escapeIdentifier(name)}`
    return moves.get(name)?.(value, 'copy') ?? value
  })
  const put = control.query(
    `WITH put AS (
       ${insertSql(keeping)} ${values.join(', ')} FROM generate_series(1, ${copies}) AS copy, ${source} AS source
       ORDER BY copy, source.${row} LIMIT ${count - held} RETURNING ${stored}
     ) INSERT INTO ${kept} (${row}, ${stored}) SELECT ${held} + row_number() OVER (), ${stored} FROM put`,
  )
  await put.catch((error: unknown) => Promise.reject(refusedCopies(error, held, count, [...moves.keys()])))
}

/** Makes the keys over the kept rows, which the table holds, and the input's records together. */
async function compareKeys(control: pg.Client, keeping: Keeping, parts: readonly BuiltPart[]): Promise<void> {
  const { schema, without } = keeping
  const records = `${insertSql(keeping)} ${loadedColumns(keeping).join(', ')} FROM ${sourceOf(schema)} ORDER BY ${keptColumns(keeping).row}`
  const keys = parts.filter(({ restricts, name }) => restricts && !without.includes(name))
  for (const statement of [records, ...keys.map(({ make }) => make)]) {
    await control.query(statement).catch((error: unknown) => Promise.reject(repeatedKey(error)))
  }
}

/** Keeps rows of the table that the study's is made like: none where there is no such table. */
async function keepOriginal(control: pg.Client, keeping: Keeping): Promise<void> {
  const { schema, definition, count } = keeping
  const { stored, row } = keptColumns(keeping)
  const create = `CREATE TABLE ${keptRows(schema)} WITH (autovacuum_enabled = false) AS SELECT`
  if (definition === null || !('like' in definition.source)) {
    return change(control, `${create} 0::int8 AS ${row}, ${stored} FROM ${qualifiedTable(schema)} WITH NO DATA`)
  }
  const { like } = definition.source
  const { rows } = await control.query<{ hidden: boolean; user: string }>(
    'SELECT row_security_active($1) AS hidden, quote_ident(current_user) AS user',
    [like],
  )
  const { hidden, user } = rows[0]!
  if (hidden) {
    throw new DatabaseError(
      `Row security hides rows of ${like} from ${user}, so that \`existingRows\` cannot be its first ones: connect as its owner, or as a user with BYPASSRLS, or take a table by \`ddl\` (--ddl), whose rows are the input's records`,
    )
  }
  const order = definition.primaryKey.map((own) => escapeIdentifier(own)).join(', ')
  const sorted = order && `ORDER BY ${order}`
  return change(
    control,
    `${create} row_number() OVER (${sorted}) AS ${row}, ${stored} FROM ${like} ${sorted} LIMIT ${count}`,
  )
}

async function countOf(control: pg.Client, name: string): Promise<number> {
  const { rows } = await control.query<{ held: string }>(`SELECT count(*) AS held FROM ${name}`)
  return Number(rows[0]!.held)
}

/** The beginning of a refusal of copies of the input's records. */
function atMost(held: number, count: number): string {
  const [most, wanted] = [held, count].map((rows) => rows.toLocaleString('en-US'))
  const rows = held > 0 ? ', the rows of its own that the table has' : ''
  return `Expected \`existingRows\` to be at most ${most}${rows}, got ${wanted}: more would be copies of the input's records`
}

/** SQLSTATE classes of values that a type does not hold, and of rows that are not allowed. */
const notAllowed = /^2[23]/

function refusedCopies(error: unknown, held: number, count: number, moved: readonly string[]): unknown {
  if (moved.length === 0 || !notAllowed.test(sqlStateOf(error) ?? '')) return refusedRecords(error)
  return new RangeError(
    `${atMost(held, count)} with other values of ${listed(moved)}, which the table does not allow (${(error as Error).message}). Take no more, or layouts without the keys that ${listed(moved)} ${moved.length > 1 ? 'are' : 'is'} in (--layout)`,
    { cause: error },
  )
}

/** SQLSTATEs `unique_violation` and `exclusion_violation`. */
const repeated = ['23505', '23P01']

function repeatedKey(error: unknown): unknown {
  if (!repeated.includes(sqlStateOf(error) ?? '')) return refusedRecords(error)
  const { constraint } = error as pg.DatabaseError
  return new InputError(
    `The rows that \`existingRows\` puts into the table and the input's records have a key in common, which ${constraint} does not allow: ${wordsOf(error)}. Load other records (--offset, or other files), take fewer existing rows, or layouts without that key (--layout)`,
    { cause: error },
  )
}

/** The server's description of what it refused. */
function wordsOf(error: unknown): string {
  const { message, detail } = error as pg.DatabaseError
  return (detail ?? message).replace(/\.$/, '')
}
