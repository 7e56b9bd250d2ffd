import { describe, expect, it } from 'vitest'
import { compareScalingModels } from '../../../src/analysis/scaling/scaling-models.js'
import { fitUsl } from '../../../src/analysis/scaling/usl.js'
import { uslThroughput } from '../../../src/analysis/scaling/usl-curve.js'
import { readKnownAnswers } from './known-answers.js'
import { makeNoise } from './noise.js'

const { usl, raytracer } = readKnownAnswers()
const specs = { workers: usl.specsdm91.load, throughput: usl.specsdm91.throughput }

describe('compareScalingModels', () => {
  it('compareScalingModels puts the law that made the observations first', () => {
    const workers = [1, 2, 4, 8, 16, 32].flatMap((count) => [count, count, count])
    const laws = {
      linear: { alpha: 0, beta: 0, gamma: 100 },
      amdahl: { alpha: 0.08, beta: 0, gamma: 100 },
      usl: { alpha: 0.08, beta: 0.002, gamma: 100 },
    }
    const noise = makeNoise(2)
    for (const [name, law] of Object.entries(laws)) {
      const throughput = workers.map((count) => uslThroughput(law, count) + noise(10))
      const [first] = compareScalingModels({ workers, throughput })
      expect(first).toMatchObject({ model: name, deltaAicc: 0 })
      expect(first!.weight).toBeGreaterThan(0.5)
    }
  })

  it('compareScalingModels computes AICc from the residual sum, with the variance among the parameters', () => {
    const compared = compareScalingModels(specs)
    const law = compared.find(({ model }) => model === 'usl')!
    const fit = fitUsl(specs)
    expect(fit.status === 'converged' && fit.alpha.value).toBe(law.parameters.alpha)
    // n = 7, k = 4: 7 ln(27453.719584 / 7) + 8 + 2 · 4 · 5 / 2
    expect(law.aicc).toBeCloseTo(7 * Math.log(27453.719584 / 7) + 28, 8)
    expect(compared.map(({ deltaAicc }) => deltaAicc)).toEqual(compared.map(({ aicc }) => aicc! - compared[0]!.aicc!))
    expect(compared.reduce((sum, { weight }) => sum + weight!, 0)).toBeCloseTo(1, 12)
    const [first, second] = compared
    expect(second!.weight! / first!.weight!).toBeCloseTo(Math.exp(-second!.deltaAicc! / 2), 12)
  })

  it('compareScalingModels charges the law for a term that it does not use', () => {
    const [first, second] = compareScalingModels({ workers: raytracer.processors, throughput: raytracer.throughput })
    expect([first!.model, second!.model]).toEqual(['amdahl', 'usl'])
    expect(second!.residualSumOfSquares).toBeCloseTo(first!.residualSumOfSquares, 6)
    // 2k + 2k(k + 1)/(n − k − 1) with n = 11: 6 + 24/7 for k = 3, 8 + 40/6 for k = 4.
    expect(second!.deltaAicc).toBeCloseTo(8 + 40 / 6 - 6 - 24 / 7, 8)
  })

  it('compareScalingModels gives no AICc, and the last places, to models that the observations are too few for', () => {
    const compared = compareScalingModels({ workers: [1, 2, 4, 8], throughput: [10, 19, 33, 47] })
    expect(compared.map(({ model, aicc }) => [model, aicc === null])).toEqual([
      ['linear', false],
      ['amdahl', true],
      ['usl', true],
    ])
    expect(compared[2]).toMatchObject({ deltaAicc: null, weight: null })
    expect(compared[0]).toMatchObject({ deltaAicc: 0, weight: 1 })
  })

  it('compareScalingModels leaves out models with more terms than different numbers of workers', () => {
    const twice = { workers: [1, 4, 1, 4, 1, 4], throughput: [10, 31, 11, 33, 10, 32] }
    expect(compareScalingModels(twice).map(({ model }) => model)).toEqual(['amdahl', 'linear'])
    expect(compareScalingModels({ workers: [2, 2, 2], throughput: [10, 11, 12] })).toMatchObject([
      { model: 'linear', aicc: null, deltaAicc: null, weight: null },
    ])
    expect(compareScalingModels({ workers: [2], throughput: [10] })).toEqual([])
  })

  it('compareScalingModels takes the simplest model where data without error follow it', () => {
    const exact = { workers: [1, 2, 4, 8, 16, 32], throughput: [3, 6, 12, 24, 48, 96] }
    const [first] = compareScalingModels(exact)
    expect(first).toMatchObject({ model: 'linear', parameters: { alpha: 0, beta: 0, gamma: 3 } })
    expect(Number.isFinite(first!.aicc)).toBe(true)
  })

  it('compareScalingModels refuses what is no observation', () => {
    expect(() => compareScalingModels({ workers: [], throughput: [] })).toThrow('`workers` to hold at least 1 number')
    expect(() => compareScalingModels({ workers: [1, 2], throughput: [1, 0] })).toThrow(/`throughput` .* got 0/)
  })
})
