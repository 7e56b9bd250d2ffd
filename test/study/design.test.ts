import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockOrder } from '../../src/study/blocks/schedule.js'
import { treatmentsOf } from '../../src/study/design.js'
import type { PlanOptions } from '../../src/study/make-plan.js'
import { defaultTreatment, sameTreatment, treatmentLabel } from '../../src/study/treatment.js'
import { madePlan } from './journal/made-study.js'

describe('treatmentsOf', () => {
  it('treatmentsOf combines every level with every other and fixes the rest', () => {
    const treatments = treatmentsOf({ workers: [1, 2, 4], batchSize: [10_000, 20_000], encoding: 'binary' })
    expect(treatments.map((t) => [t.workers, t.batchSize])).toEqual([
      [1, 10_000],
      [1, 20_000],
      [2, 10_000],
      [2, 20_000],
      [4, 10_000],
      [4, 20_000],
    ])
    expect(treatments.every((t) => t.encoding === 'binary' && t.dispatch === 'split')).toBe(true)
  })

  it('treatmentsOf joins several grids and keeps each treatment once', () => {
    const treatments = treatmentsOf([{ workers: [2, 4] }, { workers: [2, 4], dispatch: ['split', 'queue'] }])
    expect(treatments.map((t) => `${t.workers} ${t.dispatch}`)).toEqual(['2 split', '4 split', '2 queue', '4 queue'])
  })

  it.each([
    [{ workers: [0] }, 'Expected `workers` to be a list of different integers from 1, got [0]'],
    [{ workers: [] }, 'Expected `workers` to be a list of different integers from 1, got []'],
    [{ workers: [2, 2] }, 'got [2,2]'],
    [{ workers: [1.5] }, 'got [1.5]'],
    [{ batchSize: '10000' }, 'Expected `batchSize`'],
    [{ dispatch: 'scatter' }, 'Expected `dispatch` to be a list of different "split" | "queue", got "scatter"'],
    [{ threads: 2 }, 'got `threads`'],
  ])('treatmentsOf(%j) is refused with what to type', (factors, message) => {
    expect(() => treatmentsOf(factors as never)).toThrow(message)
  })
})

describe('a plan of more trials than can be', () => {
  const levels = (count: number): number[] => Array.from({ length: count }, (_, k) => k + 1)
  const planOf = (changes: Partial<PlanOptions>): unknown => madePlan({ factors: { workers: [1, 2] }, ...changes })
  const primary = { a: { workers: 1 }, b: { workers: 2 }, claim: { fasterBy: [0, null] } } as const

  it.each<[string, Partial<PlanOptions>]>([
    ['Expected the plan to ask for at most 100,000 trials, got 2,000,000,000', { blocks: 1e9 }],
    ['got 100,002', { blocks: 50_001 }],
    ['got 100,002', { blocks: 33_334, controls: { aa: { workers: 1 } } }],
    ['got 2,000,000,006', { warmUpBlocks: 1e9 }],
    ['got 2,000,000', { blocks: undefined, primary, stop: { looks: 2, maxBlocks: 1e6 } }],
    ['got 120,000', { factors: { batchSize: levels(6000) }, blocks: 20 }],
    [
      'Expected `factors` to make 100,000 treatments at most, got 1,000,000',
      { factors: { workers: levels(1000), batchSize: levels(1000) } },
    ],
    ['got 200,000', { factors: [{ batchSize: levels(100_000) }, { batchSize: levels(100_000) }] }],
  ])('is refused before it is enumerated: %s', (message, changes) => {
    expect(() => planOf(changes)).toThrow(RangeError)
    expect(() => planOf(changes)).toThrow(message)
  })

  it('is one trial more than there may be', () => {
    expect(planOf({ blocks: 50_000 })).toMatchObject({ blocks: 50_000 })
  })
})

describe('blockOrder', () => {
  it('blockOrder is a permutation that depends on seed and block alone', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1000), fc.integer({ min: 1, max: 30 }), (seed, block, count) => {
        const order = blockOrder(seed, block, count)
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, k) => k))
        expect(blockOrder(seed, block, count)).toEqual(order)
      }),
    )
  })

  it('blockOrder puts every treatment in every position about equally often', () => {
    const blocks = 3000
    const first = [0, 0, 0]
    for (let block = 1; block <= blocks; block++) first[blockOrder(1, block, 3)[0]!]!++
    // Chi-squared with 2 degrees of freedom: 13.8 is exceeded once in a thousand.
    const chiSquared = first.reduce((sum, count) => sum + (count - blocks / 3) ** 2 / (blocks / 3), 0)
    expect(chiSquared).toBeLessThan(13.8)
  })
})

describe('treatmentLabel', () => {
  it('treatmentLabel names workers, batch size and the factors that vary', () => {
    const all = treatmentsOf({ workers: [1, 4], encoding: ['text', 'binary'], synchronousCommit: [true, false] })
    expect(treatmentLabel({ ...defaultTreatment, workers: 1 }, all)).toBe(
      '1 worker × 10,000, text, synchronous commit on',
    )
    expect(treatmentLabel(defaultTreatment, treatmentsOf({ workers: [2, 4] }))).toBe('2 workers × 10,000')
  })

  it('sameTreatment tells treatments apart by any factor', () => {
    expect(sameTreatment(defaultTreatment, { ...defaultTreatment })).toBe(true)
    expect(sameTreatment(defaultTreatment, { ...defaultTreatment, persistence: 'unlogged' })).toBe(false)
  })
})
