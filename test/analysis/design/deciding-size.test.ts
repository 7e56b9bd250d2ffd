import normal from '@stdlib/stats-base-dists-normal'
import { describe, expect, it } from 'vitest'
import { decidingBlocks, decidingSessions, type SizeLimits } from '../../../src/analysis/design/deciding-size.js'
import {
  decidedShare,
  isOnEdge,
  type PlannedStudy,
  simulatedVerdicts,
} from '../../../src/analysis/design/simulated-verdicts.js'
import { requiredBlocks } from '../../../src/analysis/statistics/required-blocks.js'
import { type Claim, checkedClaim } from '../../../src/study/claim.js'
import { readKnownAnswers } from '../known-answers.js'

const { required_blocks: table } = readKnownAnswers()
const limits: SizeLimits = { power: 0.9, minReplicates: 6, maxBlocks: 2000, seed: 1 }

/** Deviations of a normal distribution whose root mean square is the standard deviation. */
function normalDeviations(sd: number): number[] {
  const quantiles = Array.from({ length: 2000 }, (_, k) => normal.quantile((k + 0.5) / 2000, 0, 1))
  const scale = sd / Math.sqrt(quantiles.reduce((sum, one) => sum + one ** 2, 0) / quantiles.length)
  return quantiles.map((one) => one * scale)
}

const planned = (claim: Claim, truth: number, changes: Partial<PlannedStudy> = {}): PlannedStudy => ({
  claim: checkedClaim(claim, 'totalMs').bounds,
  truth,
  margin: 0.02,
  level: 0.95,
  deviations: normalDeviations(0.05),
  sessionSd: 0,
  ...changes,
})

/** Whether there is a difference at all: the margin is too small for any interval to lie in. */
const different = (effect: number, changes: Partial<PlannedStudy>): PlannedStudy =>
  planned({ moreBy: [0, null] }, 1 + effect, { margin: 1e-9, ...changes })

describe('decidingBlocks', () => {
  it.each(table.rows)(
    'decidingBlocks gives the blocks of power.t.test for a difference from none, for a standard deviation of $sd',
    ({ sd, blocks }) => {
      for (const [k, effect] of table.effects.entries()) {
        const found = decidingBlocks(different(effect, { deviations: normalDeviations(sd) }), limits)
        const exact = Math.max(6, blocks[k]!)
        expect(Math.abs(found!.replicates - exact), `${sd}, ${effect}`).toBeLessThanOrEqual(Math.max(1, 0.03 * exact))
      }
    },
  )

  it('decidingBlocks asks how far the truth is from the edge of the band, not from no difference', () => {
    const effect = 0.963 / 0.95 - 1
    const found = decidingBlocks(planned({ fasterBy: [0.05, 0.15] }, 0.963), limits)!
    const exact = requiredBlocks({ sd: 0.05, effect })
    expect(Math.abs(found.replicates - exact)).toBeLessThanOrEqual(0.04 * exact)
    expect(found.verdicts.refuted).toBeGreaterThanOrEqual(0.9)
    expect(found.replicates).toBeGreaterThan(5 * requiredBlocks({ sd: 0.05, effect: 0.037 }))
  })

  it('decidingBlocks needs more for a higher power, a higher level and more spread', () => {
    const blocks = (changes: Partial<PlannedStudy>, power = 0.9): number =>
      decidingBlocks(planned({ fasterBy: [0.05, 0.15] }, 0.9, changes), { ...limits, power })!.replicates
    const base = blocks({})
    expect(blocks({}, 0.99)).toBeGreaterThan(base)
    expect(blocks({ level: 0.997 })).toBeGreaterThan(base)
    expect(blocks({ deviations: normalDeviations(0.1) })).toBeGreaterThan(2 * base)
  })

  it('decidingBlocks gives no fewer blocks than a verdict needs, and none beyond the most', () => {
    const clear = planned({ fasterBy: [0.05, null] }, 0.5)
    expect(decidingBlocks(clear, limits)!.replicates).toBe(6)
    expect(decidingBlocks(clear, { ...limits, minReplicates: 10 })!.replicates).toBe(10)
    expect(decidingBlocks(clear, { ...limits, minReplicates: 10, maxBlocks: 9 })).toBeNull()
    expect(decidingBlocks(planned({ fasterBy: [0.05, 0.15] }, 0.9499), limits)).toBeNull()
  })

  it('decidingBlocks decides at once where nothing varies', () => {
    const still = planned({ fasterBy: [0.05, 0.15] }, 0.9, { deviations: [0, 0, 0, 0, 0, 0] })
    expect(decidingBlocks(still, limits)).toMatchObject({ replicates: 6, verdicts: { supported: 1 } })
  })
})

describe('decidingSessions', () => {
  it.each([0.005, 0.01, 0.03])(
    'decidingSessions gives the sessions of power.t.test for means that differ by %s and by their blocks',
    (sessionSd) => {
      const found = decidingSessions(different(0.03, { sessionSd }), limits)!
      const sd = Math.sqrt(sessionSd ** 2 + 0.05 ** 2 / found.blocks)
      const exact = Math.max(6, requiredBlocks({ sd, effect: 0.03 }))
      expect(Math.abs(found.replicates - exact)).toBeLessThanOrEqual(1)
      expect(found.blocks).toBeLessThanOrEqual(Math.ceil((0.05 / sessionSd) ** 2))
      expect(found.verdicts.supported).toBeGreaterThanOrEqual(0.9)
    },
  )

  it('decidingSessions needs the fewest sessions where they do not differ, and none where they differ too much', () => {
    expect(decidingSessions(different(0.05, {}), limits)).toMatchObject({ replicates: 6 })
    expect(decidingSessions(different(0.01, { sessionSd: 0.5 }), limits)).toBeNull()
  })
})

describe('simulatedVerdicts', () => {
  it('simulatedVerdicts errs at the level where there is no difference', () => {
    const verdicts = simulatedVerdicts(different(0, {}), { replicates: 20, blocks: 1 }, 7)
    expect(verdicts.supported).toBeGreaterThan(0.025 - 3 * 0.0025)
    expect(verdicts.supported).toBeLessThan(0.025 + 3 * 0.0025)
    expect(verdicts.supported + verdicts.equivalent + verdicts.refuted + verdicts.undecided).toBeCloseTo(1, 12)
  })

  it('simulatedVerdicts draws the same studies again by the same seed', () => {
    const study = planned({ fasterBy: [0.05, 0.15] }, 0.93)
    const size = { replicates: 12, blocks: 3 }
    expect(simulatedVerdicts(study, size, 5)).toEqual(simulatedVerdicts(study, size, 5))
    expect(simulatedVerdicts(study, size, 5)).not.toEqual(simulatedVerdicts(study, size, 6))
  })

  it('decidedShare counts every verdict that is true, and no other', () => {
    const shares = { supported: 0.1, equivalent: 0.2, refuted: 0.3, undecided: 0.4 }
    const share = (claim: Claim, truth: number, margin: number): number =>
      decidedShare(shares, planned(claim, truth, { margin }))
    expect(share({ fasterBy: [0.05, 0.15] }, 0.9, 0.02)).toBeCloseTo(0.1, 12)
    expect(share({ fasterBy: [0.05, 0.15] }, 0.963, 0.02)).toBeCloseTo(0.3, 12)
    expect(share({ fasterBy: [0.05, 0.15] }, 0.963, 0.05)).toBeCloseTo(0.5, 12)
    expect(share({ fasterBy: [0, null] }, 0.99, 0.02)).toBeCloseTo(0.3, 12)
  })
})

describe('isOnEdge', () => {
  it.each([
    [{ fasterBy: [0.05, 0.15] }, 0.95, true],
    [{ fasterBy: [0.05, 0.15] }, 0.85, true],
    [{ fasterBy: [0.05, 0.15] }, 0.963, false],
    [{ ratio: [0, 1.05] }, 1.05, true],
    // A band that begins within the margin has no edge there: no difference is equivalent.
    [{ fasterBy: [0, null] }, 1, false],
    [{ fasterBy: [0, null] }, 1 / 1.02, false],
    [{ fasterBy: [0, null] }, 1.02, false],
  ] as const)('isOnEdge of %j at a ratio of %s is %s', (claim, truth, expected) => {
    expect(isOnEdge(planned(claim, truth))).toBe(expected)
  })
})
