import { describe, expect, it } from 'vitest'
import { recommendationMethodWords, recommendationWords } from '../../../src/analysis/recommend/recommendation-words.js'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { makeRandom } from '../../../src/analysis/statistics/numerics/random.js'
import { numericTokens } from '../../../src/analysis/text/numeric-tokens.js'
import { recommend } from '../../../src/entries/analysis.js'
import { readStudy } from '../../../src/entries/executor.js'
import { preregistrationOf } from '../../../src/study/preregistration.js'
import type { Study } from '../../../src/study/study.js'
import type { Treatment } from '../../../src/study/treatment.js'
import { broken } from '../broken-trial.js'

const workers = [1, 2, 4]
const batchSizes = [10_000, 30_000]

/** 2 workers at 30K are the fastest, by 10 % before the next. */
const simulated = (options: Partial<SimulateOptions> = {}): Study =>
  simulateStudy({
    workers,
    batchSizes,
    blocks: 8,
    noise: 0.01,
    truth: ({ workers: count, batchSize }) => ({
      totalMs: (count === 2 ? 1000 : count === 4 ? 1100 : 1500) * (batchSize === 30_000 ? 1 : 1.1),
    }),
    ...options,
  })

const words = (study: Study, options = {}): string[] =>
  recommendationWords(recommend(study, options)).map(({ text }) => text)

const nameOf = ({ workers: count, batchSize }: Treatment): string => `${count} at ${batchSize / 1000}K`

describe('recommend(study, options)', () => {
  it('chooses over workers and batch sizes together, and says what being wrong costs', () => {
    const found = recommend(simulated())
    expect(nameOf(found.treatment!)).toBe('2 at 30K')
    expect(found.regret).toEqual({ upper: 0, level: 0.95 })
    expect(found.candidates).toHaveLength(6)
    expect([found.rivals, found.settling]).toEqual([[], null])
    expect(words(simulated())[0]).toBe(
      'Use 2 workers with batches of 30K: the best of 6 measured settings (95 % sure, 8 blocks)',
    )
  })

  it('tells the price of what is used otherwise, of the fewest and the most workers, and of other batch sizes at their best', () => {
    const study = simulated()
    const primary = { a: { workers: 2, batchSize: 10_000 }, b: { workers: 4, batchSize: 10_000 } }
    const preregistration = preregistrationOf(
      { primary: { ...primary, claim: { fasterBy: [0, null] } } },
      study.plan.treatments,
    )
    const others = (one: Study): string[] => recommend(one).others.map(({ treatment }) => nameOf(treatment))
    expect(others(study)).toEqual(['4 at 30K', '1 at 30K', '2 at 10K'])
    expect(others({ ...study, plan: { ...study.plan, preregistration } })).toEqual(['4 at 10K', '1 at 30K', '4 at 30K'])
    const [most] = recommend(study).others
    expect(most!.toRecommended.value).toBeCloseTo(1.1, 1)
    expect(most!.toRecommended.interval!.lower).toBeGreaterThan(1)
  })

  it('takes the greatest for the best of a metric whose goal is more, and its regret as what is lost', () => {
    const throughput = recommend(simulated({ noise: 0.2 }), { metric: 'recordsPerSecond' })
    const time = recommend(simulated({ noise: 0.2 }))
    expect(throughput.treatment).toEqual(time.treatment)
    expect(time.regret!.upper).toBeGreaterThan(0)
    expect(1 / (1 - throughput.regret!.upper)).toBeCloseTo(1 + time.regret!.upper, 9)
  })

  it('gives no regret below the floor, and says how many blocks it takes', () => {
    const few = recommend(simulated({ blocks: 5 }))
    expect([few.regret, few.reason, few.others, few.settling]).toEqual([null, 'too-few-blocks', [], null])
    expect(nameOf(few.treatment!)).toBe('2 at 30K')
    expect(words(simulated({ blocks: 5 }))).toEqual([
      'So far 2 workers with batches of 30K did best of 6 measured settings; how much worse than the best that can be is not known yet: that takes at least 6 complete blocks, there are 5',
    ])
    const none = simulated({ change: (trial) => (trial.position === 1 ? null : trial) })
    expect(recommend(none).treatment).toBeNull()
    expect(words(none)).toEqual([
      'No setting can be recommended yet: that takes at least 6 complete blocks, there are 0',
    ])
  })

  it('says what would settle the rest in blocks and minutes, or that it is not worth it', () => {
    const start = Date.parse('2026-01-01T00:00:00Z')
    const every =
      (seconds: number): SimulateOptions['change'] =>
      (trial) => ({ ...trial, startedAt: new Date(start + trial.trial * seconds * 1000).toISOString() })
    const options = { margin: 0.02 }
    const noisy = { noise: 0.06, seed: 2, batchSizes: [10_000], workers: [2, 3], truth: () => ({ totalMs: 1000 }) }
    const found = recommend(simulated({ ...noisy, change: every(30) }), options)
    const { blocks, minutes, worthIt } = found.settling!
    expect(minutes).toBeCloseTo(blocks!, 9)
    expect(worthIt).toBe(true)
    expect(words(simulated({ ...noisy, change: every(30) }), options).at(-1)).toBe(
      `To come within 2 %: about ${blocks} fresh blocks (${blocks} min) of these 2 settings alone`,
    )
    expect(words(simulated({ ...noisy, change: every(300) }), options).at(-1)).toMatch(
      /^Measuring longer is not worth it here: to come within 2 % would take about \d+ fresh blocks \([\d.]+ h\) of these 2 settings alone$/,
    )
    expect(words(simulated({ ...noisy, change: every(30) }), { margin: 0.5 }).at(-1)).toMatch(
      /^Measuring longer is not worth it here: whichever setting is the best, it gains less than the 50 % that matter$/,
    )
    const longer = simulated({ ...noisy, blocks: blocks!, seed: 3 })
    expect(recommend(longer, options).regret!.upper).toBeLessThan(found.regret!.upper)
  })

  it('chooses among no loads that leave out work or safety where others do it, nor among those that never ended', () => {
    const nothing = simulated({
      vary: (treatment) => [treatment, { ...treatment, target: 'nothing' }, { ...treatment, persistence: 'unlogged' }],
      truth: ({ target, persistence }) => ({ totalMs: target === 'nothing' || persistence === 'unlogged' ? 10 : 1000 }),
    })
    const found = recommend(nothing)
    expect(found.candidates.every(({ target, persistence }) => target === 'table' && persistence === 'logged')).toBe(
      true,
    )
    expect(found.notCandidates.map(({ reason }) => reason)).toEqual(new Array(12).fill('asks-less'))
    expect(found.fixed).toEqual({ target: 'table', persistence: 'logged' })
    expect(words(nothing)[0]).toContain('of 6 measured settings with into a table, logged')
    const unlogged = recommend(nothing, { where: { persistence: 'unlogged' } })
    expect(unlogged.treatment).toMatchObject({ persistence: 'unlogged', target: 'table' })
    const failing = simulated({
      change: (trial) =>
        trial.treatment.workers === 4 && trial.treatment.batchSize === 10_000 ? broken(trial) : trial,
    })
    expect(recommend(failing).candidates).toHaveLength(5)
    expect(recommend(failing).notCandidates).toMatchObject([{ reason: 'unmeasured' }])
    expect(recommend(failing).regret).not.toBeNull()
    expect(() => recommend(simulated({ workers: [2], batchSizes: [10_000] }))).toThrow(
      /Expected several settings to choose from, got 1 in simulated/,
    )
  })

  it('reads no control trial as a setting', () => {
    const withControls = recommend(simulated({ controls: ['aa', 'slowdown'], noise: 0 }))
    expect(withControls.candidates).toHaveLength(6)
    expect(withControls.regret!.upper).toBe(0)
  })

  it('the reference study has a bound of at most 2.5 %, a reason, and every number of its sentences is quoted', () => {
    const reference = readStudy('reference-workers')
    const found = recommend(reference)
    expect(found.candidates).toHaveLength(18)
    expect(found.regret!.upper).toBeLessThanOrEqual(0.025)
    expect(found.others.length).toBeGreaterThanOrEqual(3)
    expect(found.why).not.toBeNull()
    expect(recommend(reference, { why: false }).why).toBeNull()
    for (const { text, numbers } of [...recommendationWords(found), recommendationMethodWords(found.method)]) {
      const known = new Set(numbers.map((number) => number.text.replace(/^[−+]/, '')))
      const tokens = numericTokens(text).map((token) => token.text)
      expect(tokens.filter((token) => !known.has(token) && token !== '1983')).toEqual([])
    }
  })
})

/**
 * Six settings with standard deviations from 1 to 3 % and block effects of 10 %; the best is ahead
 * of the next by 1 %, or they are all equal.
 */
function drawn(seed: number, { blocks, step }: { readonly blocks: number; readonly step: number }): Study {
  const random = makeRandom(seed)
  const index = ({ workers: count, batchSize }: Treatment): number =>
    workers.indexOf(count) + workers.length * batchSizes.indexOf(batchSize)
  return simulated({
    blocks,
    seed,
    noise: 0,
    blockNoise: 0.1,
    observed: false,
    truth: (treatment) => {
      const k = index(treatment)
      return { totalMs: 1000 * Math.exp(step * k + (0.01 + 0.004 * k) * random.normal()) }
    },
  })
}

describe('the bound of the regret', () => {
  it.each([
    { blocks: 6, step: 0, least: 0 },
    { blocks: 12, step: 0.01, least: 285 },
  ])('holds in at least 95 % of studies less two standard errors: %o', ({ blocks, step, least }) => {
    const studies = 300
    let held = 0
    let wrong = 0
    for (let seed = 1; seed <= studies; seed++) {
      const { treatment, regret } = recommend(drawn(seed, { blocks, step }), { why: false })
      const place = workers.indexOf(treatment!.workers) + workers.length * batchSizes.indexOf(treatment!.batchSize)
      const truth = Math.expm1(step * place)
      if (truth > 0) wrong++
      if (truth <= regret!.upper) held++
    }
    expect(held).toBeGreaterThanOrEqual(Math.max(least, studies * 0.95))
    if (step > 0) expect(wrong).toBeGreaterThan(0)
  })
})
