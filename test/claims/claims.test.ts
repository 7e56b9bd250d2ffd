import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { noteArithmetic, noteArithmeticWords } from '../../src/claims/note/note-arithmetic.js'
import {
  claimOf,
  compare,
  contrastsOf,
  judgeClaims,
  noteOf,
  readClaims,
  statedClaimRows,
} from '../../src/entries/analysis.js'

describe('readClaims', () => {
  it("readClaims has the note's claims, each with the words of its test", () => {
    const rows = statedClaimRows(readClaims())
    expect(rows.map(({ id, compared, expected }) => [id, compared, expected])).toMatchInlineSnapshot(`
      [
        [
          "C1",
          "total time, 2 workers vs 4 at 10K",
          "5–15 % less time",
        ],
        [
          "C2",
          "insert time, 2 workers vs 4 at 10K",
          "6–14 % less",
        ],
        [
          "C4",
          "peak memory of client and backends, 2 workers vs 4 at 10K",
          "less",
        ],
        [
          "C5",
          "workers' connections, 2 workers vs 4 at 10K",
          "a setting, not tested",
        ],
        [
          "C6",
          "spread of total time over blocks, 2 workers vs 4 at 10K",
          "less",
        ],
        [
          "C7",
          "total time, 1 worker vs 2 at 10K",
          "more time",
        ],
        [
          "C8a",
          "total time over workers at 10K",
          "2 workers at most the margin worse than the best",
        ],
        [
          "C8b",
          "total time, 3 workers vs 4 at 10K",
          "a ratio of at most 1.05",
        ],
        [
          "C8c",
          "total time, 6 workers vs 4 and 8 workers vs 4 at 10K",
          "more time, each",
        ],
        [
          "C9",
          "insert time, batches of 20K vs 10K and batches of 30K vs 10K with 4 workers",
          "22 % more and 95 % more (measured)",
        ],
        [
          "C10",
          "total time over batch size with 4 workers",
          "the best set is {10K}",
        ],
        [
          "C11a",
          "how total time changes with workers, at the highest batch size against the lowest",
          "less time",
        ],
        [
          "C11b",
          "total time over workers, at 10K and at 30K",
          "the best worker counts rise",
        ],
        [
          "C12a",
          "share of lock and LWLock waits in COPY, 4 workers vs 2 at 10K",
          "higher",
        ],
        [
          "C12b",
          "total time, 2 workers vs 4 at 10K, with persistence unlogged and synchronous commit off, which change the share of lock and LWLock waits in COPY",
          "no longer less time",
        ],
        [
          "C13",
          "total time, batches of 10K vs 20K and batches of 20K vs 30K with 4 workers",
          "less time, each",
        ],
        [
          "C14",
          "total time over workers, 10K; 20K; 30K; 10K, 2 secondary indexes; 10K, unlogged; 10K, synchronous commit off",
          "no worker count is among the best everywhere",
        ],
        [
          "C15",
          "throughput over workers at 10K",
          "a peak below the most workers",
        ],
      ]
    `)
  })

  it('every contrast of a claim can be given to compare', () => {
    const study = simulateStudy({
      workers: [1, 2, 3, 4, 6, 8],
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
    const found = judgeClaims(readClaims(), study).find(({ id }) => id === 'C8a')!
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
        ['C8a', null, 0],
        ['C9', 'ratio', 2],
        ['C11a', 'ratio', 1],
        ['C11b', null, 0],
        ['C12a', 'share', 1],
        ['C12b', null, 0],
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
