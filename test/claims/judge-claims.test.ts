import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { claimVerdictWords } from '../../src/claims/words/claim-words.js'
import {
  type BestSet,
  bestWorkers,
  type ClaimVerdict,
  type Found,
  judgeClaims,
  readClaims,
} from '../../src/entries/analysis.js'
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
  Object.fromEntries(found.map(({ id, word }) => [id, word]))

/**
 * As the note has it: 2 workers best at 10K, more workers for larger batches, larger batches
 * slower.
 */
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
      C5: 'reported',
      C7: 'supported',
      C8a: 'supported',
      C8b: 'supported',
      C8c: 'supported',
      C9: 'not reproduced here',
      C10: 'supported',
      C11a: 'supported',
      C11b: 'supported',
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
      C7: 'supported',
      C8a: 'refuted',
      C8b: 'refuted',
      C8c: 'refuted',
      C9: 'not reproduced here',
      C10: 'refuted',
      C11a: 'equivalent',
      C11b: 'refuted',
      C13: 'refuted',
      // Three of its six settings were measured.
      C14: 'undecided',
      C15: 'refuted',
    })
    const amdahl = gridStudy(({ workers }) => 0.2 + 0.8 / workers)
    const peak = judgeClaims(claims, amdahl).find(({ id }) => id === 'C15')!
    expect(peak.verdict).toBe('refuted')
    expect(claimVerdictWords(peak).text).toMatch(/no interior peak|a peak at \d+ workers \(9\d\.\d+ % CI \d\d/)
  })

  it('judgeClaims calls what does not differ equivalent, and gives every verdict its test, numbers and level', () => {
    const found = judgeClaims(
      claims,
      gridStudy(() => 1),
      { primary: 'C1' },
    )
    expect(verdicts(found)).toMatchObject({
      C1: 'equivalent',
      C2: 'equivalent',
      C8a: 'undecided',
      C10: 'equivalent',
      C11a: 'equivalent',
      C14: 'undecided',
    })
    for (const { id, test, study, blocks, word } of found.filter(({ found: own }) => own !== null)) {
      const sentence = claimVerdictWords(found.find((one) => one.id === id)!).text
      expect(test).toBeTruthy()
      expect(study).toBe('simulated')
      expect(blocks).toBe(12)
      expect(sentence.startsWith(`${id}, `)).toBe(true)
      expect(sentence).toMatch(new RegExp(`: ${word}(?: \\(.*?\\))?\\. `))
    }
  })

  it('judgeClaims shares the error rate in equal parts among all tested claims but the primary one, whatever the study can test', () => {
    const tested = claims.claims.filter(({ test }) => test.kind !== 'report' && test.kind !== 'measurement').length
    const few = simulateStudy({ workers: [2, 4], blocks: 12, noise: 0.02, truth: () => ({ totalMs: 1000 }) })
    for (const study of [gridStudy(asClaimed), few]) {
      const [alone, among] = [judgeClaims(claims, study), judgeClaims(claims, study, { primary: 'C1' })]
      const levels = (found: readonly ClaimVerdict[]) =>
        found
          .filter(({ stated }) => stated.kind !== 'report' && stated.kind !== 'measurement')
          .map(({ level }) => level)
      expect(levels(alone)).toEqual(Array.from({ length: tested }, () => expect.closeTo(1 - 0.05 / tested, 12)))
      expect(levels(among)).toEqual([
        0.95,
        ...Array.from({ length: tested - 1 }, () => expect.closeTo(1 - 0.05 / (tested - 1), 12)),
      ])
    }
    // The interval is the one at that level; of two intervals each takes half of the error.
    const found = judgeClaims(claims, gridStudy(asClaimed), { primary: 'C1' })
    const own = (id: string): ClaimVerdict => found.find((one) => one.id === id)!
    expect(own('C1').estimate!.interval!.level).toBe(0.95)
    expect(own('C2').estimate!.interval!.level).toBe(own('C2').level)
    expect(own('C13').estimate!.interval!.level).toBeCloseTo(1 - (1 - own('C13').level) / 2, 12)
    expect(own('C9').estimate!.interval!.level).toBeCloseTo(0.975, 12)
  })

  it('judgeClaims leaves undecided what the number of claims makes doubtful, unless it is the primary one', () => {
    // 1 worker is slower than 2 by a little: enough alone, too little among fourteen.
    const study = gridStudy(({ workers }) => (workers === 1 ? 1.016 : 1), { noise: 0.013, seed: 1, blocks: 10 })
    const own = (primary: string): ClaimVerdict =>
      judgeClaims(claims, study, { primary, margin: 0.001 }).find(({ id }) => id === 'C7')!
    expect(own('C7')).toMatchObject({ verdict: 'supported', direction: 'confirmed', level: 0.95 })
    expect(own('C1')).toMatchObject({ verdict: 'undecided', direction: 'open' })
  })

  it('judgeClaims takes one set of best levels for a setting, at the strictest level that a claim asks for', () => {
    const study = gridStudy(asClaimed)
    const found = judgeClaims(claims, study)
    const setOf = (id: string): BestSet => {
      const own = found.find((one) => one.id === id)!.found!
      return own.kind === 'best-set' ? own.set : own.kind === 'peak' ? own.set! : expect.fail(id)
    }
    const sets = bestWorkers(study, { claims })
    const workers = (set: BestSet): number[] => set.best!.map(({ treatment }) => treatment.workers)
    const atSmallest = sets.find(({ at }) => at === '10K')!
    expect(setOf('C8a')).toEqual(atSmallest)
    const rule = found.find(({ id }) => id === 'C14')!.found as Extract<Found, { kind: 'rule' }>
    expect(rule.settings.slice(0, 3).map(({ best }) => best)).toEqual(sets.map(workers))
    const shift = found.find(({ id }) => id === 'C11b')!.found as Extract<Found, { kind: 'shift' }>
    expect([shift.low.best, shift.high.best]).toEqual([sets[0]!, sets[2]!].map(workers))
    // C14 rests on six sets.
    const tested = claims.claims.filter(({ test }) => test.kind !== 'report' && test.kind !== 'measurement').length
    for (const set of sets) expect(set.level).toBeCloseTo(1 - 0.05 / tested / 6, 12)
  })

  it('judgeClaims says which claims no study can test, and takes each from the first study that can', () => {
    const two = simulateStudy({ workers: [2, 4], blocks: 8, noise: 0.01, truth: () => ({ totalMs: 1000 }) })
    const grid = { ...gridStudy(asClaimed), journal: 'data/studies/grid/0123456789ab.jsonl' }
    const found = judgeClaims(claims, [two, grid], { primary: 'C1' })
    expect(found.find(({ id }) => id === 'C1')).toMatchObject({ blocks: 8, verdict: 'equivalent' })
    expect(found.find(({ id }) => id === 'C7')).toMatchObject({ blocks: 12, verdict: 'supported' })
    const alone = judgeClaims(claims, two).find(({ id }) => id === 'C8a')!
    expect(alone).toMatchObject({
      verdict: 'supported' === alone.verdict ? 'supported' : alone.verdict,
      test: expect.any(String),
    })
    const unjudged = judgeClaims(claims, two).find(({ id }) => id === 'C11a')!
    expect(unjudged).toMatchObject({ verdict: 'undecided', word: 'undecided', test: null, found: null })
    expect(claimVerdictWords(unjudged).text).toContain('none of the studies has what its test needs')
    expect(() => judgeClaims(claims, [])).toThrow('Expected at least one study')
    expect(() => judgeClaims(claims, [two, two])).toThrow('Expected different studies, got simulated twice')
  })

  it('judgeClaims judges a reason by what is left of the loss where the symptom is taken away', () => {
    const ways = [{}, { persistence: 'unlogged' }, { synchronousCommit: false }] as const
    const relieved = (loss: number, lockOf: (isBase: boolean) => number): Study =>
      simulateStudy({
        workers: [2, 4],
        blocks: 12,
        noise: 0.005,
        vary: (treatment) => ways.map((way) => ({ ...treatment, ...way })),
        truth: ({ workers, persistence, synchronousCommit }) => {
          const isBase = persistence === 'logged' && synchronousCommit
          const lock = workers === 4 ? lockOf(isBase) : 0.05
          return {
            totalMs: workers === 4 ? (isBase ? 1100 : loss) : 1000,
            events: { cpu: 1 - lock, 'Lock:extend': lock },
          }
        },
      })
    const verdict = (study: Study, id = 'C12b'): string => verdicts(judgeClaims(claims, study))[id]!
    const taken = (isBase: boolean): number => (isBase ? 0.3 : 0.07)
    expect(verdict(relieved(1000, taken))).toBe('supported')
    expect(verdict(relieved(1200, taken))).toBe('refuted')
    // Nothing is known of a reason that was not taken away.
    expect(verdict(relieved(1000, () => 0.3))).toBe('undecided')
    expect(verdict(relieved(1000, taken), 'C12a')).toBe('supported')
    expect(
      verdict(
        relieved(1000, () => 0.01),
        'C12a',
      ),
    ).toBe('refuted')
    expect(
      verdict(
        relieved(1000, () => 0.05),
        'C12a',
      ),
    ).toBe('undecided')
    const base = simulateStudy({ workers: [2, 4], blocks: 12, noise: 0.01, truth: () => ({ totalMs: 1000 }) })
    expect(verdict(base)).toBe('undecided')
  })

  it('judgeClaims gives no verdict below the sample floor, nor from failed trials', () => {
    const few = judgeClaims(claims, gridStudy(asClaimed, { blocks: 5 }))
    expect(new Set(few.map(({ verdict }) => verdict))).toEqual(new Set(['undecided', null]))
    const parts = few.flatMap(({ direction, size, matters }) => [direction, size, matters])
    expect(new Set(parts)).toEqual(new Set(['open', null]))
    expect(few.find(({ id }) => id === 'C9')!.word).toBe('open')
    const failed = gridStudy(asClaimed, {
      change: (trial) => (trial.block < 8 && trial.treatment.workers === 4 ? broken(trial) : trial),
    })
    const found = judgeClaims(claims, failed, { primary: 'C1' })
    expect(found.find(({ id }) => id === 'C1')).toMatchObject({ blocks: 5, verdict: 'undecided' })
    expect(found.find(({ id }) => id === 'C7')).toMatchObject({ blocks: 12, verdict: 'supported' })
    expect(found.find(({ id }) => id === 'C8a')).toMatchObject({ blocks: 5, verdict: 'undecided' })
  })
})
