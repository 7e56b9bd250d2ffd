import { readRawCsv } from './csv-records.js'
import { FlightAnalysis } from './flight-analysis.js'
import type { InputFile } from './input.js'
import { type FlightFileRecipe, withRecipe } from './recipe.js'

/** One day's flights, read from its CSV file. */
export function flightFile(recipe: FlightFileRecipe): InputFile {
  const { name, path, records } = recipe
  const file: InputFile = {
    name,
    records,
    read() {
      const analysis = new FlightAnalysis(name)
      const options = { delimiter: ',', header: true, quoted: false, name }
      return readRawCsv(path, options, (lines, from, end, to) => analysis.analyse(lines, from, end, to))
    },
  }
  return withRecipe(file, recipe)
}
