import pg from 'pg'
import { CopyError } from '../errors.js'
import { windowOf } from '../input/batches.js'
import { keyOf } from '../input/key-of.js'
import { readAgain } from '../input/read-again.js'
import type { Session } from '../session.js'

/** SQLSTATE `unique_violation`. */
const uniqueViolation = '23505'

/**
 * Adds the key to the error of a COPY that the server refused because the table has the key
 * already, and the places of the records that have it, which are found by reading the input again;
 * returns any other error unchanged.
 */
export async function namingDuplicates(
  error: unknown,
  session: Pick<Session, 'input' | 'table' | 'definition' | 'files' | 'signal'>,
): Promise<unknown> {
  if (!(error instanceof CopyError) || error.sqlState !== uniqueViolation) return error
  const detail = error.cause instanceof pg.DatabaseError ? error.cause.detail : undefined
  // A table that is made like another may have further keys, of other columns.
  const isPrimary = detail?.replaceAll('"', '').startsWith(`Key (${session.table.primaryKey.join(', ')})=`) ?? false
  const places = error.record === null || !isPrimary ? [] : await placesOfKey(error.record, session)
  const words = [
    error.message,
    detail?.replace(/\.$/, ''),
    places.length > 0 ? remedyOf(places, session.definition !== null) : undefined,
  ]
  return new CopyError(error, words.filter((part) => part !== undefined).join('. '), { cause: error.cause })
}

function remedyOf(places: readonly string[], isDefined: boolean): string {
  const having = `${places.join(' and ')} ${places.length > 1 ? 'have' : 'has'}`
  if (!isDefined) return `${having} it: correct the records, or state another \`primaryKey\``
  const also = places.length > 1 ? '' : ', and a row that the table held before'
  return `${having} it${also}: correct the records, or leave the key out by a layout (--layout)`
}

/** Returns the places of the record at a position in the input and of another with its key. */
async function placesOfKey(
  refused: number,
  { input, table, files, signal }: Pick<Session, 'input' | 'table' | 'files' | 'signal'>,
): Promise<string[]> {
  const window = windowOf(input, table)
  const own = files.filter(({ first, records }) => first <= refused && refused < first + records)
  let key: string | null = null
  for await (const { position, row } of readAgain(window, own, signal)) {
    if (position < refused) continue
    key = keyOf(row, table)
    break
  }
  const places: string[] = []
  for await (const { place, row } of readAgain(window, files, signal)) {
    if (keyOf(row, table) === key && places.push(place) === 2) break
  }
  return places
}
