import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { csv, flights, type Input, inspected } from 'copylab/executor'
import { writeRecordFiles } from '#copylab/executor/load/program/record-files.js'
import { survey } from '#copylab/executor/verify/survey.js'
import type { BenchOptions } from '../part.js'
import { flightsFolder } from '../places.js'
import { withFolder } from './folder.js'
import { clean, inputOf, writeSpelling } from './spellings.js'

/** What a table and its records are like. */
export interface Shape {
  readonly name: 'narrow' | 'typed' | 'wide'
  /** In words. */
  readonly title: string
  /** Records that are loaded where the bench is asked for `records` of them. */
  readonly recordsOf: (records: number) => number
  /** Writes CSV files into a folder that exists, and returns them as an input. */
  readonly write: (folder: string, options: WriteOptions) => Promise<Input>
}

type WriteOptions = Pick<BenchOptions, 'records' | 'signal' | 'progress'>

/** A shape with its files. */
export interface WrittenShape extends Pick<Shape, 'name' | 'title'> {
  readonly records: number
  readonly folder: string
  readonly input: Input
}

/** Shapes of tables that loaders are compared with. */
export const shapes: readonly Shape[] = [
  {
    name: 'narrow',
    title: 'five narrow columns without a key',
    recordsOf: (records) => records,
    async write(folder, options) {
      await writeSpelling(folder, clean, options)
      return inputOf({ ...clean, folder })
    },
  },
  {
    name: 'typed',
    title: 'twelve typed columns with a primary key',
    recordsOf: (records) => records,
    write: writeFlights,
  },
  {
    name: 'wide',
    title: 'six texts of some hundred characters with a primary key',
    recordsOf: (records) => Math.ceil(records / 4),
    write: writeTexts,
  },
]

/** Writes the files of a shape, calls `task`, and removes them. */
export function withShape<T>(
  { name, title, recordsOf, write }: Shape,
  options: WriteOptions,
  task: (shape: WrittenShape) => Promise<T>,
): Promise<T> {
  return withFolder(name, async (root) => {
    const folder = join(root, 'csv')
    mkdirSync(folder)
    options.progress(`${name}: writing its files`)
    const records = recordsOf(options.records)
    const input = await write(folder, { ...options, records })
    return task({ name, title, records, folder, input })
  })
}

/** Analysed flights, one file a day. */
async function writeFlights(folder: string, { records, signal, progress }: WriteOptions): Promise<Input> {
  const analysed = flights({ records })
  const files = await analysed.files({ signal, onStep: progress })
  const { fits } = analysed
  const { files: placed } = await survey(analysed, fits, files, { signal })
  const written = await writeRecordFiles(folder, { input: analysed, table: fits, files: placed, count: 8, signal })
  // They are for their owner alone, and the server may run as another user.
  for (const file of written) chmodSync(file, 0o644)
  const columns = Object.fromEntries(fits.columns.map(({ name, type }) => [name, type]))
  return inspected(csv(folder, { columns, primaryKey: fits.primaryKey, header: true, name: 'typed' }))
}

/** Sentences of flights, with commas, quotes and letters beyond ASCII, in eight files. */
async function writeTexts(folder: string, { records, signal, progress }: WriteOptions): Promise<Input> {
  const days = await flights({ records }).files({ signal, onStep: progress })
  const names = ['route', 'announced', 'reported', 'remark', 'weather', 'source'] as const
  const lines = days.flatMap(({ name }) =>
    readFileSync(join(flightsFolder, name), 'utf8').trimEnd().split('\n').slice(1),
  )
  const share = Math.ceil(records / 8)
  for (let file = 0; file < 8; file++) {
    signal.throwIfAborted()
    const own = lines.slice(file * share, Math.min(records, (file + 1) * share))
    const rows = own.map((line, k) => [file * share + k + 1, ...textsOf(line.split(','))].join(','))
    writeFileSync(join(folder, `texts-${file + 1}.csv`), [`id,${names.join(',')}`, ...rows, ''].join('\n'))
  }
  const texts = Object.fromEntries(names.map((name) => [name, 'text' as const]))
  return inspected(csv(folder, { columns: { id: 'int8', ...texts }, primaryKey: ['id'], header: true, name: 'wide' }))
}

/** Six fields of CSV about a flight: plain ones, quoted ones with a comma, and one with quotes. */
function textsOf([date = '', delay = '', distance = '', origin = '', destination = '']: readonly string[]): string[] {
  return [
    `From ${origin} to ${destination} nonstop over a distance of ${distance} miles on the morning schedule of the network`,
    `"Scheduled at ${date}, announced on the board of ${origin} half an hour before, gate and belt as on the day before"`,
    `"The captain reported ""${delay} minutes"" against the plan, which the tower of ${destination} has confirmed in writing"`,
    `Verspätung von ${delay} Minuten auf der Strecke zwischen ${origin} und ${destination}, gemäß Meldung der Crew`.replace(
      ',',
      ';',
    ),
    `Broken clouds at ${distance} feet with light winds from the west and good visibility along the whole way to ${destination}`,
    `bureau of statistics table ${origin}${destination} line ${delay} of ${date} as published and never corrected since then`,
  ]
}
