import type { Table } from '../../study/table.js'
import { InputError } from '../errors.js'
import type { InputFile } from './input.js'

/** How the lines of CSV files are read. */
export interface CsvFormat {
  readonly table: Table
  readonly delimiter: string
  readonly header: boolean
  /** The source text of a function `AnalyseFields`; null when the columns' types say how. */
  readonly analyse: string | null
}

export interface CsvFileRecipe {
  readonly kind: 'csv'
  readonly name: string
  readonly path: string
  readonly format: CsvFormat
}

export interface FlightFileRecipe {
  readonly kind: 'flights'
  readonly name: string
  readonly path: string
  readonly records: number
}

export interface SyntheticFileRecipe {
  readonly kind: 'synthetic'
  readonly name: string
  /** The number of the first record, and how many follow it. */
  readonly first: number
  readonly records: number
  /** Bytes of each text column. */
  readonly widths: readonly number[]
  readonly seed: number
}

/** All that is needed to read a file in another thread: plain data. Holds absolute paths, so it is never stored or shown. */
export type FileRecipe = CsvFileRecipe | FlightFileRecipe | SyntheticFileRecipe

/**
 * The file with its recipe, which goes with this very object: it is not enumerable, so that a copy (`{ ...file, analyse }`), whose functions may be
 * others, has none. It is frozen for the same reason.
 */
export function withRecipe(file: InputFile, recipe: FileRecipe): InputFile {
  return Object.freeze(Object.defineProperty(file, 'recipe', { value: recipe, enumerable: false }))
}

/** The file's recipe. Throws `InputError` for a file that has none. */
export function recipeOf(file: InputFile): FileRecipe {
  if (file.recipe && Object.hasOwn(file, 'recipe')) return file.recipe
  throw new InputError(
    `The file ${file.name} cannot be read on a worker thread, since functions of its own read it: take \`client: 'event-loop'\`, or an input made by flights(), csv() or synthetic() as it is`,
  )
}
