import { describe, expect, it } from 'vitest'
import { bestSet, compare, type SimulateOptions, type Study, simulateStudy } from '../../../src/entries/analysis.js'

const contrast = { a: { workers: 2 }, b: { workers: 4 } } as const
const studies = 400

/** Draws studies of 6 sessions of 4 blocks whose ratios differ from session to session. */
function drawn(options: Partial<SimulateOptions>): Study[] {
  return Array.from({ length: studies }, (_, k) =>
    simulateStudy({
      blocks: 24,
      sessions: 6,
      noise: 0.02,
      sessionNoise: 0.03,
      observed: false,
      seed: k + 1,
      truth: () => ({ totalMs: 1000 }),
      ...options,
    }),
  )
}

/** The study as it would be analysed if its sessions were not known: its blocks are replicates. */
const byBlocks = (study: Study): Study => ({ ...study, plan: { ...study.plan, blocksPerSession: null } })

const share = (of: readonly Study[], holds: (study: Study) => boolean): number => of.filter(holds).length / of.length

/** Four standard errors of a share of the studies. */
const within = (level: number): number => 4 * Math.sqrt((level * (1 - level)) / studies)

describe('intervals by sessions', () => {
  const ofTwo = drawn({
    workers: [2, 4],
    controls: ['aa'],
    truth: ({ workers }) => ({ totalMs: workers === 2 ? 900 : 1000 }),
  })

  it('intervals by sessions cover the truth as often as they say, and intervals by blocks do not', () => {
    const covers = (study: Study): boolean => {
      const { lower, upper } = compare(study, contrast).estimate!.interval!
      return lower <= 0.9 && 0.9 <= upper
    }
    expect(Math.abs(share(ofTwo, covers) - 0.95)).toBeLessThan(within(0.95))
    expect(share(ofTwo, (study) => covers(byBlocks(study)))).toBeLessThan(0.85)
  })

  it('identical treatments are called different as often as the level says, by sessions alone', () => {
    const alike = drawn({ workers: [2, 4] })
    const different = (study: Study): boolean => compare(study, contrast).better !== null
    expect(share(alike, different)).toBeLessThan(0.05 + within(0.05))
    expect(share(alike, (study) => different(byBlocks(study)))).toBeGreaterThan(0.15)
  })

  it('the best set by sessions misses one of several equally good levels no more often than its level says', () => {
    const alike = drawn({ workers: [1, 2, 3, 4] })
    const misses = (study: Study): boolean =>
      !bestSet(study, 'workers').best!.some(({ treatment }) => treatment.workers === 1)
    expect(share(alike, misses)).toBeLessThan(0.05 + within(0.05))
    expect(share(alike, (study) => misses(byBlocks(study)))).toBeGreaterThan(0.15)
  })

  it('the components are those of the simulation', () => {
    const long = simulateStudy({
      workers: [2, 4],
      blocks: 1600,
      sessions: 200,
      noise: 0.02,
      sessionNoise: 0.03,
      observed: false,
      truth: () => ({ totalMs: 1000 }),
    })
    const { withinSd, betweenSd } = compare(long, contrast).components!
    // A ratio of two treatments varies by √2 times as much as each of them.
    expect(withinSd / (0.02 * Math.SQRT2)).toBeCloseTo(1, 1)
    expect(Math.abs(betweenSd / (0.03 * Math.SQRT2) - 1)).toBeLessThan(0.2)
  })
})
