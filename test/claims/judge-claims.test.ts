import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { type ClaimVerdict, claimVerdictWords, judgeClaims, readClaims } from '../../src/entries/analysis.js'
import type { Study } from '../../src/study/study.js'
import type { Treatment } from '../../src/study/treatment.js'
import { broken } from '../analysis/broken-trial.js'

const claims = readClaims()

/** A study of the note's grid; times are a thousand milliseconds times what `slowness` gives. */
function gridStudy(slowness: (treatment: Treatment) => number, changes: Partial<SimulateOptions> = {}): Study {
  return simulateStudy({
    workers: [1, 2, 3, 4, 6, 8],
    batchSizes: [10_000, 20_000, 30_000],
    blocks: 12,
    noise: 0.01,
    blockNoise: 0.1,
    truth: (treatment) => ({ totalMs: 1000 * slowness(treatment) }),
    ...changes,
  })
}

const verdicts = (found: readonly ClaimVerdict[]): Record<string, string> =>
  Object.fromEntries(found.map(({ id, verdict }) => [id, verdict]))

/** As the note has it: 2 workers best at 10K, more workers for larger batches, larger batches slower. */
const asClaimed = ({ workers, batchSize }: Treatment): number => {
  const best = { 10000: 2, 20000: 3, 30000: 4 }[batchSize]!
  return (1 + 0.08 * Math.abs(Math.log2(workers / best)) * 1.3) * (1 + batchSize / 50_000)
}

describe('judgeClaims', () => {
  it('judgeClaims supports what is true', () => {
    const found = verdicts(judgeClaims(claims, gridStudy(asClaimed)))
    expect(found).toMatchObject({
      C1: 'supported',
      C2: 'supported',
      C3: 'supported',
      C5: 'supported',
      C7: 'supported',
      C8: 'supported',
      C9: 'supported',
      C10: 'supported',
      C11: 'supported',
      C13: 'supported',
      C14: 'supported',
      C15: 'supported',
    })
  })

  it('judgeClaims refutes the opposite', () => {
    const scaling = ({ workers, batchSize }: Treatment): number => (1 / workers ** 0.5) * (1 - batchSize / 100_000)
    const found = judgeClaims(claims, gridStudy(scaling))
    expect(verdicts(found)).toMatchObject({
      C1: 'refuted',
      C2: 'refuted',
      C3: 'refuted',
      C7: 'supported',
      C8: 'refuted',
      C9: 'refuted',
      C10: 'refuted',
      C11: 'equivalent',
      C13: 'refuted',
      C14: 'equivalent',
      C15: 'refuted',
    })
    const amdahl = gridStudy(({ workers }) => 0.2 + 0.8 / workers)
    const peak = judgeClaims(claims, amdahl).find(({ id }) => id === 'C15')!
    expect(peak.verdict).toBe('refuted')
    expect(claimVerdictWords(peak).text).toMatch(/no interior peak|a peak at \d+ workers \[\d\d/)
  })

  it('judgeClaims calls what does not differ equivalent, and gives every verdict its test, numbers and level', () => {
    const found = judgeClaims(
      claims,
      gridStudy(() => 1),
      { primary: 'C1' },
    )
    const { C1, C2, C8, C10, C11, C14 } = verdicts(found)
    expect({ C1, C2, C8, C10, C11, C14 }).toEqual({
      C1: 'equivalent',
      C2: 'equivalent',
      C8: 'equivalent',
      C10: 'equivalent',
      C11: 'equivalent',
      C14: 'equivalent',
    })
    for (const one of found) {
      const { id, test, study, blocks, p, pAdjusted, level, verdict } = one
      const sentence = claimVerdictWords(one).text
      expect(test).toBeTruthy()
      expect(study).toBe('simulated')
      expect(blocks).toBe(12)
      expect(sentence.startsWith(`${id}, `)).toBe(true)
      expect(sentence).toContain(`: ${verdict}. `)
      if (p !== null) expect(pAdjusted).toBeGreaterThanOrEqual(p)
      if (verdict !== 'undecided') expect(pAdjusted).toBeLessThanOrEqual(0.05)
      expect(level).toBeGreaterThanOrEqual(0.95)
    }
    expect(found[0]).toMatchObject({ id: 'C1', level: 0.95 })
    expect(found[0]!.pAdjusted).toBe(found[0]!.p)
  })

  it('judgeClaims leaves undecided what the number of claims makes doubtful, unless it is the primary one', () => {
    // 1 worker is slower than 2 by a little: enough alone, too little among fourteen.
    const study = gridStudy(({ workers }) => (workers === 1 ? 1.016 : 1), { noise: 0.013, seed: 1, blocks: 10 })
    const own = (primary: string): ClaimVerdict =>
      judgeClaims(claims, study, { primary, margin: 0.001 }).find(({ id }) => id === 'C7')!
    expect(own('C7')).toMatchObject({ verdict: 'supported', level: 0.95 })
    expect(own('C7').p).toBeGreaterThan(0.005)
    expect(own('C7').p).toBeLessThan(0.05)
    expect(own('C1').verdict).toBe('undecided')
    expect(own('C1').p).toBe(own('C7').p)
    expect(own('C1').pAdjusted).toBeGreaterThan(0.05)
  })

  it('judgeClaims says which claims no study can test, and takes each from the first study that can', () => {
    const two = simulateStudy({ workers: [2, 4], blocks: 8, noise: 0.01, truth: () => ({ totalMs: 1000 }) })
    const grid = { ...gridStudy(asClaimed), journal: 'data/studies/grid/0123456789ab.jsonl' }
    const found = judgeClaims(claims, [two, grid], { primary: 'C1' })
    expect(found.find(({ id }) => id === 'C1')).toMatchObject({ blocks: 8, verdict: 'equivalent' })
    expect(found.find(({ id }) => id === 'C7')).toMatchObject({ blocks: 12, verdict: 'supported' })
    const alone = judgeClaims(claims, two).find(({ id }) => id === 'C8')!
    expect(alone).toMatchObject({
      verdict: 'supported' === alone.verdict ? 'supported' : alone.verdict,
      test: expect.any(String),
    })
    const unjudged = judgeClaims(claims, two).find(({ id }) => id === 'C11')!
    expect(unjudged).toMatchObject({ verdict: 'undecided', test: null, p: null })
    expect(claimVerdictWords(unjudged).text).toContain('none of the studies has what its test needs')
    expect(() => judgeClaims(claims, [])).toThrow('Expected at least one study')
    expect(() => judgeClaims(claims, [two, two])).toThrow('Expected different studies, got simulated twice')
  })

  it('judgeClaims judges contention by the share of locks and by what is left of the loss without the client', () => {
    const withPrepared = (prepared: number, growing: boolean): Study =>
      simulateStudy({
        workers: [2, 4],
        blocks: 10,
        noise: 0.01,
        vary: (treatment) => [treatment, { ...treatment, source: 'prepared' }],
        truth: ({ workers, source }) => {
          const lock = workers === 4 && growing ? 0.3 : 0.05
          return {
            totalMs: source === 'prepared' ? (workers === 4 ? prepared : 1000) : workers === 4 ? 1100 : 1000,
            events: { cpu: 1 - lock, 'Lock:extend': lock },
          }
        },
      })
    const verdict = (study: Study): string => verdicts(judgeClaims(claims, study, { primary: 'C12' })).C12!
    expect(verdict(withPrepared(1200, true))).toBe('supported')
    expect(verdict(withPrepared(1000, true))).toBe('refuted')
    expect(verdict(withPrepared(800, true))).toBe('refuted')
    expect(verdict(withPrepared(1200, false))).not.toBe('supported')
  })

  it('judgeClaims gives no verdict below the sample floor, nor from failed trials', () => {
    const few = judgeClaims(claims, gridStudy(asClaimed, { blocks: 5 }))
    expect(new Set(few.map(({ verdict }) => verdict))).toEqual(new Set(['undecided']))
    const failed = gridStudy(asClaimed, {
      change: (trial) => (trial.block < 8 && trial.treatment.workers === 4 ? broken(trial) : trial),
    })
    const found = judgeClaims(claims, failed, { primary: 'C1' })
    expect(found.find(({ id }) => id === 'C1')).toMatchObject({ blocks: 5, verdict: 'undecided' })
    expect(found.find(({ id }) => id === 'C7')).toMatchObject({ blocks: 12, verdict: 'supported' })
    expect(found.find(({ id }) => id === 'C8')).toMatchObject({ blocks: 5, verdict: 'undecided' })
  })
})
