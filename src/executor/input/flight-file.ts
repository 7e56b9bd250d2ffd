import type { Records } from '../records/records.js'
import { type CsvRecords, readCsv } from './csv-records.js'
import { FlightAnalysis } from './flight-analysis.js'
import type { InputFile, RawRecords } from './input.js'
import { type FlightFileRecipe, withRecipe } from './recipe.js'

/** One day's flights, read from its CSV file. */
export function flightFile(recipe: FlightFileRecipe): InputFile {
  const { name, path, records } = recipe
  const file: InputFile = {
    name,
    records,
    async *read() {
      const analysis = new FlightAnalysis(name)
      for await (const lines of readCsv(path, { delimiter: ',', header: true, quoted: false, name })) {
        yield new RawFlights(lines, analysis)
      }
    },
  }
  return withRecipe(file, recipe)
}

class RawFlights implements RawRecords {
  readonly count: number

  constructor(
    private readonly lines: CsvRecords,
    private readonly analysis: FlightAnalysis,
  ) {
    this.count = lines.count
  }

  line(position: number): number {
    return this.lines.line(position)
  }

  analyse(from: number, end: number, to: Records): void {
    this.analysis.analyse(this.lines, from, end, to)
  }
}
