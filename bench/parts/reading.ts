import { join } from 'node:path'
import { csv, flights, type Input } from 'copylab/executor'
import { readBatches, windowOf } from '#copylab/executor/input/batches.js'
import { dataFolder } from '#copylab/project.js'
import type { BenchOptions, Part } from '../part.js'
import { type Ratio, ratioWithinRounds } from '../rounds/ratio.js'
import { type Compared, compareInRounds } from '../rounds/rounds.js'
import { benchTable, ratioText } from '../rounds/text-table.js'
import { inputOf, type SpelledFiles, withSpellings } from '../shapes/spellings.js'

/** Time that one way to read the same files took. */
export interface ReadingOf extends Compared {
  /** Values that it adds for each record. */
  readonly columns: number
  /**
   * Its time divided by that of the clean spelling, within rounds; null for what is no other
   * spelling.
   */
  readonly toClean: Ratio | null
}

/** How fast files are read on one thread, up to typed records. */
export interface Reading {
  readonly records: number
  readonly rounds: number
  readonly inputs: readonly ReadingOf[]
}

const batchSize = 10_000

/**
 * The flights' own files by the flights' analysis, by the types of their five columns, and by a
 * function over strings; and the same records in several spellings.
 */
export const reading: Part<Reading> = {
  name: 'reading',
  title: 'Files read, cut and analysed on one thread',
  run: measure,
  show: ({ records, inputs }) =>
    benchTable(
      ['', 'columns', 'records per second', `time / ${inputs[0]!.name}`, 'time / clean'],
      inputs.map(({ name, columns, medianMs, toBaseline, toClean }) => [
        name,
        String(columns),
        Math.round((records / medianMs) * 1000).toLocaleString('en-US'),
        ratioText(toBaseline),
        toClean ? ratioText(toClean) : '',
      ]),
    ),
}

function measure(options: BenchOptions): Promise<Reading> {
  return withSpellings(options, (spelled) => compare(spelled, options))
}

async function compare(
  spelled: readonly SpelledFiles[],
  { rounds, records, progress, signal }: BenchOptions,
): Promise<Reading> {
  const demo = flights({ records })
  await demo.files({ signal, onStep: progress })
  const inputs = [
    { name: 'flights()', input: demo },
    { name: 'csv() by column types', input: await sameFiles(records) },
    { name: 'csv() with `analyse`', input: await sameFiles(records, (fields) => [...fields]) },
    ...(await Promise.all(spelled.map(async (own) => ({ name: nameOfSpelling(own), input: await inputOf(own) })))),
  ]
  const contestants = inputs.map(({ name, input }) => ({ name, run: () => readAll(input, records, signal) }))
  const compared = await compareInRounds(contestants, {
    rounds,
    baseline: 'flights()',
    seed: 1,
    signal,
    progress: (message) => progress(`reading: ${message}`),
  })
  const clean = compared.find(({ name }) => name === nameOfSpelling(spelled[0]!))!
  const others = spelled.slice(1).map(nameOfSpelling)
  return {
    records,
    rounds,
    inputs: compared.map((own, k) => ({
      ...own,
      columns: inputs[k]!.input.fits.columns.length,
      toClean: others.includes(own.name) ? ratioWithinRounds(own.timesMs, clean.timesMs) : null,
    })),
  }
}

const nameOfSpelling = ({ name }: SpelledFiles): string => `csv() of a spelling of them: ${name}`

/**
 * The flights' files as anybody's: five columns as they stand there, or all of them as text by way
 * of strings.
 */
function sameFiles(records: number, analyse?: (fields: readonly string[]) => string[]): Promise<Input> {
  const columns = { date: 'timestamp', delay: 'int4', distance: 'int4', origin: 'text', destination: 'text' } as const
  const texts = { date: 'text', delay: 'text', distance: 'text', origin: 'text', destination: 'text' } as const
  return csv(join(dataFolder, 'flights'), { columns: analyse ? texts : columns, limit: records, analyse }).inspect()
}

/** Reads the input once; returns the milliseconds. */
async function readAll(input: Input, records: number, signal: AbortSignal): Promise<number> {
  const files = await input.files({ signal })
  let read = 0
  const startedAt = performance.now()
  for await (const batch of readBatches(windowOf(input, input.fits), files, { batchSize, signal })) {
    read += batch.records.length
    batch.release()
  }
  const ms = performance.now() - startedAt
  if (read !== records) throw new Error(`Expected ${records} records of ${input.name}, got ${read}`)
  return ms
}
