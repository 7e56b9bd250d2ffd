import { describe, expect, it } from 'vitest'
import { changeOf } from '../../../src/claims/tests/change.js'
import {
  bestSet,
  checkClaims,
  checkStudy,
  compare,
  compareSpread,
  doseResponseRows,
  explain,
  fitScaling,
  interaction,
  judgeClaims,
  plotContrasts,
  recommend,
  type Study,
  sentencesOf,
  simulateStudy,
  summarise,
} from '../../../src/entries/analysis.js'
import { pairedRatio, tInterval } from '../../../src/entries/statistics.js'

const contrast = { a: { workers: 2 }, b: { workers: 4 } } as const

/** Six sessions of four blocks, whose ratios differ from session to session. */
const study = simulateStudy({
  workers: [1, 2, 4],
  blocks: 24,
  sessions: 6,
  noise: 0.02,
  sessionNoise: 0.02,
  controls: ['aa', 'slowdown'],
  truth: ({ workers }) => ({ totalMs: 4000 / Math.sqrt(workers), insertMs: 1000 }),
})

const perSession = 4

const ofTwoSizes = simulateStudy({
  workers: [1, 2, 4],
  batchSizes: [10_000, 20_000],
  blocks: 24,
  sessions: 6,
  noise: 0.02,
  truth: ({ workers }) => ({ totalMs: 4000 / Math.sqrt(workers), insertMs: 1000 }),
})

const ofPair = { a: { workers: 2, batchSize: 10_000 }, b: { workers: 4, batchSize: 10_000 } } as const
const sessionOf = (block: number): number => Math.floor((block - 1) / perSession)

const claims = checkClaims({
  claims: [
    {
      id: 'S1',
      claim: '4 workers are faster than 2',
      test: {
        kind: 'contrasts',
        contrasts: [{ a: { workers: 4 }, b: { workers: 2 }, metric: 'totalMs', claim: { fasterBy: [0.05, null] } }],
      },
    },
  ],
})

/** The mean of the values of each session, computed apart from the code under test. */
function bySession(values: readonly { readonly block: number; readonly value: number }[]): number[] {
  const sessions = [...new Set(values.map(({ block }) => sessionOf(block)))]
  return sessions.map((session) => {
    const own = values.filter(({ block }) => sessionOf(block) === session)
    return own.reduce((sum, { value }) => sum + value, 0) / own.length
  })
}

/** The study without some trials. */
const without = (given: Study, isLeft: (trial: Study['trials'][number]) => boolean): Study => ({
  ...given,
  trials: given.trials.filter((trial) => !isLeft(trial)),
})

/** Where numbers that are NaN stand in a value. */
function notFinite(value: unknown, path = ''): string[] {
  if (Number.isNaN(value)) return [path]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, own]) => notFinite(own, `${path}/${key}`))
}

describe('intervals of a study in sessions', () => {
  it('the interval of compare is that of the sessions’ mean log ratios', () => {
    const found = compare(study, contrast)
    const means = bySession(found.pairs.map(({ block, ratio }) => ({ block, value: Math.log(ratio) })))
    const { value, interval, n } = tInterval(means)
    expect(found).toMatchObject({ blocks: 24, sessions: 6, minBlocks: 6 })
    expect(found.estimate!.n).toBe(n)
    expect(found.estimate!.value).toBeCloseTo(Math.exp(value), 12)
    expect(found.estimate!.interval!.lower).toBeCloseTo(Math.exp(interval!.lower), 12)
    expect(found.signedRank!.estimate.n).toBe(6)
    expect(found.sessionRatios.map(({ session }) => session)).toEqual([1, 2, 3, 4, 5, 6])
    for (const [k, { ratio, blocks }] of found.sessionRatios.entries()) {
      expect(ratio).toBeCloseTo(Math.exp(means[k]!), 12)
      expect(blocks).toBe(4)
    }
  })

  it('sessions weigh alike, however many of their blocks are used', () => {
    const fewer = without(study, ({ block }) => block > 1 && block <= 4)
    const found = compare(fewer, contrast)
    const means = bySession(found.pairs.map(({ block, ratio }) => ({ block, value: Math.log(ratio) })))
    expect(found).toMatchObject({ blocks: 21, sessions: 6 })
    expect(found.estimate!.value).toBeCloseTo(Math.exp(tInterval(means).value), 12)
    expect(found.estimate!.value).not.toBeCloseTo(
      pairedRatio(
        found.pairs.map(({ a }) => a),
        found.pairs.map(({ b }) => b),
      ).value,
      6,
    )
  })

  it('every minimum counts sessions: five of them give no verdict, however many blocks they have', () => {
    const five = without(study, ({ block }) => block > 20)
    const found = compare(five, contrast)
    expect(found).toMatchObject({ blocks: 20, sessions: 5, verdict: 'undecided', better: null })
    expect(sentencesOf(found).join()).toContain('a verdict needs at least 6 sessions')
    const set = bestSet(five, 'workers')
    expect(set).toMatchObject({ blocks: 20, sessions: 5, best: null })
    expect(sentencesOf(set).join()).toContain('a best set needs at least 6 sessions, there are 5')
    const best = recommend(five)
    expect(best).toMatchObject({ sessions: 5, regret: null, reason: 'too-few-blocks' })
    expect(sentencesOf(best).join()).toContain('that takes at least 6 sessions, there are 5')
    expect(compareSpread(five, contrast)).toMatchObject({ sessions: 5, verdict: 'undecided', minBlocks: 6 })
    const [claim] = judgeClaims(claims, five)
    expect(claim).toMatchObject({ verdict: 'undecided', blocks: 20, sessions: 5 })
    expect(sentencesOf(claim!).join()).toContain('too few sessions for a verdict')
  })

  it('all that is told of the study rests on its sessions', () => {
    const [row] = summarise(study)
    expect(row).toMatchObject({ n: 24 })
    expect(row!.geometricMean!.n).toBe(6)
    const { controls } = compare(study, contrast)
    expect(controls.aa).toMatchObject({ blocks: 24, sessions: 6, estimate: { n: 6 } })
    expect(controls.slowdown).toMatchObject({ sessions: 6, estimate: { n: 6 }, detected: true })
    const change = explain(study, { from: { workers: 2 }, to: { workers: 4 } })
    expect(change).toMatchObject({ blocks: 24, sessions: 6, wall: { change: { n: 6 } } })
    expect(change.wall!.toMs - change.wall!.fromMs).toBeCloseTo(change.wall!.change.value, 6)
    for (const { change: one } of change.activities) expect(one.n).toBe(6)
    const spent = explain(study, { at: { workers: 2 } })
    expect(spent).toMatchObject({ blocks: 24, sessions: 6, readBlocks: 24, readSessions: 6, totalMs: { n: 6 } })
    for (const { ms } of spent.client) expect(ms.n).toBe(6)
    expect(doseResponseRows(study, { workers: [2, 4] })[0]).toMatchObject({
      blocks: 24,
      sessions: 6,
      changePoints: { n: 6 },
      moreTimePercent: { n: 6 },
    })
    const [law] = fitScaling(study)
    expect(law).toMatchObject({ blocks: 24, sessions: 6 })
    expect(law!.observations.throughput).toHaveLength(6 * 3)
    expect(bestSet(study, 'workers').candidates[0]!.toBestOther.n).toBe(6)
    expect(recommend(study)).toMatchObject({ blocks: 24, sessions: 6 })
    expect(compareSpread(study, contrast).estimate!.n).toBe(6)
    const options = { from: { workers: 2 }, to: { workers: 4 }, metric: 'insertMs', level: 0.95 } as const
    expect(changeOf(study, options)).toMatchObject({ blocks: 24, sessions: 6, change: { change: { n: 6 } } })
  })

  it('an interaction rests on sessions', () => {
    const crossed = simulateStudy({
      workers: [2, 4],
      batchSizes: [10_000, 30_000],
      blocks: 12,
      sessions: 6,
      noise: 0.02,
      observed: false,
      truth: () => ({ totalMs: 1000 }),
    })
    const found = interaction(crossed, { of: 'workers', by: 'batchSize', metric: 'totalMs' })
    expect(found).toMatchObject({ blocks: 12, sessions: 6, estimate: { n: 6 } })
  })

  it('a session that broke off after whole blocks is one, and the session that went on is another', () => {
    const begun = study.contexts[0]!
    const broken: Study = {
      ...study,
      contexts: [
        begun,
        // It began between the second and the third block of the first.
        { ...begun, startedAt: '2026-01-01T00:01:45.000Z' },
        ...study.contexts.slice(1),
      ],
    }
    const found = compare(broken, contrast)
    expect(found).toMatchObject({ blocks: 24, sessions: 7 })
    expect(found.sessionRatios.map(({ blocks }) => blocks)).toEqual([2, 2, 4, 4, 4, 4, 4])
  })

  it('say names the sessions, what varies within and between them, and how many would decide', () => {
    const found = compare(study, contrast)
    const text = sentencesOf(found).join()
    expect(text).toContain('24 blocks in 6 sessions')
    const { betweenSd, withinSd, shareBetween } = found.components!
    expect(withinSd).toBeGreaterThan(0.02)
    expect(withinSd).toBeLessThan(0.04)
    expect(shareBetween).toBeCloseTo(betweenSd ** 2 / (betweenSd ** 2 + withinSd ** 2 / 4), 12)
    expect(text).toMatch(
      /between sessions the ratio varies by [\d.]+ %, within them by [\d.]+ %, so that \d+ % of the variance of its mean lies between sessions/,
    )
    expect(found.blocksToDecide).toBe(found.sessionsToDecide! * perSession)
    expect(sentencesOf(bestSet(study, 'workers')).join()).toContain('24 blocks in 6 sessions')
    expect(sentencesOf(explain(study, { from: { workers: 2 }, to: { workers: 4 } })).join()).toContain(
      '24 blocks in 6 sessions',
    )
    expect(sentencesOf(judgeClaims(claims, study)[0]!).join()).toContain('over the means of 6 sessions')
  })

  it('components are null below six sessions, and where sessions have too few blocks to tell', () => {
    expect(
      compare(
        without(study, ({ block }) => block > 20),
        contrast,
      ).components,
    ).toBeNull()
    const single = simulateStudy({ blocks: 8, sessions: 8, noise: 0.02, truth: () => ({ totalMs: 1000 }) })
    expect(compare(single, contrast)).toMatchObject({ blocks: 8, sessions: 8, components: null, estimate: { n: 8 } })
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 21])('a study that has %i of its blocks so far is analysed', (blocks) => {
    const begun = without(ofTwoSizes, ({ block }) => block > blocks)
    const comparison = compare(begun, ofPair)
    expect(comparison).toMatchObject({ blocks, sessions: Math.ceil(blocks / perSession) })
    const found = [
      comparison,
      compareSpread(begun, ofPair),
      interaction(begun, { of: 'workers', by: 'batchSize', metric: 'totalMs' }),
      explain(begun, { from: ofPair.a, to: ofPair.b }),
      recommend(begun),
      fitScaling(begun),
      judgeClaims(claims, begun),
      summarise(begun),
      checkStudy(begun),
    ]
    expect(notFinite(found)).toEqual([])
    expect(sentencesOf(comparison).join()).not.toContain('NaN')
  })

  it('plotContrasts draws the mean of each session over its blocks', () => {
    const { data, layout } = plotContrasts([compare(study, contrast)])
    const traces = data as readonly { name?: string; x: readonly number[]; text?: readonly string[] }[]
    const means = traces.find(({ name }) => name === 'mean of one session')!
    expect(means.x).toEqual(compare(study, contrast).sessionRatios.map(({ ratio }) => ratio))
    expect(means.text![0]).toBe('session 1, 4 blocks')
    expect(traces.find(({ name }) => name === 'one block')!.x).toHaveLength(24)
    expect(JSON.stringify(layout)).toContain('interval of the means of sessions')
  })
})
