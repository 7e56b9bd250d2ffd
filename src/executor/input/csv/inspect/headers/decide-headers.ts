import { BadRecordError } from '../../../../errors.js'
import type { BadRecords } from '../../../bad-records.js'
import type { CsvFileSpec } from '../../../file-spec.js'
import type { StatedCsv } from '../../csv-options.js'
import type { FolderFile } from '../../folder/list-files.js'
import { headerAgain } from '../../syntax/csv-records.js'
import { wrongCount } from '../../wrong-count.js'
import type { ColumnEvidence } from '../columns/evidence/column-evidence.js'
import type { DecidedSyntax } from '../syntax/decide-syntax.js'
import { cutSample, type Part, type Sample, type SampleRecord } from '../syntax/sample.js'
import { type FirstLines, firstLinesOf, isNote } from './first-lines.js'
import { type FirstRecord, firstRecordIs, onlyRecordIs } from './first-record.js'
import { namesOf, otherNames, refuseRepeated, shown } from './header-errors.js'
import { inOrder, namedFields, sameFields } from './named-fields.js'

/** A file and what its first lines are; `header` is null where only its records can tell. */
export interface FileHeader extends Pick<CsvFileSpec, 'compression' | 'skipLines' | 'targets'> {
  readonly file: FolderFile
  readonly header: boolean | null
  /** The header or the first record; null for a file without any. */
  readonly first: SampleRecord | null
  /** Lines before it that are passed over, without empty ones. */
  readonly passed: FirstLines['passed']
}

/** The headers of all files, before their records are read. */
export interface FirstHeaders {
  readonly files: readonly FileHeader[]
  /** Number of columns. */
  readonly columns: number
  /** Names of the columns; null where only the records can tell whether there is a header. */
  readonly names: readonly string[] | null
  /** Whether the first lines are headers for no other reason than that several are the same. */
  readonly areRepeated: boolean
  readonly syntax: DecidedSyntax
}

/** The headers of all files. */
export interface DecidedHeaders {
  readonly files: readonly (Omit<FileHeader, 'header'> & { readonly header: boolean })[]
  readonly names: readonly string[]
  readonly header: boolean | 'some'
  /** First lines that turned out to be records. */
  readonly recordsTaken: number
  /** The field that shows that a first line is a header; null where it was told otherwise. */
  readonly by: (FirstRecord & { readonly state: 'header' })['by'] | null
  readonly open: readonly string[]
}

/**
 * Compares the first lines of the files with the stated columns, or with each other: files whose
 * first lines hold the same fields, in whatever order, have a header. Throws `InputError` for a
 * header that names other columns than it should.
 */
export function firstHeaders(
  samples: readonly Sample[],
  later: readonly Part[],
  syntax: DecidedSyntax,
  stated: StatedCsv,
): FirstHeaders {
  const looked = samples.map((sample) => {
    const { records } = cutSample(sample, syntax, stated.comment ?? null)
    return { sample, records, lines: linesOf(records, syntax, stated) }
  })
  const readable = looked.find(({ lines }) => lines.first !== null)
  const reference = readable?.lines.first ?? null
  const named = stated.analyse === null ? (stated.columns?.map(({ name }) => name) ?? null) : null
  const trailing = isTrailing(
    [
      ...looked.flatMap(({ records }) => records),
      ...later.flatMap((part) => cutSample(part, syntax, stated.comment ?? null).records),
    ],
    syntax,
    named?.length ?? null,
  )
  const columns = named?.length ?? syntax.fields - (trailing ? 1 : 0)
  const plain = trailing ? [...Array.from({ length: columns }, (_, k) => k), null] : null
  const alike = looked.filter(
    ({ lines }) => reference && lines.first && sameFields(lines.first.fields, reference.fields),
  ).length
  const areRepeated = named === null && stated.header === null && alike > 1
  const isNamed = named !== null || stated.header === true || areRepeated
  const names =
    stated.header === false
      ? null
      : (named ?? (isNamed && reference ? namesOf(reference, readable!.sample.file.name, columns) : null))
  const files = looked.map(({ sample: { file, compression }, lines }): FileHeader => {
    const common = { file, compression, skipLines: lines.skipLines, first: lines.first, passed: lines.passed }
    const { first } = lines
    if (first === null || stated.header === false)
      return { ...common, header: first === null ? stated.header === true : false, targets: plain }
    if (names === null) return { ...common, header: null, targets: plain }
    const own = namedFields(first.fields, names)
    const matched = names.length - own.missing.length
    if (own.missing.length === 0 && own.unknown.length === 0) {
      refuseRepeated(first, file.name)
      const targets = plain && own.targets.length === columns ? [...own.targets, null] : own.targets
      return { ...common, header: true, targets: inOrder(targets, columns) ? null : targets }
    }
    const isHeader = stated.header === true || matched > 1 || 2 * matched >= names.length
    if (isHeader) throw otherNames(file.name, first, names, own)
    return { ...common, header: null, targets: plain }
  })
  return { files, columns, names, areRepeated, syntax }
}

/** What the records of the files hold, without first lines that may be headers. */
export interface RecordsRead {
  readonly evidence: readonly ColumnEvidence[]
  readonly badRecords: BadRecords
  readonly records: number
  /** Lines that are the same as the first one of their file, and are in no evidence, by file. */
  readonly again: ReadonlyMap<string, readonly number[]>
  /** Empty lines between the records of files of one column. */
  readonly emptyLines: readonly { readonly file: string; readonly line: number }[]
}

/**
 * Decides on first lines of which only the records can tell, and takes those in that are records.
 * Throws `InputError` as `firstHeaders` does.
 */
export function decideHeaders(
  { files, columns, names: known, areRepeated, syntax }: FirstHeaders,
  { evidence, badRecords, records: others, again }: RecordsRead,
  stated: StatedCsv,
): DecidedHeaders {
  const open = new Set<string>()
  let names = known
  let by: DecidedHeaders['by'] = null
  let recordsTaken = 0
  const isAlone = others <= badRecords.count
  const decideOne = (own: FileHeader): boolean => {
    const { first, file, header, targets } = own
    if (first === null || header === false) return header ?? false
    const at = { file: file.name, line: first.line }
    const found = isAlone ? onlyRecordIs(first.fields) : firstRecordIs(first.fields, targets, evidence, at)
    const whose = `the first line of ${file.name}, ${shown(first.fields)},`
    const remedy = 'say `header: true` or `header: false` (--header, --no-header)'
    if (header === true) {
      if (areRepeated && found.state === 'record' && open.size === 0)
        open.add(`${whose} is that of other files too, as a header is, and a record by its values: ${remedy}`)
      return true
    }
    if (found.state === 'record') {
      recordsTaken++
      const expected = targets?.length ?? columns
      if (first.fields.length !== expected) {
        const { message } = wrongCount(first.text, first.fields.length, expected, syntax.delimiter)
        badRecords.add(new BadRecordError(file.name, first.line, message))
        return false
      }
      const times = 1 + (again.get(file.name)?.length ?? 0)
      for (let k = 0; k < times; k++) takeIn(first, targets, evidence, syntax.escape === 'backslash')
      const several = own.passed.find((record) => record.fields.length > 1 && !isNote(record))
      if (several)
        open.add(
          `the lines before the records of ${file.name}, such as ${shown(several.fields)}, have fewer fields and may be records: say \`skipLines: ${own.skipLines}\` (--skip-lines) where they are none`,
        )
      return false
    }
    if (found.state === 'open') {
      open.add(`${whose} may be a header or a record, since ${found.reason}: ${remedy}`)
      return true
    }
    if (names !== null) throw otherNames(file.name, first, names, namedFields(first.fields, names))
    by = found.by
    names = namesOf(first, file.name, columns)
    return true
  }
  const decided = files.map((own) => ({ ...own, header: decideOne(own) }))
  for (const { file, header } of decided) {
    if (!header) continue
    for (const line of again.get(file.name) ?? []) badRecords.add(new BadRecordError(file.name, line, headerAgain))
  }
  const withHeader = decided.filter(({ header }) => header).length
  const records = decided.filter(({ first }) => first !== null).length
  return {
    files: decided,
    names: names ?? Array.from({ length: columns }, (_, k) => `column${k + 1}`),
    header: withHeader === 0 ? false : withHeader < records ? 'some' : true,
    recordsTaken,
    by,
    open: stated.header === null ? [...open] : [],
  }
}

function linesOf(records: readonly SampleRecord[], { fields }: DecidedSyntax, { skipLines }: StatedCsv): FirstLines {
  if (skipLines === null) return firstLinesOf(records, fields)
  const first = records.find(({ line }) => line > skipLines) ?? null
  return { skipLines, passed: [], first }
}

/** Whether all records of the samples end with a delimiter and have one field more than columns. */
function isTrailing(
  records: readonly SampleRecord[],
  { fields: most }: DecidedSyntax,
  columns: number | null,
): boolean {
  if (most < 2 || (columns !== null && columns !== most - 1)) return false
  const alike = records.filter(({ fields }) => fields.length === most)
  return alike.length > 0 && alike.every(({ fields }) => fields.at(-1) === '')
}

function takeIn(
  { fields, line }: SampleRecord,
  targets: FileHeader['targets'],
  evidence: readonly ColumnEvidence[],
  escapesNull: boolean,
): void {
  for (const [k, field] of fields.entries()) {
    const target = targets === null ? k : targets[k]
    if (target == null) continue
    const bytes = Buffer.from(field)
    if (escapesNull && field === '\\N') evidence[target]?.addNull()
    else evidence[target]?.add(bytes, 0, bytes.length, false, line)
  }
}
