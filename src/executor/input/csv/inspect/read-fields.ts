import { BadRecordError } from '../../../errors.js'
import type { Encoding } from '../../file-spec.js'
import { bare, type CsvRecords, type CsvSyntax, escapedNull } from '../syntax/csv-records.js'
import { readCsv } from '../syntax/read-csv.js'
import type { FileHeader } from './decide-headers.js'
import type { ColumnEvidence } from './evidence/column-evidence.js'
import { placeOf } from './evidence/place.js'
import type { Misfits } from './misfits.js'
import type { Syntax } from './sample.js'
import { placeText } from './words.js'

/** What the fields of a file are read by, and what takes them in. */
export interface FieldReading {
  readonly syntax: Syntax
  readonly comment: string | null
  readonly encoding: Encoding
  readonly evidence: readonly ColumnEvidence[]
  readonly misfits: Misfits
  readonly signal: AbortSignal | undefined
}

/**
 * Gives every field of a file to the evidence of its column; returns the number of records. The
 * first record is left out where it is a header or may be one.
 */
export async function readFields(
  { file, compression, skipLines, header, targets, first }: FileHeader,
  { syntax, comment, encoding, evidence, misfits, signal }: FieldReading,
): Promise<number> {
  const isFirstLeftOut = first !== null && header !== false
  const own: CsvSyntax = { ...syntax, comment, skipLines, header: false }
  const columns = targets ?? evidence.map((_, k) => k)
  let count = 0
  try {
    for await (const records of readCsv(file.path, own, { name: file.name, compression, encoding })) {
      signal?.throwIfAborted()
      for (let k = 0; k < records.count; k++) {
        if (isFirstLeftOut && records.lines[k] === first.line) continue
        count++
        takeRecord(records, k, columns, evidence, (kind, text) =>
          misfits.add(kind, placeText(placeOf(file.name, records.lines[k]!, text))),
        )
      }
    }
  } catch (error) {
    // What follows in the file cannot be told apart; the other files can.
    if (!(error instanceof BadRecordError)) throw error
    misfits.add(error.reason, `${error.file}:${error.line}`)
  }
  return count
}

function takeRecord(
  records: CsvRecords,
  k: number,
  columns: readonly (number | null)[],
  evidence: readonly ColumnEvidence[],
  misfit: (kind: string, text: string) => void,
): void {
  const { bytes, ends, forms, hasForms } = records
  const problem = records.problems.get(k)
  const shown = (): string => bytes.toString('utf8', records.from[k], records.to[k])
  if (problem !== undefined) {
    misfit(problem, shown())
    return
  }
  const fields = records.fieldCounts[k]!
  if (fields !== columns.length) {
    misfit(`${fields} fields instead of ${columns.length}`, shown())
    return
  }
  const field = records.firstFields[k]!
  let start = records.fieldsFrom[k]!
  for (let c = 0; c < fields; c++) {
    const end = ends[field + c]!
    const column = columns[c]
    const form = hasForms ? forms[field + c]! : bare
    if (column == null) {
      if (end > start) misfit('a field behind the last delimiter', bytes.toString('utf8', start, end))
    } else if (form === escapedNull) evidence[column]!.addNull()
    else evidence[column]!.add(bytes, start, end, form !== bare, records.lines[k]!)
    start = end + 1
  }
}
