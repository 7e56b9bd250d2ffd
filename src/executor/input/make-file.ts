import { type AnalyseFields, csvFile } from './csv/csv-file.js'
import { dayFile } from './flights/read-day.js'
import type { InputFile } from './input.js'
import type { FileRecipe } from './recipe.js'
import { syntheticFile } from './synthetic/synthetic-file.js'

/**
 * Makes a file after its recipe; `compile` makes a function out of the source text of an `analyse`.
 */
export function makeFile(recipe: FileRecipe, compile: (source: string) => AnalyseFields): InputFile {
  switch (recipe.kind) {
    case 'csv':
      return csvFile(recipe, recipe.format.analyse === null ? null : compile(recipe.format.analyse))
    case 'flights':
      return dayFile(recipe)
    case 'synthetic':
      return syntheticFile(recipe)
    default:
      throw new TypeError(`Unknown recipe ${JSON.stringify(recipe satisfies never)}`)
  }
}
