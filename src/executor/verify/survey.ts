import { setImmediate } from 'node:timers/promises'
import type { InputFacts } from '../../study/context.js'
import type { Table } from '../../study/table.js'
import { type PlacedFile, readBatches, windowOf } from '../input/batches.js'
import type { Input, InputFile } from '../input/input.js'
import { positionAt } from '../input/positions.js'
import { makeChecksum } from './checksum.js'

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
 * files. Throws `BadRecordError` by the input's policy, and a TypeError with the record's position
 * for a value that its column cannot hold.
 */
export async function survey(
  input: Input,
  table: Table,
  files: readonly InputFile[],
  options: SurveyOptions = {},
): Promise<Survey> {
  const sum = makeChecksum(table)
  const reader = readBatches(windowOf(input, table), files, { batchSize: surveyBatch, signal: options.signal })
  for await (const { records, runs, release } of reader) {
    for (let position = 0; position < records.length; position++) {
      try {
        sum.add(records, position)
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
  const { badRecords, badRecordExamples, placed } = reader
  const { contents = null } = options
  const facts = { name: input.name, files: files.length, ...sum.value(), badRecords, badRecordExamples, contents }
  return { facts, files: placed }
}
