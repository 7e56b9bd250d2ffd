import type { Column } from '../../../../study/table/table.js'
import { BadRecords } from '../../bad-records.js'
import type { FileEncoding } from '../../file-spec.js'
import type { FilledTable, ReadingOptions } from '../../input.js'
import type { StatedCsv } from '../csv-options.js'
import { readingSteps } from '../folder/reading-steps.js'
import { kindsOf } from './columns/decide-columns.js'
import { ColumnEvidence } from './columns/evidence/column-evidence.js'
import { type FirstHeaders, firstHeaders, type RecordsRead } from './headers/decide-headers.js'
import { tableColumns } from './headers/table-columns.js'
import { readFields } from './read-fields.js'
import type { DecidedEncoding } from './syntax/decide-encoding.js'
import { type DecidedSyntax, decideSyntax } from './syntax/decide-syntax.js'
import { LaterParts } from './syntax/later-parts.js'
import type { Part, Sample } from './syntax/sample.js'

/** Files by whose beginnings their syntax is decided. */
const maxFiles = 20

/** The syntax of a folder's files, and what all their records hold by it. */
export interface FilesRead {
  readonly syntax: DecidedSyntax
  readonly before: FirstHeaders
  readonly read: RecordsRead
}

/**
 * Reads all records of the files by the syntax that their beginnings show; once more where later
 * parts show another one.
 */
export async function readFiles(
  encoded: DecidedEncoding,
  stated: StatedCsv,
  options: ReadingOptions,
): Promise<FilesRead> {
  const { samples } = encoded
  const first = beginnings(samples)
  const decide = (later: readonly Part[]): Pick<FilesRead, 'syntax' | 'before'> => {
    const syntax = decideSyntax([...first, ...later], stated)
    return { syntax, before: firstHeaders(samples, later, syntax, stated) }
  }
  let later: readonly Part[] = []
  for (let decided = decide(later); ; ) {
    const { parts, ...read } = await readBy(decided, encoded.encoding, [...first, ...later], stated, options)
    later = [...later, ...parts]
    const again = decide(later)
    if (parts.length === 0 || isSame(decided, again)) return { ...again, read }
    decided = again
  }
}

/** Returns the columns of the table to fill that the beginnings of the files show. */
export function columnsFilled({ samples }: DecidedEncoding, stated: StatedCsv, fills: FilledTable): readonly Column[] {
  const first = beginnings(samples)
  return tableColumns(samples, decideSyntax(first, stated), stated, fills)
}

function beginnings(samples: readonly Sample[]): readonly Sample[] {
  return samples.filter(({ bytes }) => bytes.length > 0).slice(0, maxFiles)
}

function isSame(a: Pick<FilesRead, 'syntax' | 'before'>, b: Pick<FilesRead, 'syntax' | 'before'>): boolean {
  const told = ({ syntax, before }: Pick<FilesRead, 'syntax' | 'before'>): string =>
    JSON.stringify([syntax.delimiter, syntax.quote, syntax.escape, before.columns])
  return told(a) === told(b)
}

async function readBy(
  { syntax, before }: Pick<FilesRead, 'syntax' | 'before'>,
  encoding: FileEncoding,
  known: readonly Part[],
  stated: StatedCsv,
  { signal, onStep }: ReadingOptions,
): Promise<RecordsRead & { readonly parts: readonly Part[] }> {
  const columns = stated.analyse === null ? stated.columns : null
  let file = ''
  const evidence = Array.from(
    { length: before.columns },
    (_, k) => new ColumnEvidence(() => file, columns?.[k] && kindsOf(columns[k].type)),
  )
  const badRecords = new BadRecords()
  const later = new LaterParts(syntax.delimiter, known)
  const files = before.files.map((own) => own.file)
  const step = readingSteps(files, 'reading the files to find out what they hold', onStep)
  const again = new Map<string, number[]>()
  const emptyLines: RecordsRead['emptyLines'][number][] = []
  let records = 0
  for (const own of before.files) {
    signal?.throwIfAborted()
    file = own.file.name
    const comment = stated.comment ?? null
    const lines: number[] = []
    again.set(file, lines)
    const onAgain = (line: number): number => lines.push(line)
    const onEmpty = (line: number): number => emptyLines.push({ file: own.file.name, line })
    const taking = { evidence, badRecords, later, onAgain, onEmpty }
    records += await readFields(own, { syntax, comment, encoding, ...taking, signal })
    step(own.file.bytes)
  }
  return { evidence, badRecords, records, again, emptyLines, parts: later.parts }
}
