import { describe, expect, test } from 'vitest'
import { readBatches, windowOf } from '../../../../src/executor/input/batches.js'
import type { Input } from '../../../../src/executor/input/input.js'
import { type SyntheticOptions, synthetic } from '../../../../src/executor/input/synthetic/synthetic.js'
import type { Row } from '../../../../src/study/table/table.js'
import { rowsOf as rowsIn } from '../../records-of.js'

async function rowsOf(input: Input): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of readBatches(windowOf(input, input.fits), await input.files(), { batchSize: 1000 }))
    rows.push(...rowsIn(batch.records))
  return rows
}

describe('synthetic(options)', () => {
  test('has at most 1,000 files, however many records', async () => {
    expect(await synthetic({ records: 5_000_000 }).files()).toHaveLength(1_000)
    const files = await synthetic({ records: 30_000_001 }).files()
    expect(files.length).toBeLessThanOrEqual(1_000)
    expect(files.reduce((sum, { records }) => sum + records!, 0)).toBe(30_000_001)
  })

  test('makes records of an id and texts that share the width', async () => {
    const rows = await rowsOf(synthetic({ records: 1200, width: 101, columns: 3 }))
    expect(rows.map((row) => row[0])).toEqual(Array.from({ length: 1200 }, (_, k) => k))
    expect(
      new Set(
        rows.map((row) =>
          row
            .slice(1)
            .map((text) => String(text).length)
            .join(),
        ),
      ),
    ).toEqual(new Set(['33,34,34']))
    expect(new Set(rows.flatMap((row) => row.slice(1))).size).toBe(3600)
  })

  test('gives the same record for the same seed and number, whatever the window', async () => {
    const all = await rowsOf(synthetic({ records: 100_010, width: 8, columns: 1, seed: 5 }))
    expect(await rowsOf(synthetic({ records: 20, offset: 49_990, width: 8, columns: 1, seed: 5 }))).toEqual(
      all.slice(49_990, 50_010),
    )
    expect(await rowsOf(synthetic({ records: 20, width: 8, columns: 1, seed: 6 }))).not.toEqual(all.slice(0, 20))
  })

  test('describe() holds what the records depend on', () => {
    expect(synthetic({ seed: 3 }).describe()).toEqual({
      kind: 'synthetic',
      records: 100_000,
      width: 200,
      columns: 4,
      seed: 3,
      offset: 0,
    })
  })

  test.each<[string, SyntheticOptions]>([
    ['Expected `records` to be a whole number from 1, got 0', { records: 0 }],
    ['Expected `width` to be a whole number from 4, one byte for each column, got 3', { width: 3 }],
    ['Expected `seed` to be a whole number from 0, got -1', { seed: -1 }],
  ])('throws: %s', (message, options) => {
    expect(() => synthetic(options)).toThrow(message)
  })
})
