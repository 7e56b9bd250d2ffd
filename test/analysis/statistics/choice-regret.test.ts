import t from '@stdlib/stats-base-dists-t'
import { describe, expect, it } from 'vitest'
import { blocksForRegret, choiceRegret } from '../../../src/analysis/statistics/choice-regret.js'
import { makeRandom } from '../../../src/analysis/statistics/numerics/random.js'
import { tInterval } from '../../../src/analysis/statistics/t-interval.js'

/** Four blocks of three treatments. */
const matrix = [
  [10, 11, 14],
  [12, 12, 15],
  [11, 13, 17],
  [9, 10, 12],
]

describe('choiceRegret', () => {
  it('takes the best mean, and for two treatments the one-sided bound of their paired differences', () => {
    const two = matrix.map(([a, b]) => [a!, b!])
    const { chosen, upper, others } = choiceRegret(two, { goal: 'min', level: 0.8 })
    const { value, interval } = tInterval([1, 0, 2, 1], { level: 0.6 })
    expect(chosen).toBe(0)
    expect(others).toHaveLength(1)
    expect(others[0]!.deficit).toBe(value)
    expect(others[0]!.atMost).toBeCloseTo(-interval!.lower, 12)
    expect(upper).toBe(0)
  })

  it("gives every difference its own spread, at Bonferroni's level", () => {
    const { others, upper } = choiceRegret(matrix, { goal: 'min', level: 0.9999 })
    const critical = t.quantile(1 - 0.0001 / 2, 3)
    expect(others.map(({ treatment }) => treatment)).toEqual([1, 2])
    expect(others[0]!.sd).toBeCloseTo(Math.sqrt(2 / 3), 12)
    for (const { deficit, sd, atMost } of others) expect(atMost).toBeCloseTo((critical * sd) / 2 - deficit, 9)
    expect(upper).toBe(Math.max(...others.map(({ atMost }) => atMost)))
  })

  it('is the same whatever the blocks share, and mirrored where more is better', () => {
    const found = choiceRegret(matrix, { goal: 'min', level: 0.999 })
    const shifted = matrix.map((row, block) => row.map((value) => value + 1000 * block))
    const mirrored = matrix.map((row) => row.map((value) => -value))
    expect(choiceRegret(shifted, { goal: 'min', level: 0.999 }).upper).toBeCloseTo(found.upper, 9)
    expect(choiceRegret(mirrored, { goal: 'max', level: 0.999 })).toEqual(found)
  })

  it('is 0 of equal constant treatments', () => {
    expect(
      choiceRegret(
        [
          [1, 1, 2],
          [1, 1, 2],
        ],
        { goal: 'min' },
      ).upper,
    ).toBe(0)
  })

  it('refuses a single block, a single treatment and a level that is none', () => {
    expect(() => choiceRegret([[1, 2]], { goal: 'min' })).toThrow(/at least 2 rows/)
    expect(() => choiceRegret([[1], [2]], { goal: 'min' })).toThrow(/at least 2 numbers/)
    expect(() => choiceRegret(matrix, { goal: 'min', level: 1 })).toThrow(/`level`/)
  })
})

describe('blocksForRegret', () => {
  const rivals = [
    { deficit: 0, sd: 0.03 },
    { deficit: 0.01, sd: 0.05 },
  ]

  it('is the fewest blocks whose bound is small enough', () => {
    const upper = 0.02
    const bound = (blocks: number): number =>
      Math.max(
        ...rivals.map(({ deficit, sd }) => (t.quantile(1 - 0.05 / 2, blocks - 1) * sd) / Math.sqrt(blocks) - deficit),
      )
    const blocks = blocksForRegret(rivals, { upper, least: 6 })!
    expect(blocks).toBeGreaterThan(6)
    expect(bound(blocks)).toBeLessThanOrEqual(upper)
    expect(bound(blocks - 1)).toBeGreaterThan(upper)
  })

  it('is never below the floor, and null beyond 10,000 blocks', () => {
    expect(blocksForRegret(rivals, { upper: 1, least: 6 })).toBe(6)
    expect(blocksForRegret(rivals, { upper: 1e-6, least: 6 })).toBeNull()
  })

  it('foretells the bound of a study of n blocks', () => {
    const random = makeRandom(4)
    const blocks = blocksForRegret([{ deficit: 0, sd: 0.03 }], { upper: 0.01, least: 6 })!
    const uppers = Array.from({ length: 200 }, () => {
      const rows = Array.from({ length: blocks }, () => [0, 0.03 * random.normal()])
      const [other] = choiceRegret(rows, { goal: 'min' }).others
      return other!.deficit + other!.atMost
    })
    expect(uppers.reduce((sum, upper) => sum + upper, 0) / uppers.length).toBeCloseTo(0.01, 3)
  })
})
