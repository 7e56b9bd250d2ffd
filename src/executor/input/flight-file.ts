import { makeFlightAnalyse } from './flight-analysis.js'
import type { InputFile } from './input.js'
import { readLines } from './lines.js'
import { type FlightFileRecipe, withRecipe } from './recipe.js'

/** One day's flights, read from its CSV file. */
export function flightFile(recipe: FlightFileRecipe): InputFile {
  const { name, path, records } = recipe
  const file: InputFile = {
    name,
    records,
    read: () => readLines(path, { header: true, quoted: false, name }),
    analyse: () => makeFlightAnalyse(name),
  }
  return withRecipe(file, recipe)
}
