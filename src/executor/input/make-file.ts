import { type AnalyseFields, csvFile } from './csv/csv-file.js'
import type { FileSpec } from './file-spec.js'
import { dayFile } from './flights/read-day.js'
import type { InputFile } from './input.js'
import { syntheticFile } from './synthetic/synthetic-file.js'

/**
 * Makes a file from its specification; `compile` makes a function from the source text of an
 * `analyse`.
 */
export function makeFile(spec: FileSpec, compile: (source: string) => AnalyseFields): InputFile {
  switch (spec.kind) {
    case 'csv':
      return csvFile(spec, spec.format.analyse === null ? null : compile(spec.format.analyse))
    case 'flights':
      return dayFile(spec)
    case 'synthetic':
      return syntheticFile(spec)
    default:
      throw new TypeError(`Unknown file specification ${JSON.stringify(spec satisfies never)}`)
  }
}
