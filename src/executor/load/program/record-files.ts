import { appendFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { checkedInteger } from '../../../check.js'
import type { Table } from '../../../study/table/table.js'
import { unwritable } from '../../../writable.js'
import { type Batch, type PlacedFile, readPlacedFiles, windowOf } from '../../input/batches.js'
import type { Input } from '../../input/input.js'
import type { Records } from '../../records/records.js'
import { csvHeader, csvWriter } from './csv-lines.js'

/** Records that are held and written together. */
const batchSize = 1_000
/**
 * Files that are written where the input has more, and fewer workers load: a program gets the paths
 * of all in its arguments and in one variable.
 */
const maxFiles = 1_000
/** Bytes of one variable that Linux hands on to a program, its name included. */
const maxVariable = 128 * 1024 - 1

/** The records that trials load, and the number of files that they are written to. */
export interface RecordsToWrite {
  readonly input: Input
  readonly table: Table
  /** The files that hold records of the window, in order. */
  readonly files: readonly PlacedFile[]
  /** Minimum number of files to write, such as the greatest number of workers. */
  readonly count: number
  readonly signal: AbortSignal
}

/** Consecutive records of one of the files that are written. */
interface Part {
  /** Number of the file, from 0. */
  readonly place: number
  readonly records: Records
  readonly from: number
  readonly to: number
}

/**
 * Writes the records that trials load as CSV files with a header of the filled columns into a
 * folder that exists, `records-001.csv` and so on, for this user alone; returns their absolute
 * paths in the input's order. Where the input has more than `count` files, up to 1,000, each file
 * written holds the records of one of them; otherwise `count` files, and 1,000 for an input of
 * more, hold equal numbers of records, up to one. Files without a record have the header alone.
 * Equal inputs give equal files. Throws an Error that names path and remedy for a file that cannot
 * be written or is there already, and for paths so long that no program can be given all of them;
 * files that were begun stay.
 */
export async function writeRecordFiles(folder: string, given: RecordsToWrite): Promise<string[]> {
  const { table, files, signal } = given
  const least = checkedInteger('count', given.count, { from: 1 })
  const number = Math.max(least, Math.min(files.length, maxFiles))
  const digits = Math.max(3, String(number).length)
  const paths = Array.from({ length: number }, (_, place) =>
    join(resolve(folder), `records-${String(place + 1).padStart(digits, '0')}.csv`),
  )
  checkLength(paths)
  const parts =
    number === files.length && number > least
      ? partsByFile(given)
      : equalParts(given, { total: await countRecords(given), count: number })
  const header = csvHeader(table)
  for (const path of paths) {
    signal.throwIfAborted()
    await written(path, writeFile(path, header, { flag: 'wx', mode: 0o600 }))
  }
  const csv = csvWriter(table)
  for await (const { place, records, from, to } of parts) {
    const path = paths[place]!
    await written(path, appendFile(path, csv(records, from, to)))
    signal.throwIfAborted()
  }
  return paths
}

/** Throws an Error for paths that do not fit into one variable of a program. */
function checkLength(paths: readonly string[]): void {
  const bytes = Buffer.byteLength(`COPYLAB_FILES=${JSON.stringify(paths)}`)
  if (process.platform !== 'linux' || bytes <= maxVariable) return
  throw new Error(
    `The paths of the ${paths.length} files of records take ${bytes} bytes in COPYLAB_FILES, and Linux gives a program at most ${maxVariable} in one variable: name a folder with a shorter path in TMPDIR, or vary fewer workers`,
  )
}

async function written(path: string, writing: Promise<void>): Promise<void> {
  try {
    await writing
  } catch (error) {
    throw unwritable(path, error)
  }
}

/** The records of each file of the input for a file of their own. */
async function* partsByFile(given: RecordsToWrite): AsyncGenerator<Part> {
  for (const [place, file] of given.files.entries()) {
    for await (const { records } of batchesOf(given, [file])) yield { place, records, from: 0, to: records.length }
  }
}

/** `total` records for `count` files: the first ones have one more where it does not divide. */
async function* equalParts(
  given: RecordsToWrite,
  { total, count }: { readonly total: number; readonly count: number },
): AsyncGenerator<Part> {
  const endOf = (place: number): number => Math.floor(total / count) * (place + 1) + Math.min(place + 1, total % count)
  let place = 0
  let position = 0
  for await (const { records } of batchesOf(given, given.files)) {
    for (let from = 0; from < records.length; ) {
      while (place < count - 1 && position >= endOf(place)) place++
      const to = place < count - 1 ? Math.min(records.length, from + endOf(place) - position) : records.length
      yield { place, records, from, to }
      position += to - from
      from = to
    }
  }
}

/**
 * Counts the records of the window: by the places of its files, and where bad ones are left out by
 * reading them.
 */
async function countRecords(given: RecordsToWrite): Promise<number> {
  const { input, files } = given
  if (input.onBadRecord === 'stop') {
    return files.reduce((sum, { first, records }) => sum + first + records - Math.max(first, input.offset), 0)
  }
  let count = 0
  for await (const { records } of batchesOf(given, files)) count += records.length
  return count
}

/** The batches of the window in some of its files; each is valid until the next is requested. */
async function* batchesOf(
  { input, table, signal }: RecordsToWrite,
  files: readonly PlacedFile[],
): AsyncGenerator<Pick<Batch, 'records'>> {
  for await (const { records, release } of readPlacedFiles(windowOf(input, table), files, { batchSize, signal })) {
    yield { records }
    release()
    // Synthetic input never yields to the event loop by itself.
    await setImmediate()
  }
}
