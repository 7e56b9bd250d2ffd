import { setImmediate } from 'node:timers/promises'
import type { InputFacts } from '../../study/context.js'
import type { Table } from '../../study/table/table.js'
import { BadRecordError } from '../errors.js'
import type { BadRecords } from '../input/bad-records.js'
import { type PlacedFile, readBatches, windowOf } from '../input/batches.js'
import type { Input, InputFile } from '../input/input.js'
import { positionAt } from '../input/positions.js'
import { makeChecksum } from './checksum.js'
import { collectKeys, repeatedKeys } from './repeated-keys.js'

/** Records between two checks of the signal, and between two progress reports. */
const surveyBatch = 10_000

/** Result of one pass over an input. */
export interface Survey {
  /** Facts that every trial is verified against. */
  readonly facts: InputFacts
  /** The files that hold records of the window, in order: all that a trial reads. */
  readonly files: readonly PlacedFile[]
}

/** Options of `survey`. */
export interface SurveyOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (records: number) => void
  /**
   * Contents of the input's files, to be kept with the facts.
   * @default null
   */
  readonly contents?: InputFacts['contents']
}

/**
 * Reads and analyses the whole input once; returns its counts and checksum, and the places of its
 * files. Throws one `BadRecordError` for all bad records, of all files, where the input's policy is
 * `stop` and where no good one is left; an `InputError` for records of files that have the primary
 * key of another; and a TypeError with the record's position for a value that its column cannot
 * hold.
 */
export async function survey(
  input: Input,
  table: Table,
  files: readonly InputFile[],
  options: SurveyOptions = {},
): Promise<Survey> {
  const sum = makeChecksum(table)
  // Inputs that copylab makes itself have keys that differ.
  const keys = input.contents && table.primaryKey.length > 0 ? collectKeys(table) : null
  const onBadRecord = input.onBadRecord === 'stop' ? 'gather' : 'skip'
  const window = { ...windowOf(input, table), onBadRecord } as const
  const reader = readBatches(window, files, { batchSize: surveyBatch, signal: options.signal })
  for await (const { records, runs, release } of reader) {
    for (let position = 0; position < records.length; position++) {
      try {
        sum.add(records, position)
        keys?.add(records, position)
      } catch (error) {
        throw new TypeError(`Record ${positionAt(runs, position)} of the input: ${(error as Error).message}`, {
          cause: error,
        })
      }
    }
    release()
    // Synthetic input never yields to the event loop by itself, so that no timer and no Ctrl-C
    // would be noticed.
    await setImmediate()
    options.onProgress?.(sum.value().records)
  }
  const { badRecords, placed } = reader
  const summed = sum.value()
  if (badRecords.count > 0 && (onBadRecord === 'gather' || summed.records === 0)) {
    throw refusal(input, badRecords, summed.records)
  }
  const repeated = keys?.repeated() ?? new Set()
  if (repeated.size > 0) {
    const signal = options.signal ?? new AbortController().signal
    const error = await repeatedKeys({ table, offset: input.offset }, placed, repeated, signal)
    if (error) throw error
  }
  const bad = { badRecords: badRecords.count, badRecordExamples: badRecords.words() }
  const { contents = null } = options
  return { facts: { name: input.name, files: files.length, ...summed, ...bad, contents }, files: placed }
}

/** Returns the error that names all bad records: the first, and how many there are of each kind. */
function refusal({ name, onBadRecord }: Input, badRecords: BadRecords, good: number): BadRecordError {
  const { count, first } = badRecords
  if (count === 1 && good > 0) return first!
  const { file, line, lastLine, reason } = first!
  const which =
    good > 0
      ? `${count} records of ${name} are bad:`
      : count === 1
        ? `The only record of ${name} is bad:`
        : `All ${count} records of ${name} are bad:`
  const remedy =
    onBadRecord === 'stop' && good > 0 ? ", or leave them out with `onBadRecord: 'skip'` (--on-bad-record skip)" : ''
  const words = badRecords.words().map((kind) => `  ${kind}`)
  return new BadRecordError(file, line, [reason, which, ...words, `Correct them${remedy}`].join('\n'), {
    lastLine,
    cause: first,
  })
}
