import { rawRecords } from '../csv/piece.js'
import type { InputFile } from '../input.js'
import type { FlightFileRecipe } from '../recipe.js'
import { withRecipe } from '../with-recipe.js'
import { FlightAnalysis } from './flight-analysis.js'
import { readFlightLines } from './flight-lines.js'

/** Reads one day's flights from its CSV file, whose name is like `flights-2001-01-01.csv`. */
export function dayFile(recipe: FlightFileRecipe): InputFile {
  const { name, path, records } = recipe
  const file: InputFile = {
    name,
    records,
    read() {
      const day = dayOf(name)
      const analysis = new FlightAnalysis(day, name)
      return rawRecords(readFlightLines(path, day, name), (lines, from, end, to) =>
        analysis.analyse(lines, from, end, to),
      )
    },
  }
  return withRecipe(file, recipe)
}

function dayOf(fileName: string): string {
  const day = /^flights-(\d{4}-\d{2}-\d{2})\.csv$/.exec(fileName)?.[1]
  if (day === undefined) throw new TypeError(`Expected a file name like flights-2001-01-01.csv, got ${fileName}`)
  return day
}
