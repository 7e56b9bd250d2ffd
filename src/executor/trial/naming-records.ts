import pg from 'pg'
import { CopyError } from '../errors.js'
import { windowOf } from '../input/batches.js'
import { keyOf } from '../input/key-of.js'
import { type PlacedRecord, readAgain } from '../input/read-again.js'
import type { Session } from '../session/session.js'

type OfRecords = Pick<Session, 'input' | 'table' | 'definition' | 'files' | 'signal'>

/**
 * Adds to the error of a COPY that the server refused because of a record where that stands, which
 * is found by reading the input again: for a key that the table has already, both records that have
 * it. Returns any other error unchanged.
 */
export async function namingRecords(error: unknown, session: OfRecords): Promise<unknown> {
  if (!(error instanceof CopyError)) return error
  const words = await wordsAbout(error, session)
  if (words.length === 0) return error
  return new CopyError(error, [error.message, ...words].join('. '), { cause: error.cause })
}

/** Sentences about the record that the server refused. */
async function wordsAbout(error: CopyError, session: OfRecords): Promise<string[]> {
  switch (error.sqlState) {
    case '23505':
      return repeatedKeyWords(error, session)
    case '23503':
      return missingKeyWords(error, session)
    default:
      return refusedRecordWords(error, session)
  }
}

/** SQLSTATE `unique_violation`: another record has the key, or a row that was there before. */
async function repeatedKeyWords(error: CopyError, session: OfRecords): Promise<string[]> {
  const detail = detailOf(error)
  // A table that is made like another may have further keys, of other columns.
  const isPrimary = detail?.replaceAll('"', '').startsWith(`Key (${session.table.primaryKey.join(', ')})=`) ?? false
  const places = error.record === null || !isPrimary ? [] : await placesOfKey(error.record, session)
  const remedy = places.length > 0 ? [remedyOf(places, session.definition !== null)] : []
  return [...(detail ? [detail] : []), ...remedy]
}

function remedyOf(places: readonly string[], isDefined: boolean): string {
  const having = `${places.join(' and ')} ${places.length > 1 ? 'have' : 'has'}`
  if (!isDefined) return `${having} it: correct the records, or state another \`primaryKey\``
  const also = places.length > 1 ? '' : ', and a row that the table held before'
  return `${having} it${also}: correct the records, or leave the key out by a layout (--layout)`
}

/** Returns the places of the record at a position in the input and of another with its key. */
async function placesOfKey(refused: number, session: OfRecords): Promise<string[]> {
  const { table } = session
  const record = await firstFrom(refused, session)
  if (record === null) return []
  const key = keyOf(record.row, table)
  const places: string[] = []
  for await (const { place, row } of readAgain(windowOf(session.input, table), session.files, session.signal)) {
    if (keyOf(row, table) === key && places.push(place) === 2) break
  }
  return places
}

/**
 * SQLSTATE `foreign_key_violation`: the server compares the records of a COPY once all are in, and
 * states the values alone.
 */
async function missingKeyWords(error: CopyError, session: OfRecords): Promise<string[]> {
  const detail = detailOf(error)
  const [, names, values] = /^[^(]*\((.*?)\)=\((.*?)\)/s.exec(detail ?? '') ?? []
  if (!detail || names === undefined || error.firstRecord === null) return detail ? [detail] : []
  const columns = names.split(', ').map((name) => session.table.columns.findIndex((own) => own.name === unquoted(name)))
  const record = await firstFrom(
    error.firstRecord,
    session,
    ({ row }) => values === columns.map((column) => String(row[column])).join(', '),
  )
  return [detail, ...(record ? [correctWords(record, error, session)] : [])]
}

const unquoted = (name: string): string => name.replace(/^"(.*)"$/s, '$1').replaceAll('""', '"')

/** SQLSTATE classes of values that a type does not hold, and of rows that are not allowed. */
const ofRecord = /^2[23]/

async function refusedRecordWords(error: CopyError, session: OfRecords): Promise<string[]> {
  if (error.record === null || !ofRecord.test(error.sqlState ?? '')) return []
  const record = await firstFrom(error.record, session)
  return record ? [correctWords(record, error, session)] : []
}

function correctWords({ place }: PlacedRecord, { cause }: CopyError, { definition }: OfRecords): string {
  const constraint = cause instanceof pg.DatabaseError ? cause.constraint : undefined
  const isPart = definition?.parts.some(({ name }) => name === constraint) ?? false
  return `${place} has it: correct the record${isPart ? `, or leave ${constraint} out by a layout (--layout)` : ''}`
}

/** The first record from a position in the input on, that is as it should be; null for none. */
async function firstFrom(
  first: number,
  { input, table, files, signal }: OfRecords,
  isIt: (record: PlacedRecord) => boolean = () => true,
): Promise<PlacedRecord | null> {
  const later = files.filter((file) => first < file.first + file.records)
  for await (const record of readAgain(windowOf(input, table), later, signal)) {
    if (record.position >= first && isIt(record)) return record
  }
  return null
}

/** What the server says of the key, without its full stop. */
function detailOf({ cause }: CopyError): string | undefined {
  return cause instanceof pg.DatabaseError ? cause.detail?.replace(/\.$/, '') : undefined
}
