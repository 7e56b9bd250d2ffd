import { setImmediate } from 'node:timers/promises'
import type { BatchReader } from '../input/batches.js'
import { describePositions, positionAt } from '../input/positions.js'
import { cutRange, type Range, splitEvenly } from './dispatch.js'
import { type Encoder, makePayloadBuffer, type PayloadBuffer } from './encode/encode.js'

/**
 * The records of a batch that one worker loads: by one COPY, or by several, one after the other.
 */
export type WorkPart = readonly WorkCopy[]

/** The records that one COPY loads. */
export interface WorkCopy {
  /** Position in the input of the first record, from 0. */
  readonly firstRecord: number
  readonly records: number
  /** Where they stand in the input, in words: "records 0 to 99". */
  where(): string
  /**
   * The complete COPY payload; made in the worker's own buffer, or made before the clock started.
   */
  readonly payload: Uint8Array | ((buffer: PayloadBuffer) => Uint8Array)
}

/** A batch, cut into parts that one worker each loads. Each COPY's records are encoded once. */
export interface WorkBatch {
  readonly batch: number
  readonly parts: readonly WorkPart[]
}

/** How batches are cut. */
export interface Cut {
  /** Parts of a batch; fewer where it has fewer records. */
  readonly partsPerBatch: number
  /** The most records of one COPY; null for whole parts. */
  readonly recordsPerCopy: number | null
}

/**
 * The input's batches, each cut into parts, each part into the records of one COPY or more, which
 * are encoded when the part's worker takes them. The memory of a batch serves another one once all
 * of it is encoded.
 */
export async function* cutBatches(
  reader: BatchReader,
  { partsPerBatch, recordsPerCopy }: Cut,
  encoder: Encoder,
): AsyncGenerator<WorkBatch> {
  for await (const { batch, records, runs, release } of reader) {
    const parts = splitEvenly(records.length, partsPerBatch).map((part) => cutRange(part, recordsPerCopy))
    let toEncode = parts.flat().length
    const copyOf = ({ from, to }: Range): WorkCopy => ({
      firstRecord: positionAt(runs, from),
      records: to - from,
      where: () => describePositions(runs, from, to),
      payload: (buffer: PayloadBuffer) => {
        const payload = encoder.encode(records, from, to, buffer)
        if (--toEncode === 0) release()
        return payload
      },
    })
    yield { batch, parts: parts.map((copies) => copies.map(copyOf)) }
  }
}

/** The same batches with their payloads already made: all of them are in memory at once. */
export async function prepareBatches(work: AsyncIterable<WorkBatch>): Promise<WorkBatch[]> {
  const buffer = makePayloadBuffer()
  const batches: WorkBatch[] = []
  for await (const { batch, parts } of work) {
    batches.push({
      batch,
      parts: parts.map((copies) =>
        copies.map((copy) => ({
          ...copy,
          payload: Buffer.from(typeof copy.payload === 'function' ? copy.payload(buffer) : copy.payload),
        })),
      ),
    })
    // Nothing else need give the event loop a turn, in which an abort is heard.
    await setImmediate()
  }
  return batches
}
