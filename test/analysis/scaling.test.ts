import { describe, expect, it } from 'vitest'
import { fitScaling, simulateStudy, uslThroughput } from '../../src/analysis/index.js'

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
})
