import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { friedman } from '../../../../src/analysis/statistics/further/friedman.js'
import { readKnownAnswers } from '../../known-answers.js'

const rounding = readKnownAnswers().anova.friedman_rounding

const matrices = fc.tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 2, max: 6 })).chain(([rows, columns]) =>
  fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  }),
)

describe('friedman', () => {
  it("friedman gives R's test of the rounding times, with its ties", () => {
    const { chiSquared, df, p } = friedman(rounding.rows22x3)
    expect(chiSquared).toBeCloseTo(rounding.chi2, 11)
    expect(df).toBe(rounding.df)
    expect(p).toBeCloseTo(rounding.p, 14)
  })

  it('friedman without ties is the formula of Friedman', () => {
    const matrix = [
      [1, 2, 3, 4],
      [1, 3, 2, 4],
      [2, 1, 3, 4],
    ]
    const sums = [4, 6, 8, 12]
    const expected = (12 / (3 * 4 * 5)) * sums.reduce((sum, value) => sum + value ** 2, 0) - 3 * 3 * 5
    expect(friedman(matrix).chiSquared).toBeCloseTo(expected, 12)
  })

  it('friedman looks at the order within blocks alone, and not at the order of treatments', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const { chiSquared, df, p } = friedman(matrix)
        expect(df).toBe(matrix[0]!.length - 1)
        expect(p > 0 && p <= 1).toBe(true)
        expect(chiSquared).toBeLessThanOrEqual(matrix.length * df + 1e-9)
        const stretched = matrix.map((row, block) => row.map((value) => Math.exp(value) + 10 * block))
        expect(friedman(stretched).chiSquared).toBeCloseTo(chiSquared, 10)
        expect(friedman(matrix.map((row) => [...row].reverse())).chiSquared).toBeCloseTo(chiSquared, 10)
        expect(friedman([...matrix].reverse()).chiSquared).toBeCloseTo(chiSquared, 10)
      }),
    )
  })

  it('friedman of blocks that are tied throughout tells nothing', () => {
    const tied = [
      [1, 1, 1],
      [2, 2, 2],
    ]
    expect(friedman(tied)).toEqual({ chiSquared: 0, df: 2, p: 1 })
  })

  it.each([
    [[], '`matrix` to hold at least 2 rows, got 0'],
    [[[1, 2, 3]], '`matrix` to hold at least 2 rows, got 1'],
    [[[1], [2]], '`matrix[0]` to hold at least 2 numbers, got 1'],
    [
      [
        [1, 2],
        [1, 2, 3],
      ],
      'rows of equal length',
    ],
    [
      [
        [1, 2],
        [Number.NaN, 2],
      ],
      'got NaN at index 0',
    ],
  ])('friedman refuses %j', (matrix, message) => {
    expect(() => friedman(matrix)).toThrow(message)
  })
})
