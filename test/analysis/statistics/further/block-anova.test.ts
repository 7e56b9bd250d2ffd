import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockAnova } from '../../../../src/analysis/statistics/further/block-anova.js'
import { partialF, withoutEffects } from '../../../../src/analysis/statistics/least-squares.js'
import { tTest } from '../../../../src/analysis/statistics/t-interval.js'
import { differences, readKnownAnswers } from '../../known-answers.js'

const { sleep } = readKnownAnswers().t_tests

const matrices = fc
  .tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  )
  .filter((matrix) => blockAnova(matrix).residualMeanSquare > 1e-3)

describe('blockAnova', () => {
  it('blockAnova of two treatments is the square of the paired t test', () => {
    const { treatment, residualMeanSquare, residualDf } = blockAnova(sleep.a.map((value, k) => [value, sleep.b[k]!]))
    const effect = differences(sleep.a, sleep.b)
    expect(treatment.f).toBeCloseTo(readKnownAnswers().t_tests.sleep.paired.t ** 2, 9)
    expect(treatment.p).toBeCloseTo(tTest(effect)!, 13)
    expect(residualDf).toBe(9)
    const centre = effect.reduce((sum, value) => sum + value, 0) / effect.length
    const squares = effect.reduce((sum, value) => sum + (value - centre) ** 2, 0)
    expect(residualMeanSquare).toBeCloseTo(squares / 9 / 2, 12)
  })

  it('blockAnova is the extra sum of squares of treatments given blocks, and of blocks given treatments', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const { treatment, block, residualMeanSquare, residualDf } = blockAnova(matrix)
        const values = matrix.flat()
        const blocks = matrix.flatMap((row, k) => row.map(() => k))
        const treatments = matrix.flatMap((row) => row.map((_, k) => k))
        for (const [effect, test] of [
          [treatment, partialF(values, treatments, [blocks])!],
          [block, partialF(values, blocks, [treatments])!],
        ] as const) {
          expect([effect.df, residualDf]).toEqual([test.df1, test.df2])
          expect(effect.f).toBeCloseTo(test.f, 6)
          expect(effect.p).toBeCloseTo(test.p, 9)
        }
        const left = withoutEffects(values, [blocks, treatments]).reduce((sum, value) => sum + value ** 2, 0)
        expect(residualMeanSquare * residualDf).toBeCloseTo(left, 8)
      }),
    )
  })

  it('blockAnova knows no shift of a block, and exchanges blocks and treatments with rows and columns', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const there = blockAnova(matrix)
        const moved = blockAnova(matrix.map((row, k) => row.map((value) => 2 * value + k)))
        expect(moved.treatment.p).toBeCloseTo(there.treatment.p, 8)
        expect(moved.residualMeanSquare).toBeCloseTo(4 * there.residualMeanSquare, 8)
        const turned = blockAnova(matrix[0]!.map((_, k) => matrix.map((row) => row[k]!)))
        expect(turned.treatment.f).toBeCloseTo(there.block.f, 8)
        expect(turned.block.f).toBeCloseTo(there.treatment.f, 8)
      }),
    )
  })

  it('blockAnova of effects that add up without error is sure of them', () => {
    const additive = [
      [1, 2],
      [3, 4],
    ]
    expect(blockAnova(additive)).toEqual({
      treatment: { df: 1, f: Number.POSITIVE_INFINITY, p: 0 },
      block: { df: 1, f: Number.POSITIVE_INFINITY, p: 0 },
      residualMeanSquare: 0,
      residualDf: 1,
    })
    const constant = [
      [5, 5],
      [5, 5],
    ]
    expect(blockAnova(constant).treatment).toEqual({ df: 1, f: 0, p: 1 })
  })

  it('blockAnova refuses tables that are too small, ragged or hold what is no finite number', () => {
    expect(() => blockAnova([])).toThrow('at least 2 rows, got 0')
    expect(() => blockAnova([[1, 2, 3]])).toThrow('at least 2 rows, got 1')
    expect(() => blockAnova([[1], [2]])).toThrow('at least 2 numbers, got 1')
    expect(() =>
      blockAnova([
        [1, 2],
        [1, 2, 3],
      ]),
    ).toThrow('equal length')
    expect(() =>
      blockAnova([
        [1, 2],
        [1, Number.POSITIVE_INFINITY],
      ]),
    ).toThrow('got Infinity at index 1')
  })
})
