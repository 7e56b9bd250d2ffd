import { describe, expect, it } from 'vitest'
import { bestSet } from '../../../src/analysis/compare/best-set.js'
import { compare } from '../../../src/analysis/compare/compare.js'
import { compareSpread } from '../../../src/analysis/compare/compare-spread.js'
import { interaction } from '../../../src/analysis/compare/interaction.js'
import { recommend } from '../../../src/analysis/recommend/recommend.js'
import { fitScaling } from '../../../src/analysis/scaling/scaling.js'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { tInterval } from '../../../src/analysis/statistics/t-interval.js'
import { summarise } from '../../../src/analysis/tables/summary.js'
import type { Study } from '../../../src/study/study.js'
import type { CompletedTrial } from '../../../src/study/trial.js'
import { sentenceOf } from '../sentence-of.js'

const options = (changes: Partial<SimulateOptions> = {}): SimulateOptions => ({
  workers: [2, 4],
  blocks: 24,
  sessions: 6,
  noise: 0.02,
  sessionNoise: 0.03,
  truth: () => ({ totalMs: 1_000 }),
  ...changes,
})
const contrast = { a: { workers: 2 }, b: { workers: 4 } } as const

/** The mean log ratio of each session, by hand. */
function sessionMeans({ trials, plan }: Study): number[] {
  const size = plan.blocksPerSession!
  const sessions = plan.blocks / size
  return Array.from({ length: sessions }, (_, session) => {
    const logs = Array.from({ length: size }, (_, k) => {
      const own = trials.filter(({ block }) => block === session * size + k + 1) as CompletedTrial[]
      const of = (workers: number): number => own.find(({ treatment }) => treatment.workers === workers)!.totalMs
      return Math.log(of(2) / of(4))
    })
    return logs.reduce((sum, one) => sum + one, 0) / size
  })
}

/** The number of simulated studies whose interval holds no difference, which is true. */
function covering(studies: number, changes: Partial<SimulateOptions>): number {
  return Array.from({ length: studies }, (_, k) =>
    compare(simulateStudy(options({ seed: k + 1, ...changes })), contrast),
  )
    .map(({ estimate }) => estimate!.interval!)
    .filter(({ lower, upper }) => lower <= 1 && upper >= 1).length
}

describe('a study in sessions', () => {
  it('has intervals that rest on the means of its sessions', () => {
    const study = simulateStudy(options())
    const { estimate, blocks, sessions, pairs, sd, sessionSd } = compare(study, contrast)
    const { value, interval, n } = tInterval(sessionMeans(study))
    expect({ blocks, sessions, pairs: pairs.length, n }).toEqual({ blocks: 24, sessions: 6, pairs: 24, n: 6 })
    expect(estimate!.n).toBe(6)
    expect(estimate!.value).toBeCloseTo(Math.exp(value), 12)
    expect(estimate!.interval!.lower).toBeCloseTo(Math.exp(interval!.lower), 12)
    expect(estimate!.interval!.upper).toBeCloseTo(Math.exp(interval!.upper), 12)
    expect(sd).toBeGreaterThan(0)
    expect(sessionSd).toBeGreaterThan(0)
  })

  it('has intervals that hold the truth as often as they say, which intervals of blocks do not', () => {
    // Of 400 with a chance of 0.95 each, fewer than 364 or more than 394 come once in 3,000.
    const held = covering(400, {})
    expect(held).toBeGreaterThanOrEqual(364)
    expect(held).toBeLessThanOrEqual(394)
    const ofBlocks = Array.from({ length: 200 }, (_, k) => {
      const study = simulateStudy(options({ seed: k + 1 }))
      return compare({ ...study, plan: { ...study.plan, blocksPerSession: null } }, contrast).estimate!.interval!
    }).filter(({ lower, upper }) => lower <= 1 && upper >= 1).length
    expect(ofBlocks).toBeLessThan(160)
  })

  it('has a best set that lacks the best no more often than it says', () => {
    const workers = [1, 2, 4]
    const lacking = Array.from({ length: 300 }, (_, k) =>
      bestSet(simulateStudy(options({ workers, seed: k + 1 })), 'workers'),
    ).filter(({ best }) => best!.every(({ treatment }) => treatment.workers !== 1)).length
    // All are equally good, one worker too: of 300 with a chance of 0.05 each, more than 29 come
    // once in 3,000.
    expect(lacking).toBeLessThanOrEqual(29)
  })

  it.each([
    ['compare', (study: Study) => compare(study, contrast)],
    ['bestSet', (study: Study) => bestSet(study, 'workers')],
    ['recommend', (study: Study) => recommend(study)],
    ['fitScaling', (study: Study) => fitScaling(study)[0]!],
  ])('%s counts its sessions against the minimum, and says both numbers', (_, analyse) => {
    const few = analyse(simulateStudy(options({ workers: [1, 2, 4], sessions: 3, blocks: 24 })))
    expect(few).toMatchObject({ blocks: 24, sessions: 3 })
    const enough = analyse(simulateStudy(options({ workers: [1, 2, 4] })))
    expect(enough).toMatchObject({ blocks: 24, sessions: 6 })
    expect(sentenceOf(enough)).toMatch(/24 blocks in 6 sessions/)
    if (few.result !== 'scaling') expect(sentenceOf(few)).toMatch(/at least 6 sessions/)
    const plain = simulateStudy(options({ workers: [1, 2, 4], sessions: undefined, sessionNoise: 0 }))
    expect(analyse(plain)).toMatchObject({ blocks: 24, sessions: null })
    expect(sentenceOf(analyse(plain))).not.toMatch(/session/)
  })

  it('has an interaction, a mean and the spread of blocks by session too', () => {
    const study = simulateStudy(options({ batchSizes: [10_000, 20_000] }))
    expect(interaction(study, { of: 'workers', by: 'batchSize', metric: 'totalMs' })).toMatchObject({
      blocks: 24,
      sessions: 6,
      estimate: { n: 6 },
    })
    expect(summarise(study).map(({ n, geometricMean }) => [n, geometricMean!.n])).toEqual(Array(4).fill([24, 6]))
    // The spread is that within sessions: each has one value less than blocks.
    const spread = compareSpread(simulateStudy(options()), contrast)
    expect(spread).toMatchObject({ blocks: 24, sessions: 6, estimate: { n: 18 } })
  })

  it('has a spread of blocks that sessions do not add to', () => {
    const spreads = Array.from({ length: 100 }, (_, k) =>
      compareSpread(simulateStudy(options({ sessionNoise: 0.3, seed: k + 1 })), contrast),
    ).map(({ estimate }) => estimate!.sdA)
    const mean = spreads.reduce((sum, one) => sum + one, 0) / spreads.length
    expect(mean).toBeGreaterThan(0.019)
    expect(mean).toBeLessThan(0.021)
  })
})
