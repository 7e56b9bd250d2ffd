import type { BatchReader } from '../input/batches.js'
import { describePositions, positionAt } from '../input/positions.js'
import { splitEvenly } from './dispatch.js'
import { type Encoder, makePayloadBuffer, type PayloadBuffer } from './encode.js'

/** The records of a batch that one worker loads with one COPY. */
export interface WorkPart {
  /** Position in the input of the part's first record, from 0. */
  readonly firstRecord: number
  readonly records: number
  /** Where its records stand in the input, in words: "records 0 to 99". */
  where(): string
  /** The complete COPY payload; made in the worker's own buffer, or made before the clock started. */
  readonly payload: Uint8Array | ((buffer: PayloadBuffer) => Uint8Array)
}

/** A batch, cut into parts that one worker each loads, each encoded once. */
export interface WorkBatch {
  readonly batch: number
  readonly parts: readonly WorkPart[]
}

/**
 * The input's batches, each cut into `partsPerBatch` parts (fewer where it has fewer records), each part encoded when its worker takes it. The
 * memory of a batch serves another one once all its parts are encoded.
 */
export async function* cutBatches(
  reader: BatchReader,
  partsPerBatch: number,
  encoder: Encoder,
): AsyncGenerator<WorkBatch> {
  for await (const { batch, records, runs, release } of reader) {
    const ranges = splitEvenly(records.length, partsPerBatch)
    let toEncode = ranges.length
    yield {
      batch,
      parts: ranges.map(({ from, to }) => ({
        firstRecord: positionAt(runs, from),
        records: to - from,
        where: () => describePositions(runs, from, to),
        payload: (buffer: PayloadBuffer) => {
          const payload = encoder.encode(records, from, to, buffer)
          if (--toEncode === 0) release()
          return payload
        },
      })),
    }
  }
}

/** The same batches with their payloads already made: all of them are in memory at once. */
export async function prepareBatches(work: AsyncIterable<WorkBatch>): Promise<WorkBatch[]> {
  const buffer = makePayloadBuffer()
  const batches: WorkBatch[] = []
  for await (const { batch, parts } of work) {
    batches.push({
      batch,
      parts: parts.map((part) => {
        const payload = Buffer.from(typeof part.payload === 'function' ? part.payload(buffer) : part.payload)
        return { ...part, payload }
      }),
    })
  }
  return batches
}
