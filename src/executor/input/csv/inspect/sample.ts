import { bytesOf, type Encoded } from '../bytes/open-bytes.js'
import type { Compression, Encoding } from '../../file-spec.js'
import type { FolderFile } from '../folder/list-files.js'
import { checkQuotes, emptyCsvRecords, fieldTexts, recordText } from '../syntax/csv-records.js'
import { cut } from '../syntax/cut.js'
import { emptyChunk, growChunk } from '../syntax/chunks.js'
import type { Syntax } from './guess-syntax.js'

/** The beginning of a file as UTF-8, up to the end of a line. */
export interface Sample {
  readonly file: FolderFile
  readonly compression: Compression | null
  readonly bytes: Buffer
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

/** Number of bytes of a file that are looked at first. */
export const sampleBytes = 64 * 1024
