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

/** A batch, cut into parts that one worker each loads. */
export interface WorkBatch {
  readonly batch: number
  readonly parts: readonly WorkPart[]
}

/** The input's batches, each cut into `partsPerBatch` parts (fewer where it has fewer records), each part encoded when its worker takes it. */
export async function* cutBatches(
  reader: BatchReader,
  partsPerBatch: number,
  encoder: Encoder,
): AsyncGenerator<WorkBatch> {
  for await (const { batch, rows, runs } of reader) {
    yield {
      batch,
      parts: splitEvenly(rows.length, partsPerBatch).map(({ from, to }) => ({
        firstRecord: positionAt(runs, from),
        records: to - from,
        where: () => describePositions(runs, from, to),
        payload: (buffer: PayloadBuffer) => encoder.encode(rows, from, to, buffer),
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
        // Not the part's own closures: they would keep the typed records in memory beside the payloads.
        const where = part.where()
        return { firstRecord: part.firstRecord, records: part.records, where: () => where, payload }
      }),
    })
  }
  return batches
}
