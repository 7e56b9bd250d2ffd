import pg from 'pg'
import { listed } from '../../../names.js'
import type { Key, MadeColumn, TableKeys } from './keys.js'

const { escapeIdentifier, escapeLiteral } = pg

/** How many copies of the input's records there are to be, and where all values stand. */
export interface Copies {
  readonly copies: number
  readonly columns: readonly MadeColumn[]
  /** Quoted names of the tables that hold the input's records and the original's rows. */
  readonly tables: readonly string[]
}

/** SQL for a column's value in a copy, from SQL for the record's own and for the copy's number. */
export type Move = (value: string, copy: string) => string

/** A way to move a column's values, or the reason why there is none. */
type Found = Move | string

/**
 * Finds, for each key, a column whose values differ from copy to copy once they are moved, and how:
 * equally in every session. Throws `RangeError` that names the first key without one.
 */
export async function findMoves(
  control: pg.Client,
  { keys, ...prescribed }: TableKeys,
  given: Copies,
  refusal: (key: string, why: string) => string,
): Promise<ReadonlyMap<string, Move>> {
  const moves = new Map<string, Move>()
  for (const key of keys) {
    if (key.columns.some((name) => moves.has(name))) continue
    const reasons: string[] = []
    const tried = candidates(key, prescribed, given.columns)
    for (const column of tried) {
      const refers = prescribed.referring.includes(column.name)
      const found = refers ? 'it refers to another table' : await moveOf(control, column, given)
      if (typeof found !== 'string') {
        moves.set(column.name, found)
        break
      }
      reasons.push(`${column.name}: ${found}`)
    }
    if (reasons.length < tried.length || hasServersColumn(key, given.columns)) continue
    const why = reasons.length > 0 ? ` (${reasons.join('; ')})` : ''
    throw new RangeError(refusal(`${key.name} (${listed(key.parts)})`, why))
  }
  return moves
}

/** Names of types in the order in which columns of them are moved first. */
const kinds: { readonly [base: string]: (control: pg.Client, column: MadeColumn, given: Copies) => Promise<Found> } = {
  int8: (...given) => moveNumber(...given, 63n),
  numeric: (...given) => moveNumber(...given, null),
  int4: (...given) => moveNumber(...given, 31n),
  uuid: async () => (value, copy) => `md5(${value}::text || ${copy})::uuid`,
  text: moveText,
  varchar: moveText,
  citext: moveText,
  bpchar: moveText,
  timestamptz: moveTime,
  timestamp: moveTime,
  date: moveTime,
  int2: (...given) => moveNumber(...given, 15n),
}

const order = Object.keys(kinds)

/** Columns of a key that the input fills: those that nothing prescribes come first. */
function candidates(
  { columns: names, inside }: Key,
  { restricted }: Pick<TableKeys, 'restricted'>,
  columns: readonly MadeColumn[],
): readonly MadeColumn[] {
  const rank = ({ name, base }: MadeColumn): number =>
    (inside.includes(name) ? 200 : 0) + (restricted.includes(name) ? 100 : 0) + order.indexOf(base)
  return columns
    .filter(({ name, from }) => from === 'input' && [...names, ...inside].includes(name))
    .sort((a, b) => rank(a) - rank(b))
}

/** Whether the server itself fills a column of the key: with numbers that differ, as a rule. */
const hasServersColumn = ({ columns: names }: Key, columns: readonly MadeColumn[]): boolean =>
  columns.some(({ name, from }) => from === 'server' && names.includes(name))

async function moveOf(control: pg.Client, column: MadeColumn, given: Copies): Promise<Found> {
  return kinds[column.base]?.(control, column, given) ?? `values of type ${column.base} are not moved`
}

async function moveNumber(control: pg.Client, column: MadeColumn, given: Copies, bits: bigint | null): Promise<Found> {
  const { min, max } = await selectOne<{ min: string | null; max: string | null }>(
    control,
    `SELECT floor(min(value))::text AS min, ceil(max(value))::text AS max FROM (${valuesSql(column, given)}) AS of_all`,
  )
  if (![min ?? '0', max ?? '0'].every((text) => /^-?\d+$/.test(text))) return 'it holds values that are no numbers'
  const [least, greatest] = [BigInt(min ?? 0), BigInt(max ?? 0)]
  const span = greatest - least + 1n
  const whole = span * BigInt(given.copies)
  const end = bits === null ? null : 1n << bits
  const step = end === null || greatest + whole < end ? span : least - whole >= -end ? -span : null
  if (step === null) return `the range of ${column.base} is used up`
  return (value, copy) => `${value} + ${copy} * ${step}::numeric`
}

async function moveText(control: pg.Client, column: MadeColumn, given: Copies): Promise<Found> {
  const values = valuesSql(column, given)
  let mark = '~'
  const holdsMark = async (): Promise<boolean> => {
    const sql = `SELECT EXISTS (SELECT FROM (${values}) AS of_all WHERE position(${escapeLiteral(mark)} IN value::text) > 0) AS held`
    return (await selectOne<{ held: boolean }>(control, sql)).held
  }
  while (await holdsMark()) mark += '~'
  const { length } = await selectOne<{ length: number }>(
    control,
    `SELECT coalesce(max(length(value::text)), 0) AS length FROM (${values}) AS of_all`,
  )
  const longest = length + mark.length + String(given.copies).length
  if (column.limit !== null && longest > column.limit) return `${column.limit} characters have no room for a suffix`
  return (value, copy) => `${value}::text || ${escapeLiteral(mark)} || ${copy}`
}

async function moveTime(control: pg.Client, column: MadeColumn, given: Copies): Promise<Found> {
  const apart = 'max(value) - min(value)'
  const days = column.base === 'date' ? apart : `ceil(extract(epoch FROM ${apart}) / 86400)`
  const { span } = await selectOne<{ span: string }>(
    control,
    `SELECT (coalesce(${days}, 0) + 1)::int8::text AS span FROM (${valuesSql(column, given)}) AS of_all WHERE isfinite(value)`,
  )
  if (column.base === 'date') return (value, copy) => `${value} + (${copy} * ${span})::int4`
  // Hours, since a day of a time zone may have 23.
  return (value, copy) => `${value} + ${copy} * ${span} * interval '24 hours'`
}

const valuesSql = ({ name }: MadeColumn, { tables }: Copies): string =>
  tables.map((table) => `SELECT ${escapeIdentifier(name)} AS value FROM ${table}`).join(' UNION ALL ')

async function selectOne<T extends object>(control: pg.Client, sql: string): Promise<T> {
  return (await control.query<T>(sql)).rows[0]!
}
