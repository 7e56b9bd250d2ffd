import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pLimit from 'p-limit'
import { dataFolder } from '../../../../project.js'
import type { FileContent } from '../../../../study/context.js'
import { makeFolder, writeWhole } from '../../../../writable.js'
import type { ReadingOptions } from '../../input.js'
import { fileStamp, unchangedStats } from './file-stamp.js'
import type { FolderFile } from './list-files.js'
import { readingSteps } from './reading-steps.js'

/** Number of files that are read at a time. */
const parallelFiles = 8
/** Number of bytes read at a time. */
const chunkBytes = 1024 * 1024
/**
 * Age in milliseconds from which a change would have another time: file systems count time in steps
 * of up to two seconds (FAT).
 */
const settledMs = 2_000

/** Options of `fileContents`. */
export interface ContentOptions extends ReadingOptions {
  /**
   * Folder in which digests are kept.
   * @default `data/digests` of the project
   */
  readonly digests?: string
}

/** A file, and what the file system says of it. */
interface CurrentFile {
  readonly file: FolderFile
  readonly identity: string
  /** Whether a later change of the file would be seen. */
  readonly settled: boolean
}

/** Digest of a file, and what the file system said of the file when it was read. */
interface KeptDigest {
  readonly name: string
  readonly identity: string
  readonly sha256: string
}

/**
 * Returns the contents of files of one folder. Each file is read whole, and once: its digest is
 * kept until its size, times or inode are others. Where digests cannot be kept, each call reads the
 * files again. Throws `InputError` for a file that has changed since it was listed.
 */
export async function fileContents(
  files: readonly FolderFile[],
  options: ContentOptions = {},
): Promise<readonly FileContent[]> {
  const place = placeOf(files, options.digests ?? join(dataFolder, 'digests'))
  const kept = keptAt(place)
  const current = files.map(currentFile)
  const unread = current.filter(({ file, identity }) => kept.get(file.name)?.identity !== identity)
  const read = await readAll(unread, options)
  const lasting = unread.flatMap(({ file: { name }, identity, settled }, k) =>
    settled ? [{ name, identity, sha256: read[k]! }] : [],
  )
  if (lasting.length > 0) keep(place, [...kept.values(), ...lasting])
  const now = new Map(unread.map(({ file }, k) => [file.name, read[k]!]))
  return files.map(({ name, bytes }) => ({ name, bytes, sha256: now.get(name) ?? kept.get(name)!.sha256 }))
}

function currentFile(file: FolderFile): CurrentFile {
  const stats = unchangedStats(file)
  const settled = Date.now() - Number(stats.ctimeMs) > settledMs
  return { file, identity: `${fileStamp(stats)} ${stats.ino}`, settled }
}

/** Returns the digests of files, which are read side by side; the first error ends all reading. */
async function readAll(files: readonly CurrentFile[], { signal, onStep }: ReadingOptions): Promise<readonly string[]> {
  const failure = new AbortController()
  const ended = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal
  const onBytes = readingSteps(
    files.map(({ file }) => file),
    'reading the files for their digests',
    onStep,
  )
  const limit = pLimit(parallelFiles)
  const reading = files.map(({ file }) =>
    limit(async () => {
      try {
        return await digestOf(file, ended, onBytes)
      } catch (error) {
        failure.abort(error)
        throw error
      }
    }),
  )
  const settled = await Promise.allSettled(reading)
  ended.throwIfAborted()
  return settled.map((one) => (one as PromiseFulfilledResult<string>).value)
}

async function digestOf(file: FolderFile, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<string> {
  signal.throwIfAborted()
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file.path, { highWaterMark: chunkBytes })) {
    signal.throwIfAborted()
    hash.update(chunk as Buffer)
    onBytes((chunk as Buffer).length)
  }
  unchangedStats(file)
  return hash.digest('hex')
}

/** Path of the kept digests of the files' folder. */
function placeOf([first]: readonly FolderFile[], digests: string): string {
  const folder = dirname(first?.path ?? '')
  return join(digests, `${createHash('sha256').update(folder).digest('hex').slice(0, 32)}.json`)
}

/** Returns the digests kept at a place, by file; none where they cannot be read. */
function keptAt(place: string): ReadonlyMap<string, KeptDigest> {
  try {
    const kept = JSON.parse(readFileSync(place, 'utf8')) as readonly KeptDigest[]
    return new Map(kept.filter(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256)).map((one) => [one.name, one]))
  } catch {
    return new Map()
  }
}

/** Keeps digests; of several for one file the last one. */
function keep(place: string, digests: readonly KeptDigest[]): void {
  const last = new Map(digests.map((one) => [one.name, one]))
  try {
    makeFolder(dirname(place))
    writeWhole(place, JSON.stringify([...last.values()]))
  } catch {
    // The files are read again by the next call.
  }
}
