import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import {
  claimOf,
  compare,
  contrastsOf,
  judgeClaims,
  noteArithmetic,
  noteArithmeticWords,
  noteOf,
  readClaims,
  statedClaimRows,
} from '../../src/entries/analysis.js'

describe('readClaims', () => {
  it('readClaims has C1 to C15, each with the words of its test', () => {
    const claims = readClaims()
    expect(claims.claims.map(({ id }) => id)).toEqual(Array.from({ length: 15 }, (_, k) => `C${k + 1}`))
    const words = statedClaimRows(claims).map(({ id, compared, expected }) => [id, compared, expected])
    expect(words).toEqual([
      ['C1', 'total time, 2 workers vs 4 at 10K', '5–15 % faster'],
      ['C2', 'insert time, 2 workers vs 4 at 10K', '6–14 % less'],
      ['C3', 'throughput, 2 workers vs 4 at 10K', '5–12 % more'],
      ['C4', 'peak memory of client and backends, 2 workers vs 4 at 10K', 'less'],
      ['C5', 'connections, 2 workers vs 4 at 10K', 'less'],
      ['C6', 'spread of total time over blocks, 2 workers vs 4 at 10K', 'less'],
      ['C7', 'total time, 1 worker vs 2 at 10K', 'slower'],
      ['C8', 'total time over workers at 10K', 'the best set is {2}'],
      ['C9', 'insert time, batches of 20K vs 10K and batches of 30K vs 10K with 4 workers', 'more, each'],
      ['C10', 'total time over batch size with 4 workers', 'the best set is {10K}'],
      [
        'C11',
        'how total time changes with workers, at the highest batch size against the lowest',
        'faster, and the best worker counts rise',
      ],
      [
        'C12',
        'share of lock and LWLock waits in COPY, 4 workers vs 2 at 10K; total time, 2 workers vs 4 at 10K, with source prepared',
        'higher; still faster',
      ],
      ['C13', 'total time, batches of 10K vs 20K and batches of 20K vs 30K with 4 workers', 'faster, each'],
      [
        'C14',
        'total time over workers, by batch size, secondary indexes, persistence and synchronous commit',
        'no worker count is among the best everywhere',
      ],
      ['C15', 'throughput over workers at 10K', 'a peak below the most workers'],
    ])
  })

  it('every contrast of a claim can be given to compare', () => {
    const study = simulateStudy({
      workers: [1, 2, 4],
      batchSizes: [10_000, 20_000, 30_000],
      truth: () => ({ totalMs: 1000 }),
    })
    const answers = readClaims().claims.flatMap((claim) =>
      contrastsOf(claim).map((contrast) => compare(study, contrast)),
    )
    expect(answers.length).toBeGreaterThan(5)
    expect(answers.every(({ blocks }) => blocks === 6)).toBe(true)
  })

  it('claimOf names the ids there are when asked for another', () => {
    expect(claimOf(readClaims(), 'C7').claim).toBe('1 worker is slower than 2')
    expect(() => claimOf(readClaims(), 'C16')).toThrow(/\(C1, C2, .*, C15\), got "C16"/)
  })
})

describe('judgeClaims', () => {
  it('judgeClaims judges a best set of two levels, between which guessing is right half the time', () => {
    const study = simulateStudy({ workers: [2, 4], noise: 0.05, truth: () => ({ totalMs: 1000 }) })
    const found = judgeClaims(readClaims(), study).find(({ id }) => id === 'C8')!
    expect(found).toMatchObject({ estimate: null, scale: null, estimates: 0, blocks: 6 })
  })

  it('judgeClaims says what each estimate is', () => {
    const study = simulateStudy({
      workers: [1, 2, 3, 4, 8],
      batchSizes: [10_000, 20_000, 30_000],
      noise: 0.02,
      seed: 3,
      truth: ({ workers }) => ({ totalMs: 1000 * (1 / workers + 0.1 * workers), onCore: 0.5 }),
    })
    const scales = judgeClaims(readClaims(), study).map(({ id, scale, estimates }) => [id, scale, estimates])
    expect(scales).toEqual(
      expect.arrayContaining([
        ['C1', 'ratio', 1],
        ['C6', 'ratio', 1],
        ['C8', null, 0],
        ['C9', 'ratio', 2],
        ['C11', 'ratio', 1],
        ['C12', 'share', 1],
        ['C14', null, 0],
        ['C15', 'workers', 1],
      ]),
    )
  })
})

describe('noteArithmetic', () => {
  const facts = noteArithmetic(noteOf(readClaims()))

  it("noteArithmetic follows from the note's numbers", () => {
    expect(facts.outsideMs).toBe(599_850)
    expect(facts.greatestGain).toBeCloseTo(0.4036, 4)
    expect(facts.predictedSavingMs).toEqual([26_000, 56_000])
    expect(facts.predictedGain.map((share) => Number(share.toFixed(3)))).toEqual([0.026, 0.056])
    expect([facts.recordsPerSecond, facts.recordsPerInsertSecond].map(Math.round)).toEqual([713, 1766])
  })

  it('noteArithmetic says each fact in a sentence with its numbers', () => {
    const sentences = noteArithmeticWords(facts).map(({ text }) => text)
    expect(sentences).toHaveLength(4)
    expect(sentences[2]).toBe('The predicted insert times save 26 s to 56 s, which is 2.6 % to 5.6 % of the total.')
    expect(sentences[3]).toContain('1,766 records/s')
  })

  it('noteArithmetic refuses a note without a complete run, and noteOf claims without a note', () => {
    expect(() => noteArithmetic({ ...noteOf(readClaims()), runs: [] })).toThrow(RangeError)
    expect(() => noteOf({ note: null })).toThrow('Expected claims with a `note` of `records`, `runs` and `predicted`')
  })
})
