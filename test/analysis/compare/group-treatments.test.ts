import { describe, expect, it } from 'vitest'
import { groupTreatments } from '../../../src/analysis/compare/group-treatments.js'
import { bestSet, bestWorkers, fitScaling, simulateStudy } from '../../../src/entries/analysis.js'

const study = simulateStudy({
  workers: [1, 2, 4],
  batchSizes: [10_000, 30_000],
  vary: (treatment) => [treatment, { ...treatment, dispatch: 'queue' }],
  blocks: 1,
  truth: () => ({ totalMs: 1000 }),
})

describe('groupTreatments', () => {
  it('groupTreatments keeps the order of the plan, in and among the groups', () => {
    const groups = groupTreatments(study, 'workers', { by: ['dispatch', 'batchSize'] })
    expect(groups.map((group) => group.map(({ workers }) => workers))).toEqual(new Array(4).fill([1, 2, 4]))
    expect(groups.map(([first]) => [first!.batchSize, first!.dispatch])).toEqual([
      [10_000, 'split'],
      [10_000, 'queue'],
      [30_000, 'split'],
      [30_000, 'queue'],
    ])
  })

  it('groupTreatments makes one group of all that `where` selects, by default', () => {
    const [only, ...others] = groupTreatments(study, 'batchSize', { where: { workers: 2, dispatch: 'split' } })
    expect(only!.map(({ batchSize }) => batchSize)).toEqual([10_000, 30_000])
    expect(others).toEqual([])
  })

  it('fitScaling and bestWorkers refuse other factors that vary in the same words, and name the remedy', () => {
    const message =
      'Expected `workers` alone to vary, got `dispatch` (split, queue) together with it: fix it with `where` or name it in `by`'
    expect(() => fitScaling(study)).toThrow(message)
    expect(() => bestWorkers(study)).toThrow(message)
    expect(fitScaling(study, { by: ['batchSize', 'dispatch'] })).toHaveLength(4)
    expect(bestWorkers(study, { by: 'batchSize', where: { dispatch: 'queue' } })).toHaveLength(2)
  })

  it('bestSet, which has no `by`, does not name it', () => {
    expect(() => bestSet(study, 'workers')).toThrow(
      /got `batchSize` \(10000, 30000\) and `dispatch` \(split, queue\) together with it: fix them with `where`$/,
    )
  })

  it('groupTreatments refuses what is no factor', () => {
    expect(() => fitScaling(study, { by: 'batch' as 'batchSize' })).toThrow(
      'Expected `by` to name factors, got `batch`: did you mean `batchSize`?',
    )
    expect(() => bestWorkers(study, { by: ['batchSize', 'queue' as 'dispatch'] })).toThrow(/got `queue`$/)
  })
})
