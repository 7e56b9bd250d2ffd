import { describe, expect, it } from 'vitest'
import {
  type Claims,
  checkClaims,
  claimOf,
  compare,
  type DesignOptions,
  designStudy,
  judgeClaims,
  readClaims,
  type StatedClaim,
  type StudyDesign,
  sentencesOf,
  simulateStudy,
} from '../../src/entries/analysis.js'
import { readStudy } from '../../src/study/journal/studies.js'
import type { Study } from '../../src/study/study.js'

const reference = readStudy('reference-workers')
const faster: StatedClaim = {
  id: 'A1',
  claim: '2 workers are 5 to 15 % faster than 4',
  test: {
    kind: 'contrasts',
    contrasts: [{ a: { workers: 2 }, b: { workers: 4 }, metric: 'totalMs', claim: { fasterBy: [0.05, 0.15] } }],
  },
}
const alone: Claims = checkClaims({ claims: [faster] })

/** A study in which 2 workers take the given ratio of the time of 4. */
function pilotOf(ratio: number, { blocks, seed = 1, noise = 0.04 }: { blocks: number; seed?: number; noise?: number }) {
  return simulateStudy({
    workers: [2, 4],
    blocks,
    noise,
    seed,
    blockNoise: 0.1,
    observed: false,
    truth: ({ workers }) => ({ totalMs: workers === 2 ? 1000 * ratio : 1000 }),
  })
}

/** A study whose blocks, in their order, fall into sessions of as many each, a day apart. */
function inSessions(study: Study, each: number, effect: (session: number) => number): Study {
  const at = (session: number): string => new Date(Date.UTC(2026, 0, 1 + session)).toISOString()
  const sessionOf = (block: number): number => Math.floor((block - 1) / each)
  return {
    ...study,
    contexts: Array.from({ length: sessionOf(study.plan.blocks) + 1 }, (_, session) => ({
      ...study.contexts[0]!,
      startedAt: at(session),
    })),
    trials: study.trials.map((trial) => {
      const session = sessionOf(trial.block)
      const factor = trial.treatment.workers === 2 ? Math.exp(effect(session)) : 1
      return trial.state === 'completed'
        ? { ...trial, startedAt: at(session), totalMs: trial.totalMs * factor }
        : { ...trial, startedAt: at(session) }
    }),
  }
}

describe('designStudy', () => {
  it('designStudy tells how many blocks decide C1 on the reference study, at the level of its preregistration', () => {
    const design = designStudy(reference, 'C1')
    const found = compare(reference, { a: design.a, b: design.b })
    expect(design).toMatchObject({
      result: 'study-design',
      study: 'reference-workers',
      id: 'C1',
      metric: 'totalMs',
      level: 0.95,
      margin: 0.05,
      power: 0.9,
      truth: found.estimate!.value,
      truthFrom: 'pilot',
      pilotBlocks: 30,
      minBlocks: 6,
      obstacle: null,
      reason: null,
      sessionSd: 0.01,
      sessionSdFrom: 'default',
    })
    expect(design.sd).toBeCloseTo(found.sd!, 12)
    // A review counted 174 by the normal formula.
    expect(design.blocks).toBeGreaterThan(160)
    expect(design.blocks).toBeLessThan(195)
    expect(design.verdicts!.supported).toBeLessThan(0.001)
    expect(design.verdicts!.undecided).toBeLessThanOrEqual(0.1)
    expect(design.minutes).toBeCloseTo(((design.blocks! + 1) * design.blockSeconds!) / 60, 10)
    expect(design.sessions!.sessions).toBeGreaterThanOrEqual(6)
    expect(design.sessions!.sessions * design.sessions!.blocks).toBeGreaterThan(design.blocks!)
    expect(JSON.parse(JSON.stringify(design))).toEqual(design)
    expect(designStudy(reference, 'C1')).toEqual(design)
  })

  it.each([
    [0.9, 0.9, 0.9],
    [0.963, 0.8, 0.8],
    [1.01, 0.9, 0.9],
  ])(
    'designStudy of a pilot at a ratio of %s: of fresh studies of that many blocks, the share %s ends with a true verdict',
    (ratio, power, least) => {
      const pilot = pilotOf(ratio, { blocks: 400 })
      const design = designStudy(pilot, 'A1', { claims: alone, power, truth: 1 - ratio })
      const studies = 300
      const truths = ratio === 1.01 ? ['equivalent', 'refuted'] : ratio === 0.9 ? ['supported'] : ['refuted']
      const right = Array.from({ length: studies }, (_, k) => {
        const fresh = pilotOf(ratio, { blocks: design.blocks!, seed: 1000 + k })
        return truths.includes(judgeClaims(alone, fresh)[0]!.word)
      }).filter((isRight) => isRight).length
      const error = Math.sqrt((least * (1 - least)) / studies)
      expect(right / studies).toBeGreaterThan(least - 3.5 * error)
      // The least blocks of a verdict may be more than the power needs.
      if (design.blocks! > design.minBlocks) expect(right / studies).toBeLessThan(least + 0.03 + 3.5 * error)
    },
  )

  it('designStudy judges at the share of the error rate that the claim has among all', () => {
    const claims = readClaims()
    const judged = judgeClaims(claims, reference)
    const options: DesignOptions = { claims, truth: 0.1 }
    const levels = ['C2', 'C7', 'C8b'].map((id) => designStudy(reference, id, { ...options, truth: undefined }).level)
    expect(levels).toEqual(['C2', 'C7', 'C8b'].map((id) => judged.find((one) => one.id === id)!.level))
    const asOther = designStudy(reference, 'C1', { ...options, primary: 'C2' })
    const asPrimary = designStudy(reference, 'C1', options)
    expect(asOther.level).toBe(levels[0])
    expect(asOther.minBlocks).toBe(10)
    expect(asOther.blocks).toBeGreaterThan(asPrimary.blocks!)
    expect(designStudy(reference, 'C1', { ...options, level: 0.99 }).level).toBe(0.99)
  })

  it('designStudy takes a claim of the file with its share, and one of its own by itself', () => {
    const claims = readClaims()
    expect(designStudy(reference, claimOf(claims, 'C2'))).toEqual(designStudy(reference, 'C2'))
    const own: StatedClaim = { ...claimOf(claims, 'C2'), id: 'mine' }
    expect(designStudy(reference, own, { claims })).toMatchObject({ id: 'mine', level: 0.95 })
    expect(designStudy(pilotOf(0.9, { blocks: 12 }), faster)).toMatchObject({ id: 'A1', level: 0.95, obstacle: null })
  })

  it.each([
    [0.05, '5 % less time'],
    [0.15, '15 % less time'],
  ])(
    'designStudy knows no number of blocks for a truth of %s, on an edge of the band, and says why',
    (truth, words) => {
      const design = designStudy(pilotOf(0.9, { blocks: 12 }), 'A1', { claims: alone, truth })
      expect(design).toMatchObject({ blocks: null, sessions: null, verdicts: null, minutes: null, obstacle: 'edge' })
      expect(design.reason).toContain(`${words} lies on an edge of the claimed band or of the margin`)
      expect(sentencesOf(design)[0]).toContain(design.reason)
    },
  )

  it('designStudy knows none where the truth is too close to an edge for the most blocks', () => {
    const close = { claims: alone, truth: 0.053 }
    const pilot = pilotOf(0.9, { blocks: 12 })
    const design = designStudy(pilot, 'A1', { ...close, maxBlocks: 300 })
    expect(design).toMatchObject({ blocks: null, sessions: null, obstacle: 'too-many' })
    expect(design.reason).toMatch(/^5.3 % less time lies too close to an edge .* by 300 blocks$/)
  })

  it('designStudy knows none from a pilot of fewer than 6 blocks, or of none', () => {
    const few = designStudy(pilotOf(0.9, { blocks: 5 }), 'A1', { claims: alone, truth: 0.1 })
    expect(few).toMatchObject({ blocks: null, sessions: null, sd: null, obstacle: 'few-blocks', pilotBlocks: 5 })
    expect(few.reason).toBe('the pilot has 5 blocks with both treatments, and its spread is not known below 6 blocks')
    const pilot = pilotOf(0.9, { blocks: 6 })
    const none = designStudy({ ...pilot, trials: [] }, 'A1', { claims: alone })
    expect(none).toMatchObject({ truth: null, pilotBlocks: 0, obstacle: 'few-blocks', blockSeconds: null })
    expect(sentencesOf(none).join(' ')).not.toMatch(/NaN|null|undefined/)
  })

  it('designStudy takes the spread between sessions from a pilot of 6, and else says that it is a guess', () => {
    const effects = [0.05, -0.04, 0.02, -0.06, 0.03, 0.01, -0.03, 0.02]
    const several = (each: number): Study =>
      inSessions(pilotOf(0.9, { blocks: 8 * each, noise: 0.01 }), each, (session) => effects[session]!)
    const assumed = ({ assumed: texts }: StudyDesign): string => texts.join('\n')
    const measured = designStudy(several(5), 'A1', { claims: alone })
    expect(measured).toMatchObject({ pilotSessions: 8, sessionSdFrom: 'pilot' })
    expect(measured.sessionSd).toBeGreaterThan(0.03)
    expect(measured.sessionSd).toBeLessThan(0.05)
    expect(measured.sd).toBeLessThan(0.02)
    expect(assumed(measured)).toContain('as in the pilot over its 8 sessions')
    const stated = designStudy(several(5), 'A1', { claims: alone, sessionSd: 0.02 })
    expect(stated).toMatchObject({ sessionSd: 0.02, sessionSdFrom: 'stated' })
    expect(stated.sessions!.sessions).toBeLessThan(measured.sessions!.sessions)
    const guessed = designStudy(pilotOf(0.9, { blocks: 12 }), 'A1', { claims: alone })
    expect(assumed(guessed)).toContain('sessions differ by an SD of 0.01, a guess, since the pilot has 1 session')
  })

  it('designStudy judges once, after the last block, whatever looks the pilot took', () => {
    const pilot = pilotOf(0.9, { blocks: 10 })
    const [b, a] = [...pilot.plan.treatments].sort((one, other) => other.workers - one.workers)
    const primary = { a: a!, b: b!, metric: 'totalMs', claim: { fasterBy: [0.05, 0.15] } } as const
    const stop = { looks: 4, bound: 'obrien-fleming', maxBlocks: 40 } as const
    const preregistration = { primary, level: 0.9, margin: 0.03, exclude: [], stop, claims: null }
    const looked: Study = { ...pilot, plan: { ...pilot.plan, preregistration } }
    expect(judgeClaims(alone, looked)[0]!.level).toBeGreaterThan(0.99)
    expect(designStudy(looked, 'A1', { claims: alone })).toMatchObject({ level: 0.9, margin: 0.03 })
  })

  it('designStudy refuses what it cannot answer, and names it', () => {
    const asked =
      (claim: unknown, options: unknown = {}) =>
      (): StudyDesign =>
        designStudy(reference, claim as string, options as DesignOptions)
    expect(asked('C99')).toThrow(/^Expected `claim` to be the id of a claim \(C1, C2, .*, got "C99"$/)
    expect(asked('C6')).toThrow(/^Expected `claim` to be the id of a claim that compares two treatments \(C1, .*"C6"$/)
    expect(asked(undefined)).toThrow(/^claim, claims\[0\]: Expected what is written to be a claim/)
    expect(asked('C1', { claims: 'mine.json' })).toThrow(/^Expected `claims` to be claims, as readClaims\(\) .*"mine/)
    expect(asked('C1', { power: 1 })).toThrow('Expected `power` to be a number between 0 and 1, got 1')
    expect(asked('C1', { truth: 1 })).toThrow('Expected `truth` to be a number below 1, got 1')
    expect(asked('C8b', { truth: 0 })).toThrow('Expected `truth` to be a number above 0, got 0')
    expect(asked('C7', { truth: -1 })).toThrow('Expected `truth` to be a number above -1, got -1')
    expect(asked('C1', { sessionSd: -1 })).toThrow('Expected `sessionSd` to be a number from 0, got -1')
    expect(asked('C1', { maxBlocks: 5 })).toThrow('Expected `maxBlocks` to be a whole number from 6, got 5')
    expect(() => designStudy('reference-workers' as never, 'C1')).toThrow(/read it by readStudy/)
    const narrow = pilotOf(0.9, { blocks: 6 })
    expect(() => designStudy(narrow, 'C7')).toThrow(/`a.workers` to be a level of study simulated \(2, 4\), got 1/)
  })

  it('designStudy says the design in three sentences, whose numbers come with them', () => {
    const [blocks, sessions, assumed] = sentencesOf(designStudy(reference, 'C1', { truth: 0.1, power: 0.8 }))
    expect(blocks).toMatch(
      /^C1, 2 workers vs 4 at 10K \(claim: 5–15 % less time\): \d+ blocks \(about \d+ minutes?\) decide it in 80 % of studies, where the truth is 10 % less time \(simulated: [\d.]+ % supported/,
    )
    expect(sessions).toMatch(/^Over sessions, whose log ratios differ by an SD of 0.01: \d+ sessions of \d+ blocks? /)
    expect(assumed).toMatch(/^Assumed: the truth is 10 % less time, as stated; one verdict after the last block, /)
  })

  it('a study of the designed sessions of the designed blocks decides as often as asked, by compare itself', () => {
    const drawn = { workers: [2, 4], noise: 0.03, sessionNoise: 0.02, observed: false } as const
    const truth = ({ workers }: { readonly workers: number }) => ({ totalMs: workers === 2 ? 900 : 1000 })
    const pilot = simulateStudy({ ...drawn, truth, blocks: 24, sessions: 6, seed: 3 })
    const sessionSd = 0.02 * Math.SQRT2
    const design = designStudy(pilot, faster, { claims: alone, power: 0.8, truth: 0.1, sessionSd })
    expect(design).toMatchObject({ pilotSessions: 6, pilotBlocks: 24, obstacle: null })
    const { sessions, blocks } = design.sessions!
    const studies = 300
    const decided = Array.from({ length: studies }, (_, k) => {
      const study = simulateStudy({ ...drawn, truth, blocks: sessions * blocks, sessions, seed: 1000 + k })
      const { verdict } = compare(study, { a: { workers: 2 }, b: { workers: 4 }, claim: { fasterBy: [0.05, 0.15] } })
      return verdict === 'supported'
    })
    const share = decided.filter((one) => one).length / studies
    // The pilot's 24 blocks tell the spread within sessions to about a sixth.
    expect(share).toBeGreaterThan(0.65)
    expect(share).toBeLessThan(0.97)
  })

  it('a pilot in sessions tells the spread between them', () => {
    const pilot = simulateStudy({
      workers: [2, 4],
      blocks: 24,
      sessions: 6,
      noise: 0.01,
      sessionNoise: 0.05,
      observed: false,
      truth: ({ workers }) => ({ totalMs: workers === 2 ? 900 : 1000 }),
    })
    const design = designStudy(pilot, faster, { claims: alone })
    expect(design).toMatchObject({ sessionSdFrom: 'pilot', pilotSessions: 6, minBlocks: 6 })
    const { components } = compare(pilot, { a: { workers: 2 }, b: { workers: 4 } })
    expect(design.sessionSd).toBeCloseTo(components!.betweenSd, 12)
  })
})
