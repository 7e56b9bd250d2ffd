import type { FolderFile } from '../../folder/list-files.js'
import type { CsvRecords } from '../../syntax/csv-records.js'
import { type BackslashKind, backslashesIn } from './backslashes.js'
import { type Part, sampleBytes } from './sample.js'

const backslash = 92

/**
 * Parts of the files, further on than their beginnings, that hold what no earlier part does and by
 * which their syntax is decided: one part for each kind.
 */
export class LaterParts {
  readonly parts: Part[] = []
  private readonly seen = new Set<string>()

  /** `known` are the parts by which the syntax was decided. */
  constructor(
    private readonly delimiter: string,
    known: readonly Part[],
  ) {
    for (const { bytes } of known) for (const { kind } of this.backslashes(bytes)) this.seen.add(kind)
  }

  /** Adds the parts of backslashes of kinds that are new. */
  addBackslashes(file: FolderFile, records: CsvRecords): void {
    const { count, from, to, bytes } = records
    if (count === 0) return
    const first = from[0]!
    for (const { kind, at } of this.backslashes(bytes.subarray(first, to[count - 1]))) {
      let k = 0
      while (k + 1 < count && from[k + 1]! <= first + at) k++
      this.add(kind, file, records, k)
    }
  }

  /** Adds the part that begins with a record, unless there is one of its kind. */
  add(kind: BackslashKind | string, file: FolderFile, { bytes, from, to, lines, count }: CsvRecords, k: number): void {
    if (this.seen.has(kind)) return
    this.seen.add(kind)
    let last = k
    while (last + 1 < count && to[last + 1]! - from[k]! <= sampleBytes) last++
    this.parts.push({ file, bytes: Buffer.from(bytes.subarray(from[k], to[last])), line: lines[k]!, whole: true })
  }

  private backslashes(bytes: Buffer): ReturnType<typeof backslashesIn> {
    return bytes.includes(backslash) ? backslashesIn(bytes.toString('latin1'), this.delimiter) : []
  }
}
