import { describe, expect, it } from 'vitest'
import { batchLatencies, batchLatencySeries } from '../../../../src/analysis/figures/time/batch-latency.js'
import { simulateStudy } from '../../../../src/analysis/simulate/simulate-study.js'
import { plotBatchLatency } from '../../../../src/entries/analysis.js'
import type { CopyPart } from '../../../../src/study/trial.js'
import { broken } from '../../broken-trial.js'
import { wordsOf } from '../seen.js'

const part: CopyPart = { worker: 0, batch: 0, records: 10, encodeMs: 2, startMs: 10, copyMs: 30, commitMs: 4 }
/** Batches of one part that take 1, 2, …, n ms. */
const ladder = (n: number): CopyPart[] =>
  Array.from({ length: n }, (_, k) => ({ ...part, batch: k, encodeMs: 0, startMs: 1000 * k, copyMs: k + 1 }))
const study = simulateStudy({
  workers: [1],
  blocks: 2,
  truth: () => ({ totalMs: 1000 }),
  change: (trial) => ({ ...trial, parts: ladder(101) }),
})

describe('batchLatencies', () => {
  const inTurn = { dispatch: 'split', client: 'event-loop', copiesAhead: 0 } as const

  it('counts from the first encoding of a batch to the end of its last part', () => {
    const second: CopyPart = { ...part, worker: 1, startMs: 5, encodeMs: 1, copyMs: 50 }
    expect(batchLatencies([part, second], inTurn)).toEqual([51])
  })

  it.each([{ dispatch: 'queue' }, { client: 'threads' }, { copiesAhead: 1 }] as const)(
    'counts from its first COPY where parts are encoded ahead: %j',
    (change) => {
      const second: CopyPart = { ...part, worker: 1, startMs: 5, encodeMs: 1, copyMs: 50 }
      expect(batchLatencies([part, second], { ...inTurn, ...change })).toEqual([50])
    },
  )

  it('is empty without parts', () => {
    expect(batchLatencies([], inTurn)).toEqual([])
  })

  it('keeps the order of the batches, whatever that of the parts', () => {
    expect(batchLatencies([{ ...part, batch: 1, copyMs: 8 }, part], inTurn)).toEqual([32, 10])
  })
})

describe('batchLatencySeries', () => {
  it('has the quantiles of type 7 over all batches of all trials', () => {
    const [one] = batchLatencySeries(study)
    expect(one).toMatchObject({ batches: 202, min: 1, lowerQuartile: 26, median: 51, upperQuartile: 76, max: 101 })
    expect(one!.p95).toBeCloseTo(96, 9)
    expect(one!.p99).toBeCloseTo(100, 9)
    expect(one!.trials.map(({ block, medianMs }) => [block, medianMs])).toEqual([
      [1, 51],
      [2, 51],
    ])
  })

  it('leaves out treatments without a completed trial', () => {
    expect(batchLatencySeries(simulateStudy({ truth: () => ({ totalMs: 1000 }), change: broken }))).toEqual([])
  })
})

describe('plotBatchLatency', () => {
  it('leaves the statistics to the series', () => {
    const [box] = plotBatchLatency(study).data
    expect(box).toMatchObject({ type: 'box', q1: [26], median: [51], q3: [76], lowerfence: [6], upperfence: [96] })
    expect(box).not.toHaveProperty('x')
  })

  it('shows every batch only where there are few', () => {
    const names = (n: number): unknown[] =>
      plotBatchLatency(
        simulateStudy({
          workers: [1],
          blocks: 1,
          truth: () => ({ totalMs: 1000 }),
          change: (trial) => ({ ...trial, parts: ladder(n) }),
        }),
      ).data.map(({ name }) => name)
    expect(names(150)).toContain('one batch')
    expect(names(151)).not.toContain('one batch')
  })

  it('has a logarithmic axis for a wide range only', () => {
    expect(plotBatchLatency(study).layout).toMatchObject({
      xaxis: { type: 'log', tickvals: [1, 2, 5, 10, 20, 50, 100] },
    })
    const even = simulateStudy({ truth: () => ({ totalMs: 1000 }) })
    expect(plotBatchLatency(even).layout).toMatchObject({ xaxis: { rangemode: 'tozero' } })
  })

  it('says why it is empty', () => {
    const nothing = simulateStudy({ truth: () => ({ totalMs: 1000 }), change: broken })
    expect(wordsOf(plotBatchLatency(nothing))).toContain('no trial of these treatments was completed')
  })
})
