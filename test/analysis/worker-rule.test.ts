import { describe, expect, it } from 'vitest'
import { bestWorkers, workerRule } from '../../src/analysis/index.js'
import { type SimulateOptions, simulateStudy } from '../../src/analysis/simulate/simulate-study.js'

const sets = (truth: SimulateOptions['truth'], blocks = 12) =>
  bestWorkers(
    simulateStudy({ workers: [1, 2, 4], batchSizes: [10_000, 30_000], blocks, noise: 0.02, observed: false, truth }),
  )

describe('workerRule(sets)', () => {
  it('names the worker count that is among the best everywhere, and what it may cost at most', () => {
    const found = sets(({ workers }) => ({ totalMs: workers === 2 ? 900 : 1000 }))
    const rule = workerRule(found)
    expect(rule.settings).toEqual(['10K', '30K'])
    expect(rule.common!.map(({ workers }) => workers)).toEqual([2])
    const ends = found.map(({ best }) => best![0]!.toBestOther.interval!.upper)
    expect(rule.common![0]!.atMost).toBe(Math.max(...ends) - 1)
    expect(rule.sentence).toMatch(
      /^among the best in all of them, so a rule for these settings alone: 2 workers, at most [\d.]+ % worse than the best in any$/,
    )
  })

  it('says that there is none where the best differ, and that it takes more blocks where a set is missing', () => {
    const differing = sets(({ workers, batchSize }) => ({
      totalMs: workers === (batchSize === 10_000 ? 2 : 4) ? 800 : 1000,
    }))
    expect(workerRule(differing)).toMatchObject({ common: [], sentence: expect.stringContaining('choose by setting') })
    const few = sets(({ workers }) => ({ totalMs: 1000 / workers }), 3)
    expect(workerRule(few)).toMatchObject({ common: null, sentence: expect.stringContaining('needs more blocks') })
    expect(() => workerRule([])).toThrow('Expected at least one best set to make a rule of, got none')
  })
})
