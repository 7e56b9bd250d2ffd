import { expect, it } from 'vitest'
import { barrierTime } from '../../../src/analysis/explain/worker-time.js'
import type { CopyPart } from '../../../src/study/trial.js'

/** A COPY of a worker in a batch, from its start to its end. */
function copy(batch: number, worker: number, startMs: number, endMs: number): CopyPart {
  return { worker, batch, records: 1, encodeMs: 0, startMs, copyMs: endMs - startMs, commitMs: 0 }
}

it('barrierTime sums how long workers wait in each batch for its last one, whatever the order of the parts', () => {
  // Batch 0 ends at 10: worker 1 waits 4, worker 2 waits 7. Batch 1 ends at 25: worker 0 waits 5.
  const parts = [copy(0, 2, 0, 3), copy(0, 1, 0, 6), copy(0, 0, 0, 10), copy(1, 0, 10, 20), copy(1, 1, 10, 25)]
  expect(barrierTime(parts)).toBe(16)
  expect(barrierTime([...parts].reverse())).toBe(16)
})

it('barrierTime counts a part as finished with its last COPY', () => {
  expect(barrierTime([copy(0, 0, 0, 2), copy(0, 0, 2, 8), copy(0, 1, 0, 10)])).toBe(2)
})

it('barrierTime of no part is 0', () => {
  expect(barrierTime([])).toBe(0)
})
