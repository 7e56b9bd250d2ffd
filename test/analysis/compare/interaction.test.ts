import { describe, expect, it } from 'vitest'
import { interactionGrid } from '../../../src/analysis/compare/interaction.js'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { interaction } from '../../../src/entries/analysis.js'

const grid = (options: Partial<SimulateOptions> = {}) =>
  simulateStudy({
    workers: [4, 1, 2],
    batchSizes: [30_000, 10_000],
    blocks: 6,
    // Doubling the workers halves the time at 10K, and takes 3/8 of it away at 30K.
    truth: ({ workers, batchSize }) => ({ totalMs: 8000 * (batchSize === 10_000 ? 0.5 : 0.625) ** Math.log2(workers) }),
    ...options,
  })

describe('interaction(study, { of, by, metric })', () => {
  it('interaction is what doubling one factor does at the highest level of the other, divided by what it does at the lowest', () => {
    const { estimate, blocks } = interaction(grid(), { of: 'workers', by: 'batchSize', metric: 'totalMs' })
    expect(estimate!.value).toBeCloseTo(0.625 / 0.5, 10)
    expect(blocks).toBe(6)
    const turned = interaction(grid({ batchSizes: [20_000, 10_000] }), {
      of: 'batchSize',
      by: 'workers',
      metric: 'totalMs',
    })
    // From 1 to 4 workers are two doublings.
    expect(turned.estimate!.value).toBeCloseTo((0.625 / 0.5) ** 2, 10)
  })

  it('interaction takes two words in the order in which their factor lists them, and numbers with a zero among them', () => {
    const study = grid({
      batchSizes: [10_000],
      vary: (one) => [
        { ...one, encoding: 'binary' },
        { ...one, encoding: 'text' },
      ],
      truth: ({ workers, encoding }) => ({ totalMs: encoding === 'binary' ? 600 / workers : 1000 }),
    })
    expect(interactionGrid(study, { of: 'encoding', by: 'workers' })).toEqual({ of: ['text', 'binary'], by: [1, 2, 4] })
    const { estimate } = interaction(study, { of: 'encoding', by: 'workers', metric: 'totalMs' })
    expect(estimate!.value).toBeCloseTo(1 / 4, 10)
    const indexed = grid({
      batchSizes: [10_000],
      vary: (one) => [0, 2].map((secondaryIndexes) => ({ ...one, secondaryIndexes })),
      truth: ({ secondaryIndexes, workers }) => ({ totalMs: secondaryIndexes === 2 ? 500 * workers : 500 }),
    })
    const options = { of: 'secondaryIndexes', by: 'workers', metric: 'totalMs' } as const
    expect(interaction(indexed, options).estimate!.value).toBeCloseTo(4, 10)
  })

  it('interaction refuses a study that did not run every pair, or ran others in addition to them', () => {
    const refused = (study: ReturnType<typeof grid>) => () =>
      interaction(study, { of: 'workers', by: 'batchSize', metric: 'totalMs' })
    const missing = /Expected simulated to have run every pair of two or more levels of `workers` and `batchSize`/
    expect(refused(grid({ batchSizes: [10_000] }))).toThrow(missing)
    expect(refused(grid({ vary: (one) => (one.workers === 2 && one.batchSize === 10_000 ? [] : [one]) }))).toThrow(
      missing,
    )
    expect(refused(grid({ vary: (one) => [one, { ...one, dispatch: 'queue' }] }))).toThrow(missing)
    const three = grid({ vary: (one) => [0, 1, 2].map((secondaryIndexes) => ({ ...one, secondaryIndexes })) })
    expect(interactionGrid(three, { of: 'secondaryIndexes', by: 'workers', where: { batchSize: 10_000 } })).toBeNull()
    const names = grid({ batchSizes: [10_000], vary: (one) => ['a', 'b'].map((settings) => ({ ...one, settings })) })
    expect(interactionGrid(names, { of: 'settings', by: 'workers' })).toBeNull()
  })
})
