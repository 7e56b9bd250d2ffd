import { listed } from '../../../../../names.js'
import { InputError } from '../../../../errors.js'
import type { CsvFileSpec } from '../../../file-spec.js'
import type { StatedCsv } from '../../csv-options.js'
import type { FolderFile } from '../../folder/list-files.js'
import type { ColumnEvidence } from '../columns/evidence/column-evidence.js'
import type { DecidedSyntax } from '../syntax/decide-syntax.js'
import { cutSample, type Part, type Sample, type SampleRecord } from '../syntax/sample.js'
import { type FirstLines, firstLinesOf } from './first-lines.js'
import { type FirstRecord, firstRecordIs } from './first-record.js'
import { columnNames, inOrder, namedFields, repeatedNames, sameFields } from './named-fields.js'

/** A file and what its first lines are; `header` is null where only its records can tell. */
export interface FileHeader extends Pick<CsvFileSpec, 'compression' | 'skipLines' | 'targets'> {
  readonly file: FolderFile
  readonly header: boolean | null
  /** The header or the first record; null for a file without any. */
  readonly first: SampleRecord | null
  /** Lines before it that are passed over, without empty ones. */
  readonly passed: readonly string[]
}

/** The headers of all files, before their records are read. */
export interface FirstHeaders {
  readonly files: readonly FileHeader[]
  /** Number of columns. */
  readonly columns: number
  /** Names of the columns; null where only the records can tell whether there is a header. */
  readonly names: readonly string[] | null
  /** Whether a field `\N` is null. */
  readonly escapesNull: boolean
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
    const records = cutSample(sample, syntax, stated.comment ?? null)
    return { sample, records, lines: linesOf(records, syntax, stated) }
  })
  const readable = looked.find(({ lines }) => lines.first !== null)
  const reference = readable?.lines.first ?? null
  const named = stated.analyse === null ? (stated.columns?.map(({ name }) => name) ?? null) : null
  const trailing = isTrailing(
    [
      ...looked.flatMap(({ records }) => records),
      ...later.flatMap((part) => cutSample(part, syntax, stated.comment ?? null)),
    ],
    syntax,
    named?.length ?? null,
  )
  const columns = named?.length ?? syntax.fields - (trailing ? 1 : 0)
  const plain = trailing ? [...Array.from({ length: columns }, (_, k) => k), null] : null
  const alike = looked.filter(
    ({ lines }) => reference && lines.first && sameFields(lines.first.fields, reference.fields),
  ).length
  const isNamed = named !== null || stated.header === true || (stated.header === null && alike > 1)
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
      return { ...common, header: true, targets: inOrder(own.targets, columns) ? null : own.targets }
    }
    const isHeader = stated.header === true || matched > 1 || 2 * matched >= names.length
    if (isHeader) throw otherNames(file.name, first, names, own)
    return { ...common, header: null, targets: plain }
  })
  return { files, columns, names, escapesNull: syntax.escape === 'backslash' }
}

/**
 * Decides on first lines of which only the records can tell, and takes those in that are records.
 */
export function decideHeaders(
  { files, columns, names: known, escapesNull }: FirstHeaders,
  evidence: readonly ColumnEvidence[],
  stated: StatedCsv,
): DecidedHeaders {
  const open: string[] = []
  let names = known
  let by: DecidedHeaders['by'] = null
  let recordsTaken = 0
  const decided = files.map((own) => {
    const { first, file, header } = own
    if (header !== null || first === null) return { ...own, header: header ?? false }
    const found = firstRecordIs(first.fields, own.targets, evidence, { file: file.name, line: first.line })
    if (found.state === 'record') {
      recordsTaken++
      takeIn(first, own.targets, evidence, escapesNull)
      return { ...own, header: false }
    }
    if (found.state === 'open') {
      open.push(
        `the first line of ${file.name}, ${shown(first.fields)}, may be a header or a record, since ${found.reason}: say \`header: true\` or \`header: false\` (--header, --no-header)`,
      )
      return { ...own, header: true }
    }
    if (names !== null) throw otherNames(file.name, first, names, namedFields(first.fields, names))
    by = found.by
    names = namesOf(first, file.name, columns)
    return { ...own, header: true }
  })
  const withHeader = decided.filter(({ header }) => header).length
  const records = decided.filter(({ first }) => first !== null).length
  return {
    files: decided,
    names: names ?? Array.from({ length: columns }, (_, k) => `column${k + 1}`),
    header: withHeader === 0 ? false : withHeader < records ? 'some' : true,
    recordsTaken,
    by,
    open: stated.header === null ? open : [],
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

function namesOf({ fields, line }: SampleRecord, file: string, columns: number): readonly string[] {
  refuseRepeated({ fields, line }, file)
  return columnNames(fields.slice(0, columns))
}

function refuseRepeated({ fields, line }: Pick<SampleRecord, 'fields' | 'line'>, file: string): void {
  const [twice] = repeatedNames(fields)
  if (twice === undefined) return
  throw new InputError(
    `${file}:${line}: two columns are called ${JSON.stringify(twice.trim())}: give them different names in the file, or say \`header: false\` and \`skipLines: ${line}\` with \`columns\` of your own`,
  )
}

function otherNames(
  file: string,
  { fields, line }: SampleRecord,
  names: readonly string[],
  { missing, unknown }: { readonly missing: readonly string[]; readonly unknown: readonly string[] },
): InputError {
  const lacks = missing.length === 0 ? '' : `, lacks ${listed(missing.map((name) => `\`${name}\``))}`
  const more =
    unknown.length === 0
      ? ''
      : `, has ${listed(unknown.map((name) => JSON.stringify(name)))}, which no column is called`
  return new InputError(
    `${file}:${line}: the first line, ${shown(fields)}, is not the header of the columns ${names.join(', ')}${lacks}${more}: name the columns as the files do; or say \`header: false\` (--no-header) where it is a record, and \`skipLines: ${line}\` with it (--skip-lines) to name them by their places`,
  )
}

/** The beginning of a line as it is shown. */
function shown(fields: readonly string[]): string {
  const text = JSON.stringify(fields.join(' '))
  return text.length > 80 ? `${text.slice(0, 80)}…"` : text
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
