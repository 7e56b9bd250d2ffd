import type { Table } from '../../study/table/table.js'
import { InputError } from '../errors.js'
import type { PlacedFile } from '../input/batches.js'
import { HashList } from '../input/hash-list.js'
import { keyOf } from '../input/key-of.js'
import { readAgain } from '../input/read-again.js'
import type { Records } from '../records/records.js'
import { makeRecordHash } from './record-hash.js'

/** Maximum number of repeated keys that are named. */
const maxNamed = 3

/** Hashes of the primary keys of all records. */
export interface KeyHashes {
  /** Adds the key of the record at a position. */
  add(records: Records, position: number): void
  /** Hashes that occur more than once: those of equal keys, and of few different ones. */
  repeated(): ReadonlySet<number>
}

/**
 * Collects the hashes of the table's keys, 53 bits of each; of more keys than are kept the server
 * tells.
 */
export function collectKeys(table: Table): KeyHashes {
  const hashOf = keyHash(table)
  const hashes = new HashList()
  return {
    add: (records, position) => hashes.add(hashOf(records, position)),
    repeated: () => hashes.repeated(),
  }
}

/**
 * Returns the error that names keys that several records have, with their places, by reading the
 * records again whose keys have one of the hashes; null where all these keys differ.
 */
export async function repeatedKeys(
  { table, offset }: { readonly table: Table; readonly offset: number },
  files: readonly PlacedFile[],
  hashes: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<InputError | null> {
  const hashOf = keyHash(table)
  const first = new Map<string, string>()
  const named = new Map<string, string>()
  let count = 0
  for await (const { place, row, records } of readAgain({ table, offset }, files, signal)) {
    if (!hashes.has(hashOf(records, 0))) continue
    const key = keyOf(row, table)
    const before = first.get(key)
    if (before === undefined) first.set(key, place)
    else {
      count++
      if (named.size < maxNamed && !named.has(key)) named.set(key, `${before} and ${place} have ${key.slice(0, 60)}`)
    }
  }
  if (count === 0) return null
  const columns = table.primaryKey.map((name) => `\`${name}\``).join(', ')
  const records = count === 1 ? '1 record has' : `${count} records have`
  return new InputError(
    `${records} a primary key (${columns}) that another has: ${[...named.values()].join('; ')}: correct the records, or state another \`primaryKey\` (--primary-key)`,
  )
}

/** A hash, 53 bits, of a record's key. */
function keyHash({ columns, primaryKey }: Table): (records: Records, position: number) => number {
  const places = primaryKey.map((name) => columns.findIndex((column) => column.name === name))
  const hashOf = makeRecordHash({ columns: places.map((place) => columns[place]!), primaryKey })
  const key = { columns: [] as Records['columns'][number][] }
  return (records, position) => {
    for (let k = 0; k < places.length; k++) key.columns[k] = records.columns[places[k]!]!
    const { high, low } = hashOf(key, position)
    return (high >>> 0) * 0x20_0000 + (low >>> 11)
  }
}
