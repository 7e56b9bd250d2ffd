import { describe, expect, it } from 'vitest'
import { decideSequentially, primarySoFar } from '../../../src/analysis/compare/interim.js'
import { levelAfter, lookAfter } from '../../../src/analysis/compare/preregistration.js'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { sequentialLevels } from '../../../src/analysis/statistics/group-sequential.js'
import { compare, deviations, sentencesOf } from '../../../src/entries/analysis.js'
import type { Preregistration, StopRule } from '../../../src/study/preregistration.js'
import { blockOfLook } from '../../../src/study/preregistration.js'
import type { Study } from '../../../src/study/study.js'
import { broken } from '../broken-trial.js'
import { sentenceOf } from '../sentence-of.js'

const rule: StopRule = { looks: 5, bound: 'obrien-fleming', maxBlocks: 40 }

/** A study of 2 and 4 workers with a primary contrast. */
function preregistered(changes: Partial<SimulateOptions> = {}, registration: Partial<Preregistration> = {}): Study {
  const study = simulateStudy({
    blocks: 40,
    noise: 0.02,
    truth: ({ workers }) => ({ totalMs: workers === 2 ? 900 : 1000 }),
    ...changes,
  })
  const [a, b] = study.plan.treatments
  return {
    ...study,
    plan: {
      ...study.plan,
      preregistration: {
        primary: { a: a!, b: b!, metric: 'totalMs', claim: { fasterBy: [0.05, 0.15] } },
        level: 0.95,
        margin: 0.05,
        exclude: [],
        claims: null,
        stop: null,
        ...registration,
      },
    },
  }
}

const upTo = (study: Study, block: number): Study => ({
  ...study,
  trials: study.trials.filter((trial) => trial.block <= block),
})
const twoVsFour = { a: { workers: 2 }, b: { workers: 4 } }

describe('decideSequentially(study)', () => {
  it('decideSequentially looks at equal distances, at the level of the look', () => {
    const study = preregistered({}, { stop: rule })
    const levels = sequentialLevels({ looks: 5, bound: 'obrien-fleming' })
    expect([1, 2, 3, 4, 5].map((look) => blockOfLook(rule, look))).toEqual([8, 16, 24, 32, 40])
    expect([7, 8, 9, 40].map((block) => lookAfter(rule, block))).toEqual([null, 1, null, 5])
    expect([1, 8, 9, 40].map((block) => levelAfter(study.plan.preregistration!, block))).toEqual([
      levels[0],
      levels[0],
      levels[1],
      levels[4],
    ])
    const before = decideSequentially(upTo(study, 7))
    expect(before).toMatchObject({ look: null, decided: false })
    const sixteen = decideSequentially(upTo(study, 16))
    expect(sixteen).toMatchObject({ look: 2, decided: true })
    expect(sixteen.text).toMatch(/^2 workers vs 4 at 10K: .* less time \(99\.\d+ % CI [\d.]+ to [\d.]+\), supported$/)
    expect(compare(upTo(study, 16), twoVsFour)).toMatchObject({ level: levels[1], preregistered: true })
    expect(compare(upTo(study, 16), { ...twoVsFour, level: 0.95 }).preregistered).toBe(false)
    expect(compare(upTo(study, 16), { a: twoVsFour.b, b: twoVsFour.a })).toMatchObject({
      level: 0.95,
      preregistered: false,
    })
  })

  it('decideSequentially refuses a study without a rule', () => {
    expect(() => decideSequentially(preregistered())).toThrow('preregisters a rule to stop by, got simulated')
    expect(() => decideSequentially(simulateStudy({ truth: () => ({ totalMs: 1 }) }))).toThrow('preregisters a rule')
  })
})

describe('primarySoFar(study)', () => {
  it('primarySoFar says the primary contrast of whatever blocks there are, and refuses a study that preregisters none', () => {
    expect(primarySoFar(upTo(preregistered(), 8))).toMatch(
      /^2 workers vs 4 at 10K: .* % less time \(95 % CI [\d.]+ to [\d.]+\), \w+$/,
    )
    expect(primarySoFar(upTo(preregistered(), 0))).toBe('2 workers vs 4 at 10K: no block with both yet')
    expect(() => primarySoFar(simulateStudy({ truth: () => ({ totalMs: 1 }) }))).toThrow(
      'preregisters a primary contrast, got simulated',
    )
  })
})

describe('exclusion rules', () => {
  const stolen = preregistered(
    {
      blocks: 10,
      change: (trial) =>
        trial.block === 3
          ? { ...trial, hostSteal: 0.4, totalMs: trial.totalMs * (trial.treatment.workers === 2 ? 3 : 1) }
          : trial,
    },
    { exclude: ['steal'] },
  )

  it('compare leaves excluded trials out, says so, and gives the same with them put back', () => {
    const found = compare(stolen, twoVsFour)
    expect(found.blocks).toBe(9)
    expect(found.excluded).toEqual([{ block: 3, reason: 'a is left out: steal; b is left out: steal' }])
    expect(found.withExcluded).toMatchObject({ blocks: 10 })
    expect(found.withExcluded!.estimate!.value).toBeGreaterThan(found.estimate!.value * 1.08)
    expect(sentenceOf(found)).toMatch(
      /: supported \(claim: .*\); with the excluded trials put back: .*, 10 blocks: \w+$/,
    )
    expect(compare({ ...stolen, plan: { ...stolen.plan, preregistration: null } }, twoVsFour)).toMatchObject({
      blocks: 10,
      withExcluded: null,
    })
  })

  it('deviations tells what was preregistered and what ran otherwise', () => {
    expect(deviations(stolen)).toMatchObject({ hash: '0123456789ab' })
    const [preregisteredPlan, ...differing] = sentencesOf(deviations(stolen))
    expect(differing).toEqual([expect.stringContaining('2 trials left out by the preregistered rules (steal)')])
    expect(preregisteredPlan).toContain(
      'primary contrast total time, 2 against 4 workers at 10,000, claim: 5–15 % less time; level 95 %',
    )
    const torn = preregistered({
      blocks: 6,
      change: (trial) => (trial.block > 4 ? null : trial.trial === 3 ? broken(trial) : trial),
    })
    expect(sentencesOf(deviations(torn)).slice(1)).toEqual(['4 of 6 planned blocks were begun', '1 trial failed (3)'])
    expect(deviations(preregistered())).toMatchObject({ deviations: [] })
    expect(deviations(simulateStudy({ truth: () => ({ totalMs: 1 }) })).preregistered).toBeNull()
  })
})
