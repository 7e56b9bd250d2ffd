import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { compareSpread } from '../../../src/entries/analysis.js'
import type { Study } from '../../../src/study/study.js'
import { broken } from '../broken-trial.js'
import { sentenceOf } from '../sentence-of.js'

const twoVsFour = { a: { workers: 2 }, b: { workers: 4 } }

/** A study in which the times of 4 workers vary `factor` times as much as those of 2. */
function spreadStudy(factor: number, blocks = 30): Study {
  return simulateStudy({
    blocks,
    noise: 0.03,
    seed: 4,
    truth: () => ({ totalMs: 8000 }),
    change: (trial) =>
      trial.treatment.workers === 4 ? { ...trial, totalMs: 8000 * (trial.totalMs / 8000) ** factor } : trial,
  })
}

describe('compareSpread', () => {
  it('compareSpread finds the spread that is smaller, and says so', () => {
    const answer = compareSpread(spreadStudy(3), twoVsFour)
    expect(answer).toMatchObject({ verdict: 'supported', blocks: 30, contrast: '2 workers vs 4 at 10K' })
    expect(answer.estimate!.interval!.lower).toBeLessThan(1 / 3)
    expect(answer.estimate!.interval!.upper).toBeGreaterThan(1 / 3)
    expect(sentenceOf(answer)).toMatch(
      /^2 workers vs 4 at 10K: spread \(SD of log total time\) \d\.\d % against [\d.]+ %, ratio 0\.\d\d \(95 % CI 0\.\d\d to 0\.\d\d\), 30 blocks: supported \(claim: less\)$/,
    )
    expect(compareSpread(spreadStudy(3), { a: twoVsFour.b, b: twoVsFour.a }).verdict).toBe('refuted')
  })

  it('compareSpread gives no verdict below the floor and none on equal spreads', () => {
    const few = compareSpread(spreadStudy(8, 5), twoVsFour)
    expect(few.verdict).toBe('undecided')
    expect(sentenceOf(few)).toMatch(/5 blocks: undecided \(claim: less\); a verdict needs at least 6 blocks$/)
    expect(compareSpread(spreadStudy(1), twoVsFour).verdict).toBe('undecided')
  })

  it('compareSpread without a spread to compare says why', () => {
    const still = simulateStudy({ truth: () => ({ totalMs: 1000 }) })
    expect(compareSpread(still, twoVsFour)).toMatchObject({ estimate: null, verdict: 'undecided' })
    expect(sentenceOf(compareSpread(still, twoVsFour))).toContain('none, the values are all equal, 6 blocks: undecided')
    const none = simulateStudy({ truth: () => ({ totalMs: 1000 }), change: broken })
    expect(sentenceOf(compareSpread(none, twoVsFour))).toContain('not known below 2 blocks, 0 blocks: undecided')
    expect(compareSpread(none, twoVsFour).excluded).toHaveLength(6)
  })

  it('compareSpread takes claims of less and more, and no faster', () => {
    const answer = compareSpread(spreadStudy(3), { ...twoVsFour, metric: 'insertMs', claim: { moreBy: [0, null] } })
    expect(sentenceOf(answer)).toContain('(claim: more)')
    expect(() => compareSpread(spreadStudy(1), { ...twoVsFour, claim: { fasterBy: [0, null] } })).toThrow(
      '`ratio` for the spread of totalMs, got `fasterBy`',
    )
  })
})
