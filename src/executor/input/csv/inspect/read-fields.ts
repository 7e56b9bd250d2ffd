import { BadRecordError } from '../../../errors.js'
import type { BadRecords } from '../../bad-records.js'
import type { FileEncoding } from '../../file-spec.js'
import {
  bare,
  type CsvRecords,
  type CsvSyntax,
  escapedNull,
  isSameText,
  recordLines,
  recordText,
} from '../syntax/csv-records.js'
import { readCsv } from '../syntax/read-csv.js'
import { wrongCount } from '../wrong-count.js'
import type { ColumnEvidence } from './columns/evidence/column-evidence.js'
import type { FileHeader } from './headers/decide-headers.js'
import type { LaterParts } from './syntax/later-parts.js'
import type { Syntax } from './syntax/sample.js'

/** What the fields of a file are read by, and what takes them in. */
export interface FieldReading {
  readonly syntax: Syntax
  readonly comment: string | null
  readonly encoding: FileEncoding
  readonly evidence: readonly ColumnEvidence[]
  readonly badRecords: BadRecords
  /** Parts of files that the decision on their syntax was not taken by, and should be. */
  readonly later: LaterParts
  /** Takes the line of a record that is the same as the first one, where that may be a header. */
  readonly onAgain: (line: number) => void
  /** Takes the line of an empty line between records of one column, which may be a null. */
  readonly onEmpty: (line: number) => void
  readonly signal: AbortSignal | undefined
}

/**
 * Gives every field of a file to the evidence of its column; returns the number of records. The
 * first record, and those that are the same, are left out where it is a header or may be one.
 */
export async function readFields(
  { file, compression, skipLines, header, targets, first }: FileHeader,
  { syntax, comment, encoding, evidence, badRecords, later, onAgain, onEmpty, signal }: FieldReading,
): Promise<number> {
  const leftOut = first === null || header === false ? null : { line: first.line, text: Buffer.from(first.text) }
  const own: CsvSyntax = { ...syntax, comment, skipLines, header: false }
  const columns = targets ?? evidence.map((_, k) => k)
  let count = 0
  let nextLine = Number.POSITIVE_INFINITY
  try {
    for await (const records of readCsv(file.path, own, { name: file.name, compression, encoding })) {
      signal?.throwIfAborted()
      later.addBackslashes(file, records)
      for (let k = 0; k < records.count; k++) {
        if (columns.length === 1 && comment === null) {
          const [line, last] = recordLines(records, k)
          for (; nextLine < line; nextLine++) onEmpty(nextLine)
          nextLine = last + 1
        }
        if (leftOut !== null && records.lines[k] === leftOut.line) continue
        count++
        if (leftOut !== null && isSameText(records, k, leftOut.text)) {
          onAgain(records.lines[k]!)
          continue
        }
        const reason =
          leftOut !== null && count === 1 && isRuled(records, k)
            ? 'a line of dashes under the header: take it out'
            : takeRecord(records, k, columns, evidence, syntax.delimiter)
        if (reason === afterLast) later.add(afterLast, file, records, k)
        if (reason !== null) badRecords.add(new BadRecordError(file.name, records.lines[k]!, reason))
      }
    }
  } catch (error) {
    // What follows in the file cannot be told apart; the other files can.
    if (!(error instanceof BadRecordError)) throw error
    badRecords.add(error)
  }
  return count
}

const dash = 45
/** Nothing but dashes, two of them at once, and delimiters. */
const ruled = /^(?=.*--)-[-+,;|\t ]*$/

const afterLast = 'there is a field after the last delimiter'

/** Takes a record's fields in; returns what is wrong with it, null for nothing. */
function takeRecord(
  records: CsvRecords,
  k: number,
  columns: readonly (number | null)[],
  evidence: readonly ColumnEvidence[],
  delimiter: string,
): string | null {
  const problem = records.problems.get(k)
  if (problem !== undefined) return problem
  const { bytes, ends, starts, forms, hasForms } = records
  const fields = records.fieldCounts[k]!
  if (fields !== columns.length) return wrongCount(recordText(records, k), fields, columns.length, delimiter).message
  const field = records.firstFields[k]!
  let next = records.fieldsFrom[k]!
  let wrong: string | null = null
  for (let c = 0; c < fields; c++) {
    const start = hasForms ? starts[field + c]! : next
    const end = ends[field + c]!
    const column = columns[c]
    const form = hasForms ? forms[field + c]! : bare
    if (column == null) {
      if (end > start) wrong = afterLast
    } else if (form === escapedNull) evidence[column]!.addNull()
    else evidence[column]!.add(bytes, start, end, form !== bare, records.lines[k]!)
    next = end + 1
  }
  return wrong
}

/** Whether a record is a line as sqlcmd writes it under a header: `--,----`. */
function isRuled(records: CsvRecords, k: number): boolean {
  return records.bytes[records.fieldsFrom[k]!] === dash && ruled.test(recordText(records, k))
}
