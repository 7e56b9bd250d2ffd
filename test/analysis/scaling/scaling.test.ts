import { describe, expect, it } from 'vitest'
import { uslThroughput } from '../../../src/analysis/scaling/usl-curve.js'
import { fitScaling, simulateStudy } from '../../../src/entries/analysis.js'

const law = { alpha: 0.2, beta: 0.1, gamma: 6000 }
const workers = [1, 2, 3, 4, 6, 8]

describe('fitScaling', () => {
  it('fitScaling takes out what blocks differ by, and pays a degree of freedom for each block but one', () => {
    const study = simulateStudy({
      workers,
      blocks: 12,
      noise: 0.02,
      blockNoise: 0.3,
      observed: false,
      truth: (treatment) => ({ totalMs: 6e7 / uslThroughput(law, treatment.workers) }),
    })
    const { fit, lackOfFit } = fitScaling(study)[0]!
    if (fit.status !== 'converged') throw new Error(fit.reason)
    expect(fit.peak!.workers.value).toBeCloseTo(Math.sqrt(8), 1)
    expect(fit.degreesOfFreedom).toBe(12 * workers.length - 11 - 3)
    // What is left over of blocks and treatments: the residual of a block design.
    expect(lackOfFit).toMatchObject({ df1: workers.length - 3, df2: 11 * (workers.length - 1) })
  })

  it('fitScaling covers the throughput of one worker for blocks in general, not for those measured alone', () => {
    const studies = 150
    const covered = Array.from({ length: studies }, (_, seed) => {
      const study = simulateStudy({
        workers,
        blocks: 8,
        noise: 0.05,
        blockNoise: 0.1,
        records: 60_000,
        observed: false,
        truth: (treatment) => ({ totalMs: 6e7 / uslThroughput(law, treatment.workers) }),
        seed,
      })
      const { fit } = fitScaling(study)[0]!
      const interval = fit.status === 'converged' ? fit.gamma.interval! : { lower: 0, upper: 0 }
      return interval.lower <= law.gamma && law.gamma <= interval.upper
    }).filter(Boolean)
    // 95 % within three Monte Carlo standard errors; without the blocks it is about 70 %.
    expect(covered.length / studies).toBeGreaterThan(0.895)
  })

  it('fitScaling of blocks that differ gives the same shape and a wider band than of blocks that do not', () => {
    const options = {
      workers,
      blocks: 12,
      noise: 0.02,
      observed: false,
      truth: (treatment: { readonly workers: number }) => ({ totalMs: 6e7 / uslThroughput(law, treatment.workers) }),
    }
    const [even, uneven] = [0, 0.3].map((blockNoise) => fitScaling(simulateStudy({ ...options, blockNoise }))[0]!.fit)
    if (even?.status !== 'converged' || uneven?.status !== 'converged') throw new Error('not converged')
    expect(uneven.alpha.value).toBeCloseTo(even.alpha.value, 8)
    expect(uneven.peak!.workers.interval!.upper).toBeCloseTo(even.peak!.workers.interval!.upper, 6)
    const wideness = ({ gamma }: typeof even): number => Math.log(gamma.interval!.upper / gamma.interval!.lower)
    expect(wideness(uneven)).toBeGreaterThan(5 * wideness(even))
  })
})
