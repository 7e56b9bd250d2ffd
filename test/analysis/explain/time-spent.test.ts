import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { explain, sentencesOf } from '../../../src/entries/analysis.js'
import type { Study } from '../../../src/study/study.js'
import type { CompletedTrial } from '../../../src/study/trial.js'

/**
 * Of 4 workers a quarter of the time in COPY is spent on relation extension, and a core is there
 * for two thirds of the rest.
 */
function simulated(more: Partial<SimulateOptions> = {}): Study {
  return simulateStudy({
    workers: [1, 4],
    batchSizes: [1000, 2000],
    blocks: 5,
    noise: 0.02,
    truth: () => ({ totalMs: 2000, insertMs: 1900, events: { cpu: 0.75, 'Lock:extend': 0.25 }, onCore: 2 / 3 }),
    change: (trial) => ({ ...trial, readMs: 100, analyseMs: 300, encodeMs: 260 }),
    ...more,
  })
}

const at = { workers: 4, batchSize: 1000 }
const sum = (all: readonly { readonly share: number }[]): number => all.reduce((total, { share }) => total + share, 0)
const blind = (trial: CompletedTrial): CompletedTrial => ({
  ...trial,
  waits: null,
  missing: { waits: 'the probe was off' },
})

describe('explain(study, { at })', () => {
  const spent = explain(simulated(), { at })

  it('gives every activity of one treatment with its interval over blocks, and shares that add up to the whole', () => {
    expect(spent).toMatchObject({ result: 'time-spent', blocks: 5, readBlocks: 5, unread: [], cpuKnown: true })
    const share = (name: string): number => spent.activities.find(({ activity }) => activity === name)!.share
    expect(share('extension')).toBeCloseTo(0.25 * 0.95, 2)
    expect(share('running')).toBeCloseTo(0.5 * 0.95, 2)
    expect(share('queueing')).toBeCloseTo(0.25 * 0.95, 2)
    expect(share('client') + share('barrier')).toBeCloseTo(0.05, 2)
    expect(sum(spent.activities) + spent.rest!.share).toBeCloseTo(1, 12)
    expect(sum(spent.sides) + spent.rest!.share).toBeCloseTo(1, 12)
    for (const { ms } of spent.activities.filter(({ ms }) => ms.value > 0)) {
      expect(ms.n).toBe(5)
      expect(ms.interval!.lower).toBeLessThan(ms.value)
      expect(ms.interval!.upper).toBeGreaterThan(ms.value)
    }
  })

  it('has what the activities leave of the whole, below 0 where the clocks give more than it', () => {
    const over = explain(simulated({ change: (trial) => ({ ...trial, backendCpuMs: 9000, backendQueueMs: 0 }) }), {
      at,
    })
    expect(over.activities[0]!.share).toBeGreaterThan(1)
    expect(over.rest!.share).toBeLessThan(-0.1)
    expect(sum(over.activities) + over.rest!.share).toBeCloseTo(1, 12)
  })

  it("has the client's reading, analysing and encoding apart, of one thread's time or of every worker's", () => {
    const of = ({ client }: typeof spent): number[] => client.map(({ share }) => Number(share.toFixed(2)))
    expect(spent.client.map(({ work, ms }) => [work, ms.value])).toEqual([
      ['read', 100],
      ['analyse', 300],
      ['encode', 260],
    ])
    expect(of(spent)).toEqual([0.05, 0.15, 0.13])
    const threads = simulated({ vary: (one) => [{ ...one, client: 'threads' }] })
    expect(of(explain(threads, { at }))).toEqual([0.01, 0.04, 0.03])
  })

  it('says in sentences what the time was, whose, and what the client did', () => {
    const [whole, sides, client] = sentencesOf(spent)
    expect(whole).toMatch(
      /^4 workers at 1K took [\d.]+ s \(95 % CI .*\); of 4 workers that is [\d.]+ worker-seconds \(.*\), 5 blocks: running 4\d %, .*relation extension 2\d %/,
    )
    expect(sides).toMatch(/^Whose time it was: work of the backends 4\d %, waits .* %$/)
    expect(client).toMatch(
      /: reading files 0\.10 s .*, analysing lines 0\.30 s .*; together 3[234] % of its one thread's time$/,
    )
    expect(sentencesOf(explain(simulated({ vary: (one) => [{ ...one, source: 'prepared' }] }), { at }))[2]).toBe(
      'The client had prepared all records before the clock started',
    )
  })

  it('has the total and the client where the waits were not read, and says why they were not', () => {
    const unread = explain(simulated({ change: blind }), { at })
    expect(unread).toMatchObject({ blocks: 5, readBlocks: 0, wall: null, activities: [], sides: [], rest: null })
    expect(sentencesOf(unread)[0]).toMatch(
      / took .* s .*, 5 blocks; what the workers waited for was not read: the probe was off$/,
    )
    const none = explain(simulated({ blocks: 1, change: (trial) => ({ ...trial, block: 0, phase: 'warm-up' }) }), {
      at,
    })
    expect(none).toMatchObject({ totalMs: null, client: [] })
    expect(sentencesOf(none)).toEqual(['4 workers at 1K: no block can be used, so where the time went is not known'])
  })

  it('counts queueing as running where it could not be separated in some trial', () => {
    const half = explain(
      simulated({
        change: (trial) => (trial.block === 1 ? { ...trial, backendCpuMs: null, backendQueueMs: null } : trial),
      }),
      { at },
    )
    expect(half.cpuKnown).toBe(false)
    expect(half.activities.map(({ activity }) => activity)).not.toContain('queueing')
    expect(half.activities[0]).toMatchObject({ activity: 'running', label: 'running or queueing for a core' })
    expect(sum(half.activities) + half.rest!.share).toBeCloseTo(1, 12)
    expect(sentencesOf(half)[1]).toContain('cannot be distinguished')
  })

  it('refuses what is not one treatment, and `at` together with `from`', () => {
    expect(() => explain(simulated(), { at: { workers: 4 } })).toThrow('which leaves 2: add `batchSize` (1000, 2000)')
    const both = { at, from: at, to: at }
    expect(() => explain(simulated(), both)).toThrow('Expected either `at`, or `from` and `to`, got both')
  })
})
