import { describe, expect, it } from 'vitest'
import { contrastSettings } from '../../../src/analysis/contrast-settings.js'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import type { Selection, Treatment } from '../../../src/study/treatment.js'

const study = simulateStudy({
  workers: [1, 2, 4],
  batchSizes: [10_000, 20_000],
  blocks: 1,
  vary: (one) => (one.workers === 1 && one.batchSize === 20_000 ? [] : [one, { ...one, dispatch: 'queue' }]),
  truth: () => ({ totalMs: 1000 }),
})

const label = ({ workers, batchSize, dispatch }: Treatment): string => `${workers} ${batchSize} ${dispatch}`
const settings = (a: Selection, b: Selection): string[] =>
  contrastSettings(study, { a, b }).map((pair) => `${label(pair.a)} vs ${label(pair.b)}`)

describe('contrastSettings', () => {
  it('has a pair for each setting of the factors that neither names, and no setting that only one of them has', () => {
    expect(settings({ workers: 2 }, { workers: 4 })).toHaveLength(4)
    expect(settings({ workers: 1 }, { workers: 2 })).toEqual([
      '1 10000 split vs 2 10000 split',
      '1 10000 queue vs 2 10000 queue',
    ])
  })

  it('takes what one of them names as the level of both', () => {
    expect(settings({ workers: 2, batchSize: 20_000 }, { workers: 4, dispatch: 'queue' })).toEqual([
      '2 20000 queue vs 4 20000 queue',
    ])
  })

  it('contrasts several factors that both name', () => {
    expect(settings({ workers: 2, batchSize: 20_000 }, { workers: 4, batchSize: 10_000 })).toEqual([
      '2 20000 split vs 4 10000 split',
      '2 20000 queue vs 4 10000 queue',
    ])
  })

  it('throws what is wrong with selections that have no setting in common', () => {
    expect(() => settings({ workers: 2 }, { workers: 2 })).toThrow(RangeError)
    expect(() => settings({ workers: 2 }, { workers: 3 })).toThrow(
      '`b.workers` to be a level of study simulated (1, 2, 4), got 3',
    )
    expect(() => settings({ workers: 2 }, { batchSize: 10_000 })).toThrow(RangeError)
  })
})
