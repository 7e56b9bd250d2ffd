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
  /** Describes where the records stand in the input: "records 0 to 99". */
  where(): string
  /** Position in the input of the COPY's record `row`, from 0. */
  positionOf(row: number): number
  /**
   * The complete COPY payload, or, when it is not made before the clock starts, the function that
   * makes it in a worker's own buffer.
   */
  readonly payload: Uint8Array | ((buffer: PayloadBuffer) => Uint8Array)
}

/** A batch, cut into parts that one worker each loads. Each COPY's records are encoded once. */
export interface WorkBatch {
  readonly batch: number
  readonly parts: readonly WorkPart[]
}

/** Options of the cutting of batches. */
export interface Cut {
  /** Parts of a batch; fewer where it has fewer records. */
  readonly partsPerBatch: number
  /** Maximum number of records of one COPY; null for whole parts. */
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
      positionOf: (row) => positionAt(runs, from + row),
      payload: (buffer: PayloadBuffer) => {
        const payload = encoder.encode(records, from, to, buffer)
        if (--toEncode === 0) release()
        return payload
      },
    })
    yield { batch, parts: parts.map((copies) => copies.map(copyOf)) }
  }
}

/** Encodes the payloads of all batches in advance: all of them are in memory at once. */
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
    // Nothing else here yields to the event loop, which must turn for an abort to be noticed.
    await setImmediate()
  }
  return batches
}
