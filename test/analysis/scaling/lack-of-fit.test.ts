import { describe, expect, it } from 'vitest'
import { lackOfFit } from '../../../src/analysis/scaling/lack-of-fit.js'
import { fitUsl } from '../../../src/analysis/scaling/usl.js'
import { uslThroughput } from '../../../src/analysis/scaling/usl-curve.js'
import { makeNoise } from './noise.js'

const workers = [1, 2, 4, 8, 16, 32].flatMap((count) => [count, count, count])

describe('lackOfFit', () => {
  it('lackOfFit splits the residual sum of squares into what the curve misses and pure error', () => {
    // By hand: means 11, 19, 33, 40; pure error 2 + 2 + 0 + 8 = 12 on 4 degrees of freedom; missed
    // 2 · (1 + 1 + 1 + 0) = 6 on 2.
    const observations = { workers: [1, 2, 3, 4, 1, 2, 3, 4], throughput: [10, 18, 33, 38, 12, 20, 33, 42] }
    const test = lackOfFit(observations, { fitted: [10, 20, 32, 40, 10, 20, 32, 40], degreesOfFreedom: 6 })!
    expect(test).toMatchObject({ df1: 2, df2: 4 })
    expect(test.f).toBeCloseTo(1, 12)
    // P(F > 1) with 2 and 4 degrees of freedom is (4 / (4 + 2))².
    expect(test.p).toBeCloseTo(4 / 9, 12)
  })

  it('lackOfFit rejects the law where throughput rises in a straight line and then stays', () => {
    const noise = makeNoise(3)
    const observations = { workers, throughput: workers.map((count) => 100 * Math.min(count, 8) + noise(10)) }
    const fit = fitUsl(observations)
    expect(fit.status === 'converged' && lackOfFit(observations, fit)!.p).toBeLessThan(1e-4)
  })

  it('lackOfFit rejects a law that holds as often as its level says', () => {
    const noise = makeNoise(5)
    const law = { alpha: 0.1, beta: 0.003, gamma: 100 }
    const rejected = Array.from({ length: 100 }, () => {
      const observations = { workers, throughput: workers.map((count) => uslThroughput(law, count) + noise(15)) }
      const fit = fitUsl(observations)
      return fit.status === 'converged' && lackOfFit(observations, fit)!.p < 0.1
    }).filter(Boolean)
    expect(rejected.length).toBeGreaterThan(10 - 9)
    expect(rejected.length).toBeLessThan(10 + 9)
  })

  it('lackOfFit has no answer without replicates, and without more numbers of workers than parameters', () => {
    expect(
      lackOfFit({ workers: [1, 2, 3, 4], throughput: [1, 2, 3, 4] }, { fitted: [1, 2, 3, 4], degreesOfFreedom: 1 }),
    ).toBeNull()
    const three = { workers: [1, 2, 3, 1, 2, 3], throughput: [1, 2, 3, 1.1, 2, 3] }
    expect(lackOfFit(three, { fitted: [1, 2, 3, 1, 2, 3], degreesOfFreedom: 3 })).toBeNull()
  })

  it('lackOfFit of replicates that are all equal rejects every curve but the one through them', () => {
    const observations = { workers: [1, 2, 1, 2], throughput: [1, 2, 1, 2] }
    expect(lackOfFit(observations, { fitted: [1, 2, 1, 2], degreesOfFreedom: 3 })).toMatchObject({ f: 0, p: 1 })
    expect(lackOfFit(observations, { fitted: [1, 1.9, 1, 1.9], degreesOfFreedom: 3 })).toMatchObject({ p: 0 })
  })

  it('lackOfFit refuses a fit of other observations', () => {
    const observations = { workers: [1, 2, 1, 2], throughput: [1, 2, 1, 2] }
    expect(() => lackOfFit(observations, { fitted: [1, 2], degreesOfFreedom: 3 })).toThrow(
      '`fitted` to hold one value per observation, got 2 for 4',
    )
    expect(() => lackOfFit(observations, { fitted: [1, 2, 1, Number.NaN], degreesOfFreedom: 3 })).toThrow(/got NaN/)
    expect(() => lackOfFit(observations, { fitted: [1, 2, 1, 2], degreesOfFreedom: 4 })).toThrow(/below 4, got 4/)
    expect(() => lackOfFit({ workers: [1], throughput: [0] }, { fitted: [1], degreesOfFreedom: 0 })).toThrow(
      /`throughput`/,
    )
  })
})
