import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '../../project.js'
import { csv } from './csv/csv.js'
import type { AnalyseFields } from './csv/csv-file.js'
import type { CsvOptions } from './csv/csv-options.js'
import { flights, flightsData } from './flights/flights.js'
import { type Input, type InputToInspect, inspected } from './input.js'
import { synthetic } from './synthetic/synthetic.js'

/** What names an input: a word, or the path of a CSV file or of a folder of them. */
export type InputName = 'flights' | 'synthetic' | (string & {})

/** What `csv` may be told of files, as JSON holds it. */
export interface JsonCsvOptions extends Omit<CsvOptions, 'analyse' | 'pattern' | 'limit' | 'name'> {
  /**
   * Path of a module, seen from the project, whose default export turns the fields of a record into
   * values.
   * @default each field is read as the type of its column
   */
  readonly analyse?: string
  /**
   * Name of the input in tables and messages.
   * @default that of the file or folder
   */
  readonly name?: string
  /**
   * Names of the folder's files to read, such as `'*.csv.gz'`.
   * @default names that end in .csv, .tsv, .tab or .txt, also followed by .gz or .zst
   */
  readonly pattern?: string
}

/** Options of an input that is given by its name, as JSON holds them. */
export interface NamedInputOptions extends JsonCsvOptions {
  /**
   * Maximum number of records to load; 0 for all that there are.
   * @default 717_000 flights, 100_000 synthetic records, all records of files
   */
  readonly records?: number
}

/** Whether a name is a path: that of one's own files. */
export function namesFiles(name: InputName): boolean {
  return name !== 'flights' && name !== 'synthetic'
}

/**
 * The input that a word names, `flights` or `synthetic`, or the CSV files at a path, seen from the
 * project's folder.
 *
 * @throws `TypeError` or `RangeError` for invalid options, and for those of files with an input
 *   that has none.
 * @example
 * const input = await inspected(inputNamed('my-data', { records: 100_000, decimal: ',' }))
 */
export function inputNamed(name: InputName, options: NamedInputOptions = {}): Input | InputToInspect {
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`Expected \`input\` to be flights, synthetic or a path, got ${JSON.stringify(name)}`)
  const { records, ...stated } = options
  if (namesFiles(name)) return filesNamed(resolve(projectRoot, name), stated, records === 0 ? undefined : records)
  const { offset, onBadRecord, ...ofFiles } = stated
  const strange = name === 'synthetic' ? { ...ofFiles, onBadRecord } : ofFiles
  const [option] = Object.entries(strange).find(([, value]) => value !== undefined) ?? []
  if (option !== undefined) throw new TypeError(`Expected \`${option}\` with CSV files as \`input\`, got ${name}`)
  if (name === 'synthetic') return synthetic({ records, offset })
  return flights({ records: records === 0 ? flightsData.records - (offset ?? 0) : records, offset, onBadRecord })
}

function filesNamed(path: string, { analyse, ...stated }: JsonCsvOptions, limit: number | undefined): InputToInspect {
  const { name = basename(path) } = stated
  const options = { ...stated, name, limit }
  if (analyse === undefined) return csv(path, options)
  return {
    name,
    inspect: async (reading) =>
      inspected(csv(path, { ...options, analyse: await analyseIn(resolve(projectRoot, analyse)) }), reading),
  }
}

/** The default export of a module, a function. Throws `TypeError` for any other. */
export async function analyseIn(file: string): Promise<AnalyseFields> {
  const { default: analyse } = (await import(pathToFileURL(file).href)) as { readonly default?: unknown }
  if (typeof analyse === 'function') return analyse as AnalyseFields
  throw new TypeError(
    `Expected ${file} to export a function by default: export default (fields) => [Number(fields[0]), fields[1]]`,
  )
}
