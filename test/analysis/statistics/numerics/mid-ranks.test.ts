import { describe, expect, it } from 'vitest'
import { midRanks } from '../../../../src/analysis/statistics/numerics/mid-ranks.js'

describe('midRanks', () => {
  it('midRanks gives tied values the mean of their ranks, and says how many are tied', () => {
    expect(midRanks([30, 10, 20])).toEqual({ doubledRanks: [6, 2, 4], tieSizes: [] })
    expect(midRanks([2, 1, 2, 3, 1, 2])).toEqual({ doubledRanks: [8, 3, 8, 12, 3, 8], tieSizes: [2, 3] })
    expect(midRanks([])).toEqual({ doubledRanks: [], tieSizes: [] })
  })
})
