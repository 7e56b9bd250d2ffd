import type { Compression, CsvFormat, FileEncoding } from '../../../file-spec.js'
import { take } from '../../bytes/byte-source.js'
import { newlinesIn } from '../../bytes/newlines.js'
import { openBytes } from '../../bytes/open-bytes.js'
import type { FolderFile } from '../../folder/list-files.js'
import { emptyChunk, growChunk } from '../../syntax/chunks.js'
import { type CsvRecords, type CsvSyntax, emptyCsvRecords, fieldTexts, recordText } from '../../syntax/csv-records.js'
import { cut } from '../../syntax/cut.js'

/** Delimiter, and use of quotes and backslashes. */
export type Syntax = Pick<CsvFormat, 'delimiter' | 'quote' | 'escape'>

/** A part of a file as UTF-8, which begins with a line. */
export interface Part {
  readonly file: FolderFile
  readonly bytes: Buffer
  /** Number of its first line, from 1. */
  readonly line: number
  /** Whether it reaches to the end of the file. */
  readonly whole: boolean
}

/** The beginning of a file. */
export interface Sample extends Part {
  readonly compression: Compression | null
}

/** A record of a sample. */
export interface SampleRecord {
  /** Number of its (first) line, from 1. */
  readonly line: number
  readonly fields: readonly string[]
  /** Text of the record as it stands. */
  readonly text: string
  /** What is wrong with its quotes; null for nothing. */
  readonly problem: string | null
}

/** The complete records of a part. */
export interface SampleCut {
  readonly records: readonly SampleRecord[]
  /** Whether they end at a record that has no end, such as at a quote that is never closed. */
  readonly broken: boolean
}

/** Number of bytes of a file that are looked at first. */
export const sampleBytes = 64 * 1024

/** Lines at the least, and bytes at the most, of a beginning whose lines are long. */
const minLines = 10
const maxSampleBytes = 16 * 1024 * 1024

/** Reads the beginning of a file. */
export async function sampleOf(
  file: FolderFile,
  compression: Compression | null,
  encoding: FileEncoding,
): Promise<Sample> {
  const source = await openBytes(file.path, { name: file.name, compression, encoding })
  try {
    let bytes = await take(source, sampleBytes)
    let whole = bytes.length < sampleBytes
    while (!whole && bytes.length < maxSampleBytes && newlinesIn(bytes) < minLines) {
      const more = await take(source, bytes.length)
      whole = more.length < bytes.length
      bytes = Buffer.concat([bytes, more])
    }
    return { file, compression, bytes, line: 1, whole }
  } finally {
    await source.close()
  }
}

/** Bytes after those of a chunk that may be written. */
const spareBytes = 64

/** Cuts a part of a file into its complete records. */
export function cutSample({ file, bytes, line, whole }: Part, syntax: Syntax, comment: string | null): SampleCut {
  const chunk = emptyChunk()
  growChunk(chunk, bytes.length + spareBytes, 0)
  bytes.copy(chunk.bytes)
  Object.assign(chunk, { name: file.name, filled: bytes.length, line })
  const records = emptyCsvRecords()
  const own: CsvSyntax = { ...syntax, comment, skipLines: 0, header: false }
  const found: SampleRecord[] = []
  // As a file is read: its end is known once all its lines are cut.
  for (const ended of whole ? [false, true] : [false]) {
    chunk.ended = ended
    cut(chunk, own, records)
    for (let k = 0; k < records.count; k++) found.push(recordAt(records, k))
  }
  return { records: found, broken: records.broken !== null }
}

function recordAt(records: CsvRecords, k: number): SampleRecord {
  return {
    line: records.lines[k]!,
    fields: fieldTexts(records, k),
    text: recordText(records, k),
    problem: records.problems.get(k) ?? null,
  }
}
