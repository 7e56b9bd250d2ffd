import type { Records } from '../../../records/records.js'
import type { RawRecords } from '../../input.js'
import { type Chunk, type ChunkOptions, chunks, emptyChunk } from './chunks.js'
import { type CsvRecords, type CsvSyntax, emptyCsvRecords, recordLines } from './csv-records.js'
import { cut } from './cut.js'

/**
 * Maximum size in bytes of memory that is used again for another file: long records make it larger.
 */
const maxSpareBytes = 1024 * 1024

/** Memory of closed files, used again for the next ones: a load opens hundreds. */
const spare: { readonly chunk: Chunk; readonly records: CsvRecords }[] = []

/**
 * Reads a text file and cuts it into records and fields, as `cut` says. Memory is constant: all
 * results are one object with changing content. The file is closed when the consumer stops early.
 * Throws what `cut` and `chunks` throw, and `BadRecordError` for a header whose quotes are wrong;
 * for quotes that leave open where the next record begins, after the records before them.
 */
export async function* readCsv(path: string, syntax: CsvSyntax, options: ChunkOptions): AsyncGenerator<CsvRecords> {
  const memory = spare.pop() ?? { chunk: emptyChunk(), records: emptyCsvRecords() }
  const { records } = memory
  records.linesAhead = syntax.skipLines
  records.headerAhead = syntax.header
  records.header = null
  records.endedAt = 0
  records.broken = null
  try {
    for await (const chunk of chunks(path, memory.chunk, options)) {
      cut(chunk, syntax, records)
      if (records.count > 0) yield records
      if (records.broken) throw records.broken
    }
  } finally {
    if (memory.chunk.bytes.length <= maxSpareBytes) spare.push(memory)
  }
}

/** Adds the typed records of positions `from` up to but without `end` to `to`: see `RawRecords`. */
export type AnalyseCsv = (records: CsvRecords, from: number, end: number, to: Records) => void

/** Adds the analyse step, which makes typed records, to the records of a CSV file. */
export async function* analysedBy(read: AsyncIterable<CsvRecords>, analyse: AnalyseCsv): AsyncGenerator<RawRecords> {
  for await (const records of read) {
    yield {
      count: records.count,
      lines: (position) => recordLines(records, position),
      analyse: (from, end, to) => analyse(records, from, end, to),
    }
  }
}
