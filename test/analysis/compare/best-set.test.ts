import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { bestSet, bestWorkers, summarise } from '../../../src/entries/analysis.js'
import { broken } from '../broken-trial.js'
import { sentenceOf } from '../sentence-of.js'

const grid = (blocks = 12, noise = 0.02) =>
  simulateStudy({
    workers: [1, 2, 3, 4],
    batchSizes: [10_000, 30_000],
    blocks,
    noise,
    blockNoise: 0.1,
    truth: ({ workers, batchSize }) => ({ totalMs: 1000 + 200 * Math.abs(workers - (batchSize === 10_000 ? 2 : 4)) }),
  })

describe('bestWorkers(study, options)', () => {
  it('bestWorkers finds the worker counts that are not shown worse, for each batch size', () => {
    const sets = bestWorkers(grid())
    expect(sets.map(({ at, best }) => [at, best!.map(({ treatment }) => treatment.workers)])).toEqual([
      ['10K', [2]],
      ['30K', [4]],
    ])
    const [first] = sets
    expect(first).toMatchObject({ over: 'workers', metric: 'totalMs', level: 0.95, blocks: 12, minBlocks: 6 })
    expect(sentenceOf(first!)).toBe(
      '10K: not shown to be worse than the best: 2 workers alone (lowest mean: 2 workers), of 4 levels, 12 blocks, 95 % sure of all at once',
    )
    const means = summarise(grid(), { where: { batchSize: 10_000 } }).map(({ geometricMean }) => geometricMean!.value)
    for (const [k, { mean, toBestOther, isBest }] of first!.candidates.entries()) {
      expect(mean).toBeCloseTo(means[k]!, 6)
      expect(toBestOther.value).toBeCloseTo(mean / Math.min(...means.filter((_, other) => other !== k)), 10)
      expect(toBestOther.interval!.lower <= 1 && toBestOther.interval!.upper >= 1).toBe(true)
      expect(isBest).toBe(toBestOther.interval!.lower < 1)
    }
  })

  it('bestWorkers leaves several in the set where they cannot be distinguished, and turns with the goal of the metric', () => {
    const alike = simulateStudy({
      workers: [1, 2, 4],
      blocks: 8,
      noise: 0.05,
      truth: ({ workers }) => ({ totalMs: workers === 1 ? 2000 : 1000 }),
    })
    for (const metric of ['totalMs', 'recordsPerSecond'] as const) {
      const [set] = bestWorkers(alike, { metric })
      expect(set!.best!.map(({ label }) => label)).toEqual(['2 workers', '4 workers'])
      expect(set!.at).toBe('')
    }
  })

  it('bestSet chooses among the levels of any factor', () => {
    const set = bestSet(grid(), 'batchSize', { where: { workers: 2 } })
    expect(set.at).toBe('2 workers')
    expect(set.best!.map(({ label }) => label)).toEqual(['10K'])
  })

  it('bestSet leaves incomplete blocks out and gives no set below the floor', () => {
    const study = simulateStudy({
      workers: [1, 2],
      blocks: 7,
      truth: ({ workers }) => ({ totalMs: 1000 * workers }),
      change: (trial) => (trial.block < 3 && trial.treatment.workers === 1 ? broken(trial) : trial),
    })
    const set = bestSet(study, 'workers')
    expect(set).toMatchObject({ blocks: 5, best: null })
    expect(sentenceOf(set)).toBe('a best set needs at least 6 complete blocks, there are 5')
    const none = simulateStudy({ workers: [1, 2], blocks: 1, truth: () => ({ totalMs: 1000 }), change: broken })
    expect(bestSet(none, 'workers')).toMatchObject({ blocks: 0, best: null, candidates: [] })
  })

  it('bestSet refuses a single level, factors that vary too, and levels that there are not', () => {
    expect(() => bestSet(grid(), 'workers')).toThrow(
      'Expected `workers` alone to vary, got `batchSize` (10000, 30000) together with it: fix it with `where`',
    )
    expect(() => bestSet(grid(), 'workers', { where: { workers: 2, batchSize: 10_000 } })).toThrow(
      'Expected several levels of `workers` to choose from, got 2 workers',
    )
    expect(() => bestWorkers(grid(), { where: { batchSize: 5 } })).toThrow(
      'to be a level of study simulated (10000, 30000), got 5',
    )
  })
})
