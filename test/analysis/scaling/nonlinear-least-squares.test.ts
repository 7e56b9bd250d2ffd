import { describe, expect, it } from 'vitest'
import {
  type ConvergedLeastSquares,
  fitLeastSquares,
  type LeastSquaresProblem,
} from '../../../src/analysis/scaling/nonlinear-least-squares.js'
import { digits, readKnownAnswers } from './known-answers.js'

type Model = LeastSquaresProblem['model']
type Gradient = NonNullable<LeastSquaresProblem['gradient']>

const { cases } = readKnownAnswers().nist_strd_nonlinear

const models: { readonly [name: string]: Model } = {
  Misra1a: (x, [b1, b2]) => b1! * (1 - Math.exp(-b2! * x)),
  Misra1d: (x, [b1, b2]) => (b1! * b2! * x) / (1 + b2! * x),
  DanWood: (x, [b1, b2]) => b1! * x ** b2!,
  Rat42: (x, [b1, b2, b3]) => b1! / (1 + Math.exp(b2! - b3! * x)),
  Chwirut2: (x, [b1, b2, b3]) => Math.exp(-b1! * x) / (b2! + b3! * x),
  MGH09: (x, [b1, b2, b3, b4]) => (b1! * (x ** 2 + x * b2!)) / (x ** 2 + x * b3! + b4!),
}
const gradients: { readonly [name: string]: Gradient } = {
  DanWood: (x, [b1, b2]) => [x ** b2!, b1! * x ** b2! * Math.log(x)],
  MGH09: (x, [b1, b2, b3, b4]) => {
    const [above, below] = [x ** 2 + x * b2!, x ** 2 + x * b3! + b4!]
    return [above / below, (b1! * x) / below, (-b1! * above * x) / below ** 2, (-b1! * above) / below ** 2]
  },
}

const runs = Object.keys(cases).flatMap((name) =>
  (['start1', 'start2'] as const).flatMap((start) =>
    [undefined, gradients[name]].slice(0, gradients[name] ? 2 : 1).map((gradient) => ({ name, start, gradient })),
  ),
)

function fitted(problem: LeastSquaresProblem): ConvergedLeastSquares {
  const fit = fitLeastSquares(problem)
  if (fit.status !== 'converged') throw new Error(fit.reason)
  return fit
}

const line: Model = (x, [a, b]) => a! + b! * x

describe('fitLeastSquares', () => {
  it.each(runs)('fitLeastSquares finds what NIST certifies of $name from $start', ({ name, start, gradient }) => {
    const { x, y, cert, sd, rss, [start]: from } = cases[name]!
    const fit = fitted({ x, y, model: models[name]!, gradient, start: from })
    for (const [k, certified] of cert.entries()) {
      expect(digits(fit.parameters[k]!, certified)).toBeGreaterThan(8)
      expect(digits(fit.standardErrors[k]!, sd[k]!)).toBeGreaterThan(8)
    }
    expect(digits(fit.residualSumOfSquares, rss)).toBeGreaterThan(8)
    expect(fit.degreesOfFreedom).toBe(y.length - cert.length)
    expect(fit.residualStandardError).toBeCloseTo(Math.sqrt(rss / fit.degreesOfFreedom), 8)
  })

  it('fitLeastSquares covers all six cases from both starts', () => {
    expect(Object.keys(models)).toEqual(expect.arrayContaining(Object.keys(cases)))
    expect(runs.filter(({ gradient }) => !gradient)).toHaveLength(12)
  })

  it('fitLeastSquares of a straight line is the linear regression, whatever the units', () => {
    // By hand: Sxx = 5, Sxy = 9.95, Syy = 19.8075, the mean of y 6.075.
    const [x, y] = [
      [1, 2, 3, 4],
      [3.1, 5.1, 7.0, 9.1],
    ]
    for (const unit of [1, 1e-9, 1e12]) {
      const fit = fitted({ x, y: y.map((value) => value * unit), model: line, start: [0, 0] })
      expect(fit.parameters[1]! / unit).toBeCloseTo(1.99, 10)
      expect(fit.parameters[0]! / unit).toBeCloseTo(1.1, 9)
      expect(fit.residualSumOfSquares / unit ** 2).toBeCloseTo(0.007, 10)
      expect(fit.standardErrors[1]! / unit).toBeCloseTo(Math.sqrt(0.0035 / 5), 10)
      expect(fit.residuals[3]! / unit).toBeCloseTo(9.1 - 1.1 - 4 * 1.99, 9)
    }
  })

  it('fitLeastSquares converges on data without error', () => {
    const x = [0, 1, 2, 3, 4]
    const fit = fitted({ x, y: x.map((value) => 2 * Math.exp(-0.7 * value)), model: decay, start: [1, 0.1] })
    expect(digits(fit.parameters[0]!, 2)).toBeGreaterThan(12)
    expect(digits(fit.parameters[1]!, 0.7)).toBeGreaterThan(12)
    expect(fit.standardErrors[0]).toBeLessThan(1e-10)
  })

  it('fitLeastSquares says so when it has not come to the minimum, and never answers with its start', () => {
    const { x, y, start1 } = cases.MGH09!
    expect(fitLeastSquares({ x, y, model: models.MGH09!, start: start1, maxIterations: 5 })).toEqual({
      status: 'not-converged',
      reason: expect.stringMatching(/^After 5 iterations the relative offset is \S+, not below 0.00001\.$/),
    })
  })

  it('fitLeastSquares says so when parameters cannot be distinguished or the model is not finite', () => {
    const twice: Model = (x, [a, b]) => (a! + b!) * x
    expect(fitLeastSquares({ x: [1, 2, 3], y: [2, 4.1, 6], model: twice, start: [1, 2] })).toMatchObject({
      status: 'not-converged',
      reason: 'The observations do not tell parameter 2 apart from those before it.',
    })
    const unused: Model = (x, [a]) => a! * x
    expect(fitLeastSquares({ x: [1, 2, 3], y: [2, 4.1, 6], model: unused, start: [1, 2] })).toMatchObject({
      reason: 'The observations do not tell parameter 2 apart from those before it.',
    })
    const root: Model = (x, [a]) => Math.sqrt(a!) * x
    expect(fitLeastSquares({ x: [1, 2], y: [1, 2.1], model: root, start: [-1] })).toMatchObject({
      reason: 'The model or its gradient is not finite at the start values.',
    })
    expect(fitted({ x: [1, 2], y: [1, 2.1], model: root, start: [400] }).parameters[0]).toBeCloseTo(1.04 ** 2, 10)
  })

  it('fitLeastSquares refuses what it cannot fit', () => {
    const problem = { x: [1, 2, 3], y: [1, 2, 3], model: line, start: [0, 0] }
    expect(() => fitLeastSquares({ ...problem, x: [1, 2] })).toThrow('`x` and `y` to be of equal length, got 2 and 3')
    expect(() => fitLeastSquares({ ...problem, y: [1, 2, Number.NaN] })).toThrow(/`y` .* got NaN at index 2/)
    expect(() => fitLeastSquares({ ...problem, x: [1, 2, Number.POSITIVE_INFINITY] })).toThrow(/`x` .* got Infinity/)
    expect(() => fitLeastSquares({ ...problem, start: [] })).toThrow('`start` to hold at least 1 number, got 0')
    expect(() => fitLeastSquares({ ...problem, start: [1, 2, 3] })).toThrow(
      'Expected more observations than the 3 parameters of `start`, got 3',
    )
    expect(() => fitLeastSquares({ ...problem, maxIterations: 0 })).toThrow(/`maxIterations` .* got 0/)
    expect(() => fitLeastSquares({ ...problem, gradient: () => [1] })).toThrow(
      'Expected `gradient` to give 2 derivatives, got 1',
    )
  })
})

function decay(x: number, [height, rate]: readonly number[]): number {
  return height! * Math.exp(-rate! * x)
}
