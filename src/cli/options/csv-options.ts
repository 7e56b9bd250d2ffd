import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CsvColumn, CsvOptions, JsonCsvOptions, OnBadRecord } from '../../entries/executor.js'
import { escapes, fileEncodings } from '../../executor/input/file-spec.js'
import { integer, words } from './options.js'

/** Flags of commands that read CSV files: the options of `csv`. */
export interface CsvFlags {
  readonly columns?: readonly CsvColumn[]
  readonly format?: Readonly<Record<string, string>>
  readonly primaryKey?: readonly string[]
  readonly analyse?: string
  readonly delimiter?: string
  readonly quote?: string | null
  readonly escape?: CsvOptions['escape']
  readonly header?: boolean
  readonly fileEncoding?: CsvOptions['encoding']
  readonly null?: readonly string[]
  readonly decimal?: CsvOptions['decimal']
  readonly thousands?: CsvOptions['thousands']
  readonly comment?: string | null
  readonly skipLines?: number
  readonly pattern?: string
  readonly onBadRecord?: OnBadRecord
}

/** Adds the options of `csv` to a command. */
export function addCsvOptions(command: Command): Command {
  return command
    .option(
      '--columns <list>',
      'of CSV files: id:int8,"price:numeric(10,2)",name:text not null; found out without',
      columns,
    )
    .option(
      '--format <name=format>',
      'of a column of CSV files: sold=DD.MM.YYYY or paid=ja/nein; more than once',
      formats,
    )
    .option('--primary-key <list>', 'of CSV files: column names', words)
    .option('--analyse <file>', 'a module whose default export turns the fields of a line into values')
    .option('--delimiter <character>', 'of fields: a character, or tab; found out without', character)
    .option('--quote <character>', 'around fields: a character, or none', characterOrNone)
    .addOption(new Option('--escape <use>', 'of quotes and backslashes').choices(escapes))
    .option('--header', 'the first line of each file names the columns; found out without')
    .option('--no-header', 'the first line of each file is a record')
    .addOption(new Option('--file-encoding <name>', 'of the files; found out without').choices(fileEncodings))
    .option('--null <spelling>', "of null in fields without quotes, such as '' or NULL; more than once", spellings)
    .addOption(new Option('--decimal <mark>', 'before the decimals of numbers').choices(['.', ',']))
    .option('--thousands <mark>', "between groups of three digits: . , ' or space; or none", thousands)
    .option('--comment <character>', 'at the beginning of lines that are left out, or none', characterOrNone)
    .option('--skip-lines <n>', 'lines before the header of each file', integer)
    .option('--pattern <names>', "which files of the folder, such as '*.csv.gz'")
    .addOption(new Option('--on-bad-record <what>', 'what a malformed line does').choices(['stop', 'skip']))
}

/** Returns the options of `csv` that flags state. */
export function csvOptionsOf(flags: CsvFlags): JsonCsvOptions {
  const { columns, format, primaryKey, analyse, delimiter, quote, header, decimal, thousands, comment } = flags
  return {
    columns,
    formats: format,
    primaryKey,
    analyse: analyse === undefined ? undefined : resolve(analyse),
    delimiter,
    quote,
    escape: flags.escape,
    header,
    encoding: flags.fileEncoding,
    null: flags.null,
    decimal,
    thousands,
    comment,
    skipLines: flags.skipLines,
    pattern: flags.pattern,
    onBadRecord: flags.onBadRecord,
  }
}

/** "id:int8,price:numeric(10,2),name:text not null" */
function columns(text: string): CsvColumn[] {
  return text.split(/,(?![^(]*\))/).map((item) => {
    const at = item.lastIndexOf(':')
    const name = item.slice(0, Math.max(0, at)).trim()
    const [, type, notNull] = /^\s*(.*?)(\s+not\s+null)?\s*$/i.exec(item.slice(at + 1))!
    if (name === '' || type === '')
      throw new InvalidArgumentError('Expected name:type pairs separated by commas, such as id:int8,name:text.')
    return { name, type: type as CsvColumn['type'], ...(notNull ? { notNull: true } : {}) }
  })
}

/** "sold=DD.MM.YYYY", with those given before */
function formats(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Expected a column and its format, such as sold=DD.MM.YYYY.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

function spellings(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

function character(text: string): string {
  return text === 'tab' || text === '\\t' ? '\t' : text
}

function characterOrNone(text: string): string | null {
  return text === 'none' ? null : character(text)
}

function thousands(text: string): CsvOptions['thousands'] {
  return (text === 'none' ? null : text === 'space' ? ' ' : text) as CsvOptions['thousands']
}
