import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { csv, flights, type Input, inspected } from 'copylab/executor'
import type { BenchOptions } from '../part.js'
import { flightsFolder } from '../places.js'
import { withFolder } from './folder.js'

/** One way in which programs write the same five columns. */
export interface Spelling {
  readonly name: 'clean' | 'gzip' | 'day first' | 'decimal comma'
  readonly delimiter: ',' | ';'
  readonly decimal: '.' | ','
  readonly dayFirst: boolean
  readonly gzip: boolean
}

/** The files of a spelling, one a day. */
export interface SpelledFiles extends Spelling {
  readonly folder: string
}

export const clean: Spelling = { name: 'clean', delimiter: ',', decimal: '.', dayFirst: false, gzip: false }

/** The spellings that are measured; the first is the one that the others are compared with. */
const spellings: readonly [Spelling, ...Spelling[]] = [
  clean,
  { ...clean, name: 'gzip', gzip: true },
  { ...clean, name: 'day first', dayFirst: true },
  { ...clean, name: 'decimal comma', delimiter: ';', decimal: ',' },
]

/** Writes flights in every spelling, calls `task`, and removes the files. */
export function withSpellings<T>(
  options: Pick<BenchOptions, 'records' | 'signal' | 'progress'>,
  task: (spelled: readonly SpelledFiles[]) => Promise<T>,
): Promise<T> {
  return withFolder('spellings', async (root) => {
    const written: SpelledFiles[] = []
    for (const spelling of spellings) {
      const folder = join(root, spelling.name.replace(' ', '-'))
      await writeSpelling(folder, spelling, options)
      written.push({ ...spelling, folder })
    }
    return task(written)
  })
}

/**
 * Writes the first flights as files of one spelling, all of which have equal records: date, delay,
 * distance with a decimal, origin and destination, with a header.
 */
export async function writeSpelling(
  folder: string,
  spelling: Spelling,
  { records, signal, progress }: Pick<BenchOptions, 'records' | 'signal' | 'progress'>,
): Promise<void> {
  const days = await flights({ records }).files({ signal, onStep: progress })
  progress(`writing the spelling ${spelling.name}`)
  mkdirSync(folder, { recursive: true })
  let left = records
  for (const { name } of days) {
    signal.throwIfAborted()
    const [, ...lines] = readFileSync(join(flightsFolder, name), 'utf8').trimEnd().split('\n')
    const kept = lines.slice(0, left)
    left -= kept.length
    const text = [headerOf(spelling), ...kept.map((line) => lineOf(spelling, line.split(','))), ''].join('\n')
    writeFileSync(join(folder, spelling.gzip ? `${name}.gz` : name), spelling.gzip ? gzipSync(text) : text)
  }
}

/** Files of a spelling as an input of copylab; what is not stated is found out. */
export function inputOf({ folder, name, dayFirst }: SpelledFiles): Promise<Input> {
  const columns = { date: 'timestamp', delay: 'int4', distance: 'float8', origin: 'text', destination: 'text' } as const
  const formats = dayFirst ? { date: 'DD.MM.YYYY HH24:MI' } : undefined
  return inspected(csv(folder, { columns, formats, header: true, name }))
}

function headerOf({ delimiter }: Spelling): string {
  return ['date', 'delay', 'distance', 'origin', 'destination'].join(delimiter)
}

function lineOf({ delimiter, decimal, dayFirst }: Spelling, fields: readonly string[]): string {
  const [date = '', delay = '', distance = '', origin = '', destination = ''] = fields
  const written = dayFirst ? `${date.slice(8, 10)}.${date.slice(5, 7)}.${date.slice(0, 4)}${date.slice(10)}` : date
  return [written, delay, `${distance}${decimal}${delay.at(-1)}`, origin, destination].join(delimiter)
}
