import { describe, expect, test } from 'vitest'
import { type Batch, readBatches, windowOf } from '../../../src/executor/input/batches.js'
import type { Input, InputFile, OnBadRecord } from '../../../src/executor/input/input.js'
import { rowsOf } from '../records-of.js'

/**
 * Files of records 0, 1, 2 … in chunks of three; a record holds its number and how many came before
 * it in its file.
 */
function makeFiles(sizes: readonly number[], opened: string[] = [], closed: string[] = []): InputFile[] {
  let first = 0
  return sizes.map((size, k) => {
    const start = first
    first += size
    const name = `file-${k}`
    return {
      name,
      async *read() {
        opened.push(name)
        let before = 0
        try {
          for (let at = 0; at < size; at += 3) {
            yield {
              count: Math.min(3, size - at),
              lines: (position) => [at + position + 1, at + position + 1],
              analyse(from, end, to) {
                for (let number = start + at + from; number < start + at + end; number++) {
                  if (number % 10 === 7) throw new Error(`${number} is a bad one`)
                  to.append([number, before++])
                }
              },
            }
          }
        } finally {
          closed.push(name)
        }
      },
    }
  })
}

function makeInput(offset: number, limit: number | null, onBadRecord: OnBadRecord = 'skip'): Input {
  const table = {
    columns: [
      { name: 'n', type: 'int4' as const },
      { name: 'before', type: 'int4' as const },
    ],
    primaryKey: [],
  }
  return { name: 'test', fits: table, offset, limit, onBadRecord, describe: () => ({}), files: async () => [] }
}

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = []
  for await (const batch of batches) all.push(batch)
  return all
}
const numbers = (batches: readonly Batch[]): number[][] =>
  batches.map(({ records }) => rowsOf(records).map((row) => Number(row[0])))

const readBatchesOf = (input: Input, ...rest: Tail<Parameters<typeof readBatches>>) =>
  readBatches(windowOf(input, input.fits), ...rest)
type Tail<T extends unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never

describe('readBatches(window, files, options)', () => {
  test('fills batches across files and gives the last its rest', async () => {
    const batches = await collect(readBatchesOf(makeInput(0, null), makeFiles([3, 0, 4]), { batchSize: 3 }))
    expect(numbers(batches)).toEqual([[0, 1, 2], [3, 4, 5], [6]])
    expect(batches.map(({ batch, firstRecord }) => [batch, firstRecord])).toEqual([
      [0, 0],
      [1, 3],
      [2, 6],
    ])
  })

  test('reads the window alone, and opens no file after it', async () => {
    const opened: string[] = []
    const closed: string[] = []
    const batches = await collect(
      readBatchesOf(makeInput(4, 2), makeFiles([3, 9, 5], opened, closed), { batchSize: 9 }),
    )
    expect(numbers(batches)).toEqual([[4, 5]])
    expect(batches[0]!.firstRecord).toBe(4)
    expect([opened, closed]).toEqual([
      ['file-0', 'file-1'],
      ['file-0', 'file-1'],
    ])
  })

  test('passes over files whose number of records is known without opening them', async () => {
    const opened: string[] = []
    const sizes = [3, 4, 5]
    const counted = makeFiles(sizes, opened).map((file, k): InputFile => ({ ...file, records: sizes[k]! }))
    const batches = await collect(readBatchesOf(makeInput(8, null), counted, { batchSize: 99 }))
    expect(numbers(batches)).toEqual([[8, 9, 10, 11]])
    expect(opened).toEqual(['file-2'])
  })

  test('gives a record the same values whatever the window', async () => {
    const all = await collect(readBatchesOf(makeInput(0, null), makeFiles([6, 6]), { batchSize: 99 }))
    const some = await collect(readBatchesOf(makeInput(8, 3), makeFiles([6, 6]), { batchSize: 99 }))
    expect(rowsOf(some[0]!.records)).toEqual(
      rowsOf(all[0]!.records).filter((row) => Number(row[0]) >= 8 && Number(row[0]) < 11),
    )
  })

  test("leaves out and counts bad records under 'skip', which keep their place in the window", async () => {
    const reader = readBatchesOf(makeInput(7, 11), makeFiles([30]), { batchSize: 8 })
    const batches = await collect(reader)
    expect(numbers(batches)).toEqual([[8, 9, 10, 11, 12, 13, 14, 15], [16]])
    expect(batches.map(({ firstRecord }) => firstRecord)).toEqual([8, 16])
    expect(reader.badRecords.words()).toEqual([
      '1 line: 7 is a bad one, first in file-0:8',
      '1 line: 17 is a bad one, first in file-0:18',
    ])
  })

  test("throws BadRecordError under 'stop' and closes the file", async () => {
    const closed: string[] = []
    const files = makeFiles([30], [], closed)
    await expect(collect(readBatchesOf(makeInput(0, null, 'stop'), files, { batchSize: 4 }))).rejects.toMatchObject({
      name: 'BadRecordError',
      file: 'file-0',
      line: 8,
      message: 'file-0:8: 7 is a bad one',
    })
    expect(closed).toEqual(['file-0'])
  })

  test("does not mind a bad record that the offset passes over under 'stop'", async () => {
    const batches = await collect(readBatchesOf(makeInput(8, 3, 'stop'), makeFiles([30]), { batchSize: 4 }))
    expect(numbers(batches)).toEqual([[8, 9, 10]])
  })

  test('closes the file when the consumer stops early', async () => {
    const closed: string[] = []
    for await (const _ of readBatchesOf(makeInput(0, null), makeFiles([30], [], closed), { batchSize: 2 })) break
    expect(closed).toEqual(['file-0'])
  })

  test('ends with the reason of its signal between two batches', async () => {
    const abort = new AbortController()
    const closed: string[] = []
    const reading = (async () => {
      for await (const { batch } of readBatchesOf(makeInput(0, null), makeFiles([30], [], closed), {
        batchSize: 1,
        signal: abort.signal,
      })) {
        if (batch === 2) abort.abort(new Error('enough'))
      }
    })()
    await expect(reading).rejects.toThrow('enough')
    expect(closed).toEqual(['file-0'])
  })

  test('accounts for reading and analysing by the clock given, and not for the consumer', async () => {
    let now = 0
    const file: InputFile = {
      name: 'slow',
      async *read() {
        now += 100
        yield {
          count: 2,
          lines: (position) => [position + 1, position + 1],
          analyse(from, end, to) {
            for (let k = from; k < end; k++) {
              now += 7
              to.append([1, 1])
            }
          },
        }
        now += 30
      },
    }
    const reader = readBatchesOf(makeInput(0, null), [file], { batchSize: 1, clock: () => now })
    for await (const _ of reader) now += 1000
    expect([reader.readMs, reader.analyseMs]).toEqual([130, 14])
  })

  test('gives the memory of a released batch to a later one, and no other', async () => {
    const seen: Batch[] = []
    for await (const batch of readBatchesOf(makeInput(0, null), makeFiles([30]), { batchSize: 4 })) {
      seen.push(batch)
      if (batch.batch === 2) seen[0]!.release()
    }
    const owners = seen.map(({ records }) => seen.findIndex((other) => other.records === records))
    expect(owners.slice(0, 3)).toEqual([0, 1, 2])
    expect(owners.filter((owner, batch) => owner !== batch)).toEqual([0])
  })

  test.each([0, -1, 1.5, Number.NaN])('refuses a batch size of %o', (batchSize) => {
    expect(() => readBatchesOf(makeInput(0, null), [], { batchSize })).toThrow(
      'Expected `batchSize` to be a whole number from 1',
    )
  })
})
