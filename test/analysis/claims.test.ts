import { describe, expect, it } from 'vitest'
import { claimOf, compare, metrics, noteArithmetic, readClaims } from '../../src/analysis/index.js'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'

describe('readClaims', () => {
  it('readClaims has C1 to C15, each judged by metrics that exist', () => {
    const { claims } = readClaims()
    expect(claims.map(({ id }) => id)).toEqual(Array.from({ length: 15 }, (_, k) => `C${k + 1}`))
    expect(claims.flatMap((one) => one.metrics).filter((metric) => !(metric in metrics))).toEqual([])
  })

  it('every contrast of a claim can be given to compare', () => {
    const study = simulateStudy({
      workers: [1, 2, 4],
      batchSizes: [10_000, 20_000, 30_000],
      truth: () => ({ totalMs: 1000 }),
    })
    const answers = readClaims().claims.flatMap(({ contrasts }) =>
      contrasts.map((contrast) => compare(study, contrast)),
    )
    expect(answers.length).toBeGreaterThan(5)
    expect(answers.every(({ blocks }) => blocks === 6)).toBe(true)
  })

  it('claimOf names the ids there are when asked for another', () => {
    expect(claimOf(readClaims(), 'C7').claim).toBe('1 worker is slower than 2')
    expect(() => claimOf(readClaims(), 'C16')).toThrow('got "C16"')
  })
})

describe('noteArithmetic', () => {
  const facts = noteArithmetic(readClaims())

  it("noteArithmetic follows from the note's numbers", () => {
    expect(facts.outsideMs).toBe(599_850)
    expect(facts.greatestGain).toBeCloseTo(0.4036, 4)
    expect(facts.predictedSavingMs).toEqual([26_000, 56_000])
    expect(facts.predictedGain.map((share) => Number(share.toFixed(3)))).toEqual([0.026, 0.056])
    expect([facts.recordsPerSecond, facts.recordsPerInsertSecond].map(Math.round)).toEqual([713, 1766])
  })

  it('noteArithmetic says each fact in a sentence with its numbers', () => {
    expect(facts.sentences).toHaveLength(4)
    expect(facts.sentences[2]).toBe(
      'The predicted insert times save 26 s to 56 s, which is 2.6 % to 5.6 % of the total.',
    )
    expect(facts.sentences[3]).toContain('1,766 records/s')
  })

  it('noteArithmetic refuses claims without a complete run', () => {
    expect(() => noteArithmetic({ ...readClaims(), runs: [] })).toThrow(RangeError)
  })
})
