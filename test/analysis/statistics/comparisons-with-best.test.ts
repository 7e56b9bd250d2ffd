import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparisonsWithBest } from '../../../src/analysis/statistics/comparisons-with-best.js'
import { dunnettCritical } from '../../../src/analysis/statistics/dunnett-critical.js'
import { withoutEffects } from '../../../src/analysis/statistics/least-squares.js'
import { type ComparisonsWithBest, meansWithBest } from '../../../src/analysis/statistics/means-with-best.js'
import { mean } from '../../../src/analysis/statistics/numerics/moments.js'
import { tInterval } from '../../../src/analysis/statistics/t-interval.js'
import { readKnownAnswersBest } from '../known-answers-best.js'

const { mcb_insectsprays_min: sprays } = readKnownAnswersBest()

describe('meansWithBest', () => {
  it('meansWithBest gives the intervals and the best set of the insect sprays', () => {
    const groups = Array.from({ length: 6 }, (_, spray) => sprays.count.slice(12 * spray, 12 * (spray + 1)))
    const means = groups.map(mean)
    const squares = groups.flatMap((group, i) => group.map((value) => (value - means[i]!) ** 2))
    const error = Math.sqrt((2 * squares.reduce((sum, square) => sum + square, 0)) / 66 / 12)
    const { best, intervals } = meansWithBest(means, { goal: 'min', error, df: 66 })
    expect(best.map((spray) => 'ABCDEF'[spray])).toEqual(sprays.best_set)
    // The case's w rests on random integration, and has 4 decimals. C has the least mean, and E the
    // next: C's interval ends above 0, E's below.
    const ahead = means[2]! - means[4]!
    expect(intervals[2]!.lower).toBeCloseTo(ahead - sprays.w, 3)
    expect(intervals[2]!.upper).toBeCloseTo(ahead + sprays.w, 3)
    expect(intervals[4]!.lower).toBeCloseTo(-ahead - sprays.w, 3)
    expect(intervals[4]!.upper).toBeCloseTo(-ahead + sprays.w, 3)
    expect(intervals[0]).toEqual({ level: 0.95, lower: 0, upper: expect.closeTo(means[0]! - means[2]! + sprays.w, 3) })
  })

  it('meansWithBest without error knows the best, and takes equal means for the best together', () => {
    expect(meansWithBest([3, 1, 2], { goal: 'max', error: 0, df: 4 })).toEqual({
      best: [0],
      intervals: [
        { level: 0.95, lower: 0, upper: 1 },
        { level: 0.95, lower: -2, upper: 0 },
        { level: 0.95, lower: -1, upper: 0 },
      ],
    })
    expect(meansWithBest([3, 1, 1], { goal: 'min', error: 0, df: 4 })).toEqual({
      best: [1, 2],
      intervals: [
        { level: 0.95, lower: 0, upper: 2 },
        { level: 0.95, lower: 0, upper: 0 },
        { level: 0.95, lower: 0, upper: 0 },
      ],
    })
  })

  it('meansWithBest refuses a single mean, another goal, an error below 0 and a level that guessing reaches', () => {
    expect(() => meansWithBest([1], { goal: 'max', error: 1, df: 4 })).toThrow('`means` to hold at least 2 numbers')
    expect(() => meansWithBest([1, 2], { goal: 'most' as 'max', error: 1, df: 4 })).toThrow(
      '`goal` to be one of min, max, got "most"',
    )
    expect(() => meansWithBest([1, 2], { goal: 'max', error: -1, df: 4 })).toThrow('`error` to be a number from 0')
    expect(() => meansWithBest([1, 2], { goal: 'max', error: 1, df: 0 })).toThrow('`df` to be a number from 1, got 0')
    expect(() => meansWithBest([1, 2, 3, 4], { goal: 'max', error: 1, df: 4, level: 0.25 })).toThrow(
      '`level` to be a number between 0.25 and 1, got 0.25',
    )
  })
})

const cell = fc.integer({ min: -1000, max: 1000 })
/** Two to six blocks of two to five treatments. */
const matrices = fc
  .tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 5 }))
  .chain(([blocks, treatments]) =>
    fc.array(fc.array(cell, { minLength: treatments, maxLength: treatments }), {
      minLength: blocks,
      maxLength: blocks,
    }),
  )
const goals = fc.constantFrom('min' as const, 'max' as const)

/**
 * Whether two answers are the same but for rounding. A treatment at the brink may count as either.
 */
function expectSame(actual: ComparisonsWithBest, expected: ComparisonsWithBest, goal: 'min' | 'max', scale = 1): void {
  expected.intervals.forEach(({ lower, upper }, i) => {
    expect(Math.abs(actual.intervals[i]!.lower - scale * lower)).toBeLessThan(1e-8 * (1 + Math.abs(scale)))
    expect(Math.abs(actual.intervals[i]!.upper - scale * upper)).toBeLessThan(1e-8 * (1 + Math.abs(scale)))
    if (Math.abs(goal === 'max' ? upper : lower) > 1e-8) {
      expect(actual.best.includes(i)).toBe(expected.best.includes(i))
    }
  })
}

describe('comparisonsWithBest', () => {
  it('comparisonsWithBest rests on the residual of blocks and treatments', () => {
    const matrix = [
      [10.1, 11.9, 10.4, 13],
      [9.2, 12.3, 9.9, 12.1],
      [11.4, 12.8, 11, 14.2],
      [8.7, 10.1, 9.3, 11.8],
      [10, 11.7, 10.6, 12.2],
    ]
    const rest = withoutEffects(matrix.flat(), [
      matrix.flatMap((row, block) => row.map(() => block)),
      matrix.flatMap((row) => row.map((_, treatment) => treatment)),
    ])
    const meanSquare = rest.reduce((sum, value) => sum + value ** 2, 0) / 12
    const width = dunnettCritical(3, 12, 0.9) * Math.sqrt((2 * meanSquare) / 5)
    const means = [0, 1, 2, 3].map((treatment) => mean(matrix.map((row) => row[treatment]!)))
    const { best, intervals } = comparisonsWithBest(matrix, { goal: 'min', level: 0.9 })
    expect(best).toEqual([0, 2])
    expect(intervals[0]!.lower).toBeCloseTo(means[0]! - means[2]! - width, 9)
    expect(intervals[0]!.upper).toBeCloseTo(means[0]! - means[2]! + width, 9)
    expect(intervals[3]).toEqual({ level: 0.9, lower: 0, upper: expect.closeTo(means[3]! - means[0]! + width, 9) })
  })

  it('comparisonsWithBest of two treatments has the bounds of the one-sided paired t intervals', () => {
    const matrix = [
      [5.1, 4.8],
      [6.3, 6.4],
      [5.8, 5.5],
      [7.2, 7],
    ]
    const paired = tInterval(
      matrix.map(([a, b]) => a! - b!),
      { level: 0.9 },
    )
    const { best, intervals } = comparisonsWithBest(matrix, { goal: 'max' })
    expect(best).toEqual([0, 1])
    expect(intervals[0]!.lower).toBeCloseTo(paired.interval!.lower, 9)
    expect(intervals[0]!.upper).toBeCloseTo(paired.interval!.upper, 9)
    expect(intervals[1]!.lower).toBeCloseTo(-paired.interval!.upper, 9)
  })

  it('comparisonsWithBest with logScale gives ratios, whatever the unit', () => {
    const seconds = [
      [1.2, 0.8, 0.82],
      [2.5, 1.6, 1.7],
      [0.62, 0.41, 0.4],
      [1.9, 1.2, 1.25],
    ]
    const ratios = comparisonsWithBest(seconds, { goal: 'min', logScale: true })
    const logs = comparisonsWithBest(
      seconds.map((row) => row.map(Math.log)),
      { goal: 'min' },
    )
    expect(ratios.best).toEqual([1, 2])
    expect(ratios.intervals).toEqual(
      logs.intervals.map(({ level, lower, upper }) => ({ level, lower: Math.exp(lower), upper: Math.exp(upper) })),
    )
    expect(ratios.intervals[0]!.lower).toBe(1)
    const milliseconds = seconds.map((row) => row.map((value) => 1000 * value))
    expectSame(comparisonsWithBest(milliseconds, { goal: 'min', logScale: true }), ratios, 'min')
  })

  it('comparisonsWithBest of equal columns takes all for the best', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 2, max: 8 }),
        goals,
        (column, treatments, goal) => {
          const matrix = column.map((value) => new Array<number>(treatments).fill(value))
          const { best, intervals } = comparisonsWithBest(matrix, { goal })
          expect(best).toEqual(Array.from({ length: treatments }, (_, i) => i))
          for (const { lower, upper } of intervals) {
            expect(lower).toBeCloseTo(0, 6)
            expect(upper).toBeCloseTo(0, 6)
          }
        },
      ),
    )
  })

  it('comparisonsWithBest names a best treatment always, and every interval reaches 0', () => {
    fc.assert(
      fc.property(matrices, goals, (matrix, goal) => {
        const { best, intervals } = comparisonsWithBest(matrix, { goal })
        expect(best.length).toBeGreaterThan(0)
        intervals.forEach(({ lower, upper }, i) => {
          expect(lower).toBeLessThanOrEqual(0)
          expect(upper).toBeGreaterThanOrEqual(0)
          const worse = goal === 'max' ? upper === 0 : lower === 0
          if (!best.includes(i)) expect(worse).toBe(true)
        })
      }),
    )
  })

  it('comparisonsWithBest follows the columns when they change places', () => {
    fc.assert(
      fc.property(matrices, goals, (matrix, goal) => {
        const { best, intervals } = comparisonsWithBest(matrix, { goal })
        const last = intervals.length - 1
        const turned = comparisonsWithBest(
          matrix.map((row) => [...row].reverse()),
          { goal },
        )
        expectSame(
          { best: turned.best.map((i) => last - i), intervals: [...turned.intervals].reverse() },
          { best, intervals },
          goal,
        )
      }),
    )
  })

  it('comparisonsWithBest does not see what a whole block adds, and scales with the values', () => {
    fc.assert(
      fc.property(matrices, goals, fc.array(cell, { minLength: 6, maxLength: 6 }), (matrix, goal, added) => {
        const answer = comparisonsWithBest(matrix, { goal })
        const moved = matrix.map((row, block) => row.map((value) => value + added[block]!))
        expectSame(comparisonsWithBest(moved, { goal }), answer, goal)
        const scaled = matrix.map((row) => row.map((value) => 3 * value))
        expectSame(comparisonsWithBest(scaled, { goal }), answer, goal, 3)
      }),
    )
  })

  it("comparisonsWithBest for 'max' of the negated values mirrors 'min'", () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const least = comparisonsWithBest(matrix, { goal: 'min' })
        const most = comparisonsWithBest(
          matrix.map((row) => row.map((value) => 0 - value)),
          { goal: 'max' },
        )
        expect(most.best).toEqual(least.best)
        expect(most.intervals).toEqual(
          least.intervals.map(({ level, lower, upper }) => ({ level, lower: 0 - upper, upper: 0 - lower })),
        )
      }),
    )
  })

  it('comparisonsWithBest refuses what is no set of complete blocks', () => {
    const goal = 'max'
    expect(() => comparisonsWithBest([[1, 2]], { goal })).toThrow('`matrix` to hold at least 2 rows, got 1')
    expect(() => comparisonsWithBest([[1], [2]], { goal })).toThrow('`matrix[0]` to hold at least 2 numbers, got 1')
    expect(() =>
      comparisonsWithBest(
        [
          [1, 2],
          [1, 2, 3],
        ],
        { goal },
      ),
    ).toThrow('`matrix` to have rows of equal length, got 2 and 3 numbers')
    expect(() =>
      comparisonsWithBest(
        [
          [1, 2],
          [1, Number.NaN],
        ],
        { goal },
      ),
    ).toThrow('`matrix[1]` to hold finite numbers only, got NaN at index 1')
    expect(() =>
      comparisonsWithBest(
        [
          [1, 2],
          [0, 1],
        ],
        { goal, logScale: true },
      ),
    ).toThrow('`matrix[1]` to hold numbers above 0 only, got 0 at index 0')
    expect(() => comparisonsWithBest(7 as unknown as number[][], { goal })).toThrow(
      '`matrix` to be a list of rows, got 7',
    )
  })
})
