import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partialF, partialSlope, withoutEffects } from '../../../src/analysis/statistics/least-squares.js'
import { tTest } from '../../../src/analysis/statistics/t-interval.js'
import { readKnownAnswers } from '../known-answers.js'

const {
  anova: { npk_rcbd: npk },
} = readKnownAnswers()

/**
 * Five blocks of three treatments in random positions, the last trial missing: [block, position,
 * treatment].
 */
const design = [
  [0, 0, 0],
  [0, 1, 1],
  [0, 2, 2],
  [1, 0, 2],
  [1, 1, 0],
  [1, 2, 1],
  [2, 0, 1],
  [2, 1, 2],
  [2, 2, 0],
  [3, 0, 0],
  [3, 1, 2],
  [3, 2, 1],
  [4, 0, 2],
  [4, 1, 1],
] as const
const values = [0.0, 2.1, 3.33, 1.11, 0.35, 1.61, 1.06, 4.14, 1.11, -0.62, 3.29, 2.96, 2.11, 0.87]
const [blocks, positions, treatments] = [0, 1, 2].map((k) => design.map((row) => row[k]!))

describe('partialF', () => {
  it('partialF tests positions beside blocks and treatments as the residual sums of numpy.linalg.lstsq do', () => {
    // numpy 2 and scipy 1.17.1: rank and residual sum of squares of both models, scipy.stats.f.sf.
    const test = partialF(values, positions!, [blocks!, treatments!])!
    expect(test).toMatchObject({ df1: 2, df2: 5 })
    expect(test.f).toBeCloseTo(6.798041220065846, 10)
    expect(test.p).toBeCloseTo(0.03748619446055396, 12)
  })

  it('partialF of two treatments in complete blocks is the square of the paired t test', () => {
    const a = [3.1, 2.7, 4.4, 3.9]
    const b = [2.9, 2.1, 4.5, 3.0]
    const labels = ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b']
    const test = partialF([...a, ...b], labels, [[0, 1, 2, 3, 0, 1, 2, 3]])!
    expect(test.p).toBeCloseTo(tTest(a.map((value, k) => value - b[k]!))!, 12)
  })

  it('partialF has no answer where a factor tells nothing apart, or where nothing is left over', () => {
    expect(partialF([1, 2, 3], ['a', 'a', 'a'], [])).toBeNull()
    expect(partialF([1, 2], ['a', 'b'], [])).toBeNull()
    expect(partialF([5, 5, 5, 5], ['a', 'a', 'b', 'b'], [])).toMatchObject({ f: 0, p: 1 })
  })
})

describe('partialF and partialSlope of values without error', () => {
  const effect = fc.double({ min: -1000, max: 1000, noNaN: true })
  const five = fc.array(effect, { minLength: 5, maxLength: 5 })

  it('find nothing where the other effects are all there is, whatever rounding leaves', () => {
    fc.assert(
      fc.property(five, five, (ofBlock, ofTreatment) => {
        const exact = design.map(([block, , treatment]) => ofBlock[block]! + ofTreatment[treatment]!)
        expect(partialF(exact, positions!, [blocks!, treatments!])).toMatchObject({ f: 0, p: 1 })
        expect(partialSlope(exact, positions!, [blocks!, treatments!])!.pTwoSided).toBe(1)
      }),
    )
  })

  it('find what is there, with a p value of 0', () => {
    const exact = design.map(([block, position, treatment]) => block / 3 + 7 * treatment + 0.1 * position)
    const line = partialSlope(exact, positions!, [blocks!, treatments!])!
    expect(line.slope).toBeCloseTo(0.1, 12)
    expect(line.pTwoSided).toBe(0)
    expect(partialF(exact, positions!, [blocks!, treatments!])).toMatchObject({ f: Number.POSITIVE_INFINITY, p: 0 })
  })
})

describe('partialF of the npk field trial', () => {
  const yields = npk.block_yield_N_P_K.map((plot) => plot[1])
  const [block, n, p, k] = [0, 2, 3, 4].map((column) => npk.block_yield_N_P_K.map((plot) => plot[column]!))
  /**
   * Which plots have both or neither: the one column that an interaction adds to its two factors.
   */
  const both = (some: readonly number[], others: readonly number[]): number[] =>
    some.map((value, plot) => (value === others[plot] ? 1 : 0))
  const effects: { readonly [name: string]: readonly number[] } = {
    block: block!,
    N: n!,
    P: p!,
    K: k!,
    NP: both(n!, p!),
    NK: both(n!, k!),
    PK: both(p!, k!),
  }

  it.each(Object.keys(npk.F))("partialF of %s beside all others is R's", (name) => {
    const others = Object.keys(effects).filter((other) => other !== name)
    const test = partialF(
      yields,
      effects[name]!,
      others.map((other) => effects[other]!),
    )!
    expect(test).toMatchObject({ df1: name === 'block' ? 5 : 1, df2: npk.resid_df })
    expect(test.f).toBeCloseTo(npk.F[name]!, 5)
    if (npk.p[name]) expect(test.p).toBeCloseTo(npk.p[name], 7)
  })

  it("withoutEffects leaves R's residual sum of squares of the same model", () => {
    const rest = withoutEffects(yields, Object.values(effects))
    expect(rest.reduce((sum, value) => sum + value ** 2, 0)).toBeCloseTo(npk.resid_ss, 9)
  })
})

describe('partialSlope', () => {
  it('partialSlope finds the slope beside the treatments as numpy.linalg.lstsq does', () => {
    const line = partialSlope(
      values,
      values.map((_, k) => k + 1),
      [treatments!],
    )!
    expect(line.df).toBe(10)
    expect(line.slope).toBeCloseTo(0.004011907487977915, 12)
    expect(line.pTwoSided).toBeCloseTo(0.9540324952351626, 10)
  })

  it('partialSlope has no answer where x follows from the factors', () => {
    expect(partialSlope([1, 2, 3, 5], [0, 0, 1, 1], [['a', 'a', 'b', 'b']])).toBeNull()
    expect(partialSlope([1, 2], [1, 2], [])).toBeNull()
  })
})

describe('withoutEffects', () => {
  it('withoutEffects leaves nothing of a sum of block and treatment effects', () => {
    const sum = design.map(([block, , treatment]) => 10 * block + 3 ** treatment)
    for (const rest of withoutEffects(sum, [blocks!, treatments!])) expect(rest).toBeCloseTo(0, 10)
  })
})

describe('withoutEffects', () => {
  it('takes out the mean alone where there is no factor, and nothing twice where one factor refines another', () => {
    const values = [1, 4, 2, 8, 5, 7]
    expect(withoutEffects(values, [])).toEqual([-3.5, -0.5, -2.5, 3.5, 0.5, 2.5])
    const [fine, coarse] = [
      [1, 1, 2, 2, 3, 3],
      ['a', 'a', 'b', 'b', 'b', 'b'],
    ]
    expect(withoutEffects(values, [coarse, fine])).toEqual([-1.5, 1.5, -3, 3, -1, 1])
    expect(partialF(values, coarse, [fine])).toBeNull()
  })

  it('takes out 1,000 blocks of 12 treatments without a basis of as many columns', () => {
    const blocks = Array.from({ length: 12_000 }, (_, k) => Math.floor(k / 12))
    const treatments = blocks.map((_, k) => k % 12)
    const rest = withoutEffects(
      blocks.map((block, k) => Math.sin(block) + 3 * treatments[k]!),
      [treatments, blocks],
    )
    expect(Math.max(...rest.map(Math.abs))).toBeLessThan(1e-9)
  })
})
