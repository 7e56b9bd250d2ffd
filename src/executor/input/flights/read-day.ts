import { analysedBy, readCsv } from '../csv/syntax/read-csv.js'
import type { FlightFileSpec } from '../file-spec.js'
import type { InputFile } from '../input.js'
import { withSpec } from '../with-spec.js'
import { analyseDay } from './analyse-day.js'
import { daySyntax } from './flight-fields.js'

/** Reads one day's flights from its CSV file, whose name is like `flights-2001-01-01.csv`. */
export function dayFile(spec: FlightFileSpec): InputFile {
  const { name, path, records } = spec
  const file: InputFile = {
    name,
    records,
    read() {
      return analysedBy(readCsv(path, daySyntax, { name }), analyseDay(dayOf(name), name))
    },
  }
  return withSpec(file, spec)
}

function dayOf(fileName: string): string {
  const day = /^flights-(\d{4}-\d{2}-\d{2})\.csv$/.exec(fileName)?.[1]
  if (day === undefined) throw new TypeError(`Expected a file name like flights-2001-01-01.csv, got ${fileName}`)
  return day
}
