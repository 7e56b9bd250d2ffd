import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { csv, flights, type Input, inspected } from 'copylab/executor'
import { flightsFolder, temporaryFolder } from '../places.js'

/** One way in which programs write the same five columns. */
export interface CsvForm {
  readonly name: 'clean' | 'gzip' | 'day first' | 'decimal comma'
  readonly delimiter: ',' | ';'
  readonly decimal: '.' | ','
  readonly dayFirst: boolean
  readonly gzip: boolean
}

/** The files of a form, one a day. */
export interface WrittenForm extends CsvForm {
  readonly folder: string
  readonly files: readonly string[]
}

const clean: CsvForm = { name: 'clean', delimiter: ',', decimal: '.', dayFirst: false, gzip: false }

/** The forms that are measured; the first is the one that the others are compared with. */
export const csvForms: readonly [CsvForm, ...CsvForm[]] = [
  clean,
  { ...clean, name: 'gzip', gzip: true },
  { ...clean, name: 'day first', dayFirst: true },
  { ...clean, name: 'decimal comma', delimiter: ';', decimal: ',' },
]

/**
 * Writes flights in every form, all with the same records: date, delay, distance with a decimal,
 * origin and destination, with a header. Calls `task`, and removes the files.
 */
export async function withCsvForms<T>(
  { records, signal, progress }: { records: number; signal: AbortSignal; progress: (message: string) => void },
  task: (forms: readonly WrittenForm[]) => Promise<T>,
): Promise<T> {
  const days = await flights({ records }).files({ signal, onStep: progress })
  const root = join(temporaryFolder, `forms-${process.pid}`)
  try {
    let left = records
    const texts = days.map(({ name }) => {
      const lines = readFileSync(join(flightsFolder, name), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1, left + 1)
      left -= lines.length
      return { name, lines: lines.map((line) => line.split(',')) }
    })
    const forms = csvForms.map((form): WrittenForm => {
      signal.throwIfAborted()
      progress(`writing the form ${form.name}`)
      const folder = join(root, form.name.replace(' ', '-'))
      mkdirSync(folder, { recursive: true })
      const files = texts.map(({ name, lines }) => {
        const text = [headerOf(form), ...lines.map((fields) => lineOf(form, fields)), ''].join('\n')
        const file = join(folder, form.gzip ? `${name}.gz` : name)
        writeFileSync(file, form.gzip ? gzipSync(text) : text)
        return file
      })
      return { ...form, folder, files }
    })
    // The server may run as another user.
    chmodSync(root, 0o755)
    return await task(forms)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** A form as an input of copylab; what is not stated is found out. */
export function inputOf({ folder, name, dayFirst }: WrittenForm): Promise<Input> {
  const columns = { date: 'timestamp', delay: 'int4', distance: 'float8', origin: 'text', destination: 'text' } as const
  const formats = dayFirst ? { date: 'DD.MM.YYYY HH24:MI' } : undefined
  return inspected(csv(folder, { columns, formats, header: true, name }))
}

function headerOf({ delimiter }: CsvForm): string {
  return ['date', 'delay', 'distance', 'origin', 'destination'].join(delimiter)
}

function lineOf({ delimiter, decimal, dayFirst }: CsvForm, fields: readonly string[]): string {
  const [date = '', delay = '', distance = '', origin = '', destination = ''] = fields
  const written = dayFirst ? `${date.slice(8, 10)}.${date.slice(5, 7)}.${date.slice(0, 4)}${date.slice(10)}` : date
  return [written, delay, `${distance}${decimal}${delay.at(-1)}`, origin, destination].join(delimiter)
}
