import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { type AsyncBuffer, asyncBufferFromFile, type DecodedArray, parquetScan } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { makeFolder, unwritable } from '../../../writable.js'

/** One day's flights as a CSV file with a header. */
export interface WrittenDay {
  readonly name: string
  readonly records: number
  readonly bytes: number
}

/** The manifest, which is written last: a folder with a manifest holds complete files. */
interface Manifest {
  readonly format: number
  /** SHA-256 of the Parquet file that the day files were written from. */
  readonly source: string
  readonly files: readonly WrittenDay[]
}

export interface WriteDaysOptions {
  readonly folder: string
  readonly signal?: AbortSignal
  readonly onStep?: (message: string) => void
}

const format = 1
const manifestName = 'manifest.json'
const temporaryPrefix = '.writing-'
/** Age in milliseconds from which an unchanged temporary folder counts as left by a crashed run. */
const abandonedMs = 600_000
const header = 'date,delay,distance,origin,destination\n'

/**
 * Path of the 3,000,000 flights of 2001 (US Bureau of Transportation Statistics) in the package
 * `vega-datasets`.
 */
export function flightsSource(): string {
  return fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')))
}

/**
 * Returns the day files in the order of their days. Where the folder does not hold them, they are
 * first written to a temporary folder and moved file by file, the manifest last, so that a crash or
 * a second process leaves no partial files.
 */
export async function ensureDaysWritten(options: WriteDaysOptions): Promise<readonly WrittenDay[]> {
  const { folder } = options
  const source = await sha256(flightsSource())
  const manifest = await readManifest(folder, source)
  if (manifest !== null) return manifest.files
  options.onStep?.('writing the flights as one CSV file per day, once')
  makeFolder(folder)
  await removeAbandoned(folder)
  const temporary = join(folder, `${temporaryPrefix}${randomUUID()}`)
  makeFolder(temporary)
  try {
    const files = await writeDays(temporary, options)
    await written(join(temporary, manifestName), JSON.stringify({ format, source, files } satisfies Manifest, null, 1))
    for (const { name } of files) await rename(join(temporary, name), join(folder, name))
    await rename(join(temporary, manifestName), join(folder, manifestName))
    return files
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

async function written(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content, { flag: 'wx' }).catch((error: unknown) => {
    throw unwritable(path, error)
  })
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/**
 * Reads the manifest; null unless it is of this format and source and all its files have their
 * size.
 */
async function readManifest(folder: string, source: string): Promise<Manifest | null> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, manifestName), 'utf8')) as Manifest
    if (manifest.format !== format || manifest.source !== source) return null
    const sizes = await Promise.all(manifest.files.map(async ({ name }) => (await stat(join(folder, name))).size))
    return manifest.files.every(({ bytes }, k) => bytes === sizes[k]) ? manifest : null
  } catch {
    return null
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(temporaryPrefix)) continue
    const path = join(folder, name)
    const touched = await stat(path).catch(() => null)
    if (touched !== null && Date.now() - touched.mtimeMs > abandonedMs) await rm(path, { recursive: true, force: true })
  }
}

async function writeDays(folder: string, { signal, onStep }: WriteDaysOptions): Promise<WrittenDay[]> {
  const files: WrittenDay[] = []
  let day = ''
  let lines: string[] = []
  const finishDay = async (): Promise<void> => {
    if (lines.length === 0) return
    const name = `flights-${day}.csv`
    const bytes = Buffer.from(header + lines.join(''))
    await written(join(folder, name), bytes)
    files.push({ name, records: lines.length, bytes: bytes.length })
    lines = []
    if (files.length % 20 === 0) onStep?.(`writing the flights: ${files.length} days`)
  }
  const minuteTexts = new Map<number, string>()
  for await (const columns of rowGroups(await asyncBufferFromFile(flightsSource()))) {
    signal?.throwIfAborted()
    for (let r = 0; r < columns.date.length; r++) {
      const minute = columns.date[r]! / 60_000
      let text = minuteTexts.get(minute)
      if (text === undefined) {
        text = new Date(columns.date[r]!).toISOString().slice(0, 16).replace('T', ' ')
        if (!text.startsWith(day) || day === '') {
          await finishDay()
          day = text.slice(0, 10)
          minuteTexts.clear()
        }
        minuteTexts.set(minute, text)
      }
      lines.push(`${text},${columns.delay[r]},${columns.distance[r]},${columns.origin[r]},${columns.destination[r]}\n`)
    }
  }
  await finishDay()
  return files
}

type FlightColumns = Record<'date' | 'delay' | 'distance' | 'origin' | 'destination', DecodedArray>

/** Reads the Parquet file's columns one row group at a time, so that memory stays bounded. */
async function* rowGroups(file: AsyncBuffer): AsyncGenerator<FlightColumns> {
  const scan = await parquetScan({
    file,
    compressors,
    parsers: { timestampFromMicroseconds: (micros) => Number(micros / 1000n) },
  })
  for (const range of scan.ranges) {
    const column = (name: string): Promise<DecodedArray> => scan.readColumn({ column: name, ...range })
    yield {
      date: await column('date'),
      delay: await column('delay'),
      distance: await column('distance'),
      origin: await column('origin'),
      destination: await column('destination'),
    }
  }
}
