import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { contextRows } from '../../../src/analysis/tables/context.js'
import { checkStudy } from '../../../src/analysis/validity/check-study.js'
import { deviations } from '../../../src/analysis/validity/deviations.js'
import { deviationWords } from '../../../src/analysis/validity/deviations-words.js'
import { driftOf } from '../../../src/analysis/validity/order-effects.js'

const study = simulateStudy({ blocks: 12, sessions: 6, noise: 0.01, truth: () => ({ totalMs: 30_000 }) })

describe('the validity of a study in sessions', () => {
  it('does not suffer from its design', () => {
    expect(checkStudy(study)).toEqual([])
    expect(deviations(study).deviations).toEqual([])
    expect(contextRows(study).find(({ what }) => what === 'plan')!.value).toContain(
      '2 treatments × 12 blocks in 6 sessions',
    )
  })

  it('tells of blocks that a session broke off in, and of the session more', () => {
    const [context] = study.contexts
    const brokenOff = study.trials.filter(({ block }) => block === 4).slice(0, 1)
    const broken = {
      ...study,
      brokenOff,
      contexts: [...study.contexts, { ...context!, startedAt: '2026-02-01T00:00:00.000Z' }],
    }
    expect(deviations(broken).deviations.map((one) => deviationWords(one).text)).toEqual([
      'the study ran in 7 sessions instead of 6',
      '1 trial of block 4 is left out of every analysis, since a session broke off there and another one ran that block again',
    ])
  })

  it('does not take what differs from session to session for a drift, and finds one within them', () => {
    const drifting = Array.from({ length: 100 }, (_, k) =>
      simulateStudy({
        blocks: 12,
        sessions: 6,
        noise: 0.01,
        sessionNoise: 0.1,
        seed: k + 1,
        truth: () => ({ totalMs: 30_000 }),
      }),
    ).filter((one) => driftOf(one)!.pTwoSided < 0.01)
    // Of 100 with a chance of 0.01 each, more than 6 come once in 3,000.
    expect(drifting.length).toBeLessThanOrEqual(6)
    const within = simulateStudy({
      blocks: 24,
      sessions: 2,
      noise: 0.005,
      drift: 0.4,
      truth: () => ({ totalMs: 30_000 }),
    })
    expect(driftOf(within)).toMatchObject({ inSessions: true, first: 1, last: 24 })
    expect(driftOf(within)!.change).toBeGreaterThan(0.1)
    expect(driftOf(within)!.change).toBeLessThan(0.3)
  })
})
