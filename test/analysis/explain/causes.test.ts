import { describe, expect, it } from 'vitest'
import type { CauseName } from '../../../src/analysis/explain/causes/causes.js'
import {
  type SimulatedTruth,
  type SimulateOptions,
  simulateStudy,
} from '../../../src/analysis/simulate/simulate-study.js'
import { type Cause, type Explanation, explain, sentencesOf } from '../../../src/entries/analysis.js'
import type { Study } from '../../../src/study/study.js'
import type { Treatment } from '../../../src/study/treatment.js'
import { readReferenceStudies } from '../../chapter/reference-chapter.js'

const change = { from: { workers: 2 }, to: { workers: 4 } }
/** Commits that are not waited for and a table per worker, each alone. */
const interventions = (own: Treatment): Treatment[] => [
  own,
  { ...own, synchronousCommit: false },
  { ...own, tables: 'per-worker' },
]

/** A load whose time in COPY is given by what the average worker does, in milliseconds. */
function spent(ms: Readonly<Record<string, number>>, outsideMs = 500): SimulatedTruth {
  const insertMs = Object.values(ms).reduce((sum, one) => sum + one, 0)
  return {
    totalMs: insertMs + outsideMs,
    insertMs,
    events: Object.fromEntries(Object.entries(ms).map(([event, part]) => [event, part / insertMs])),
  }
}

/** A study of 2 and 4 workers with those interventions, and a truth for each treatment. */
function intervened(truth: (own: Treatment) => SimulatedTruth, more: Partial<SimulateOptions> = {}): Study {
  return simulateStudy({ vary: interventions, blocks: 12, noise: 0.01, truth, ...more })
}

/** 4 workers wait 800 ms longer to extend the table, which a table each takes away. */
const byExtension = ({ workers, tables, synchronousCommit }: Treatment): SimulatedTruth =>
  spent({
    cpu: 2000,
    'Lock:extend': workers === 4 && tables === 'one' ? 900 : 100,
    'IO:WalSync': synchronousCommit ? 150 : 50,
  })

/**
 * 4 workers wait 500 ms longer for WAL, as they are seen to, which `synchronousCommit` off takes
 * away; but they lose 800 ms with it and without: what they do not wait for they need a core for.
 */
const notByWal = ({ workers, synchronousCommit }: Treatment): SimulatedTruth => {
  const wal = workers === 4 && synchronousCommit ? 500 : 40
  return {
    ...spent({ cpu: workers === 4 ? 2840 - wal : 2000, 'LWLock:WALWrite': wal }),
    onCore: workers === 4 ? 0.8 : 1,
  }
}

const causeOf = ({ causes }: Explanation, name: CauseName): Cause => causes.find((one) => one.name === name)!
const states = ({ causes }: Explanation): Record<string, string> =>
  Object.fromEntries(causes.filter(({ state }) => state !== 'not-tested').map(({ name, state }) => [name, state]))

describe('causes', () => {
  it('confirms a known cause whose removal takes the change away, and no other', () => {
    const explained = explain(intervened(byExtension), change)
    expect(states(explained)).toEqual({ extension: 'confirmed' })
    expect(explained.interventions).toBe(2)
    const [by, ...others] = causeOf(explained, 'extension').by
    expect(others).toEqual([])
    expect(by).toMatchObject({
      study: 'simulated',
      change: 'one table → a table per worker',
      baseline: { tables: 'one' },
      changed: { tables: 'per-worker' },
      blocks: 12,
      state: 'confirmed',
    })
    expect(by!.before.value).toBeGreaterThan(700)
    expect(Math.abs(by!.after.value)).toBeLessThan(80)
    expect(by!.measure.fell).toBeGreaterThan(0.9)
    expect(by!.beyondHalf.interval!.upper).toBeLessThan(0)
    const largest = explained.contributions.reduce((a, b) => (b.perWorkerMs > a.perWorkerMs ? b : a))
    expect(largest.name).toBe('extension')
    expect(sentencesOf(explained)[2]).toMatch(
      /^Relation extension: the reason, confirmed by intervention\. one table → a table per worker in simulated took away \d+ % of it, and the change of the time went from \+8\d\d ms \(95 % CI .*\) to [+−]\d+/,
    )
  })

  it('refutes a popular cause whose waits go while the change stays', () => {
    const explained = explain(intervened(notByWal), change)
    expect(states(explained)).toEqual({ wal: 'refuted' })
    const [by] = causeOf(explained, 'wal').by
    expect(by!.measure.fell).toBeGreaterThan(0.9)
    expect(by!.beyondTwoThirds.interval!.lower).toBeGreaterThan(0)
    const said = sentencesOf(explained)
    expect(said[2]).toMatch(/^WAL: not the reason, refuted by intervention\. synchronous commit on → off in simulated /)
    expect(said.join('\n')).not.toMatch(/: the reason/)
  })

  it('leaves open what few and noisy blocks do not decide', () => {
    const open = intervened(
      (own) =>
        own.tables === 'one'
          ? byExtension(own)
          : spent({ cpu: 2000, 'Lock:extend': 100, 'IO:WalSync': own.workers === 4 ? 600 : 150 }),
      { blocks: 4, noise: 0.02 },
    )
    const explained = explain(open, change)
    expect(states(explained)).toEqual({ extension: 'open' })
    expect(sentencesOf(explained)[2]).toMatch(/^Relation extension: open whether it is the reason\. /)
  })

  it('tests nothing without an intervention, and says so', () => {
    const explained = explain(simulateStudy({ blocks: 12, noise: 0.01, truth: byExtension }), change)
    expect(states(explained)).toEqual({})
    expect(explained.interventions).toBe(0)
    expect(sentencesOf(explained).at(-1)).toMatch(
      /^Not tested as a reason: relation extension \(8\d\d ms\); no intervention was measured$/,
    )
  })

  it('counts no intervention that takes two causes away', () => {
    const both = intervened(({ workers, tables }) => {
      const waits = workers === 4 && tables === 'one'
      return spent({ cpu: 2000, 'Lock:extend': waits ? 600 : 100, 'LWLock:BufferContent': waits ? 500 : 50 })
    })
    const explained = explain(both, change)
    expect(states(explained)).toEqual({})
    expect(sentencesOf(explained).at(-1)).toMatch(/none of 2 counts for them$/)
  })

  it('counts an intervention for the large cause, not for a small one that goes with it', () => {
    const small = intervened(({ workers, tables }) => {
      const waits = workers === 4 && tables === 'one'
      return spent({ cpu: 2000, 'Lock:extend': waits ? 900 : 140, 'LWLock:BufferContent': waits ? 130 : 20 })
    })
    expect(states(explain(small, change))).toEqual({ extension: 'confirmed' })
  })

  it('counts no intervention on a change that is not distinguishable from zero', () => {
    const none = intervened((own) => ({ ...byExtension(own), totalMs: 4000 }), { noise: 0.03 })
    expect(explain(none, change).changeMs!.interval!.lower).toBeLessThan(0)
    expect(states(explain(none, change))).toEqual({})
  })

  it('needs all interventions that count to agree', () => {
    // A table per worker takes the change away, COPY with FREEZE leaves it, and both the waits.
    const truth = (own: Treatment): SimulatedTruth =>
      own.freeze
        ? spent({ cpu: own.workers === 4 ? 2800 : 2000, 'Lock:extend': 100, 'IO:WalSync': 150 })
        : byExtension(own)
    const vary = (own: Treatment): Treatment[] => [...interventions(own), { ...own, freeze: true }]
    const explained = explain(intervened(truth, { vary }), change)
    expect(causeOf(explained, 'extension').by.map(({ state }) => state)).toEqual(['confirmed', 'refuted'])
    expect(causeOf(explained, 'extension').state).toBe('open')
    // The error is shared: each of two at half of it.
    expect(causeOf(explained, 'extension').by[0]!.before.interval!.level).toBeCloseTo(0.975, 12)
  })

  it('judges a gain as it judges a loss', () => {
    const loss = explain(intervened(byExtension), change)
    const gain = explain(intervened(byExtension), { from: change.to, to: change.from })
    expect(gain.changeMs!.value).toBeCloseTo(-loss.changeMs!.value, 6)
    expect(states(gain)).toEqual({ extension: 'confirmed' })
    const [by] = causeOf(gain, 'extension').by
    expect(by!.before.value).toBeLessThan(-700)
    expect(by!.beyondHalf.value).toBeCloseTo(causeOf(loss, 'extension').by[0]!.beyondHalf.value, 6)
  })

  it('takes the change from the first study and interventions from all, at the default levels', () => {
    const first = simulateStudy({ batchSizes: [10_000, 20_000], blocks: 6, noise: 0.01, truth: byExtension })
    const explained = explain([first, intervened(byExtension)], change)
    expect(explained).toMatchObject({ blocks: 6, from: { batchSize: 10_000 }, to: { batchSize: 10_000 } })
    expect(explained.changeMs).toEqual(explain(first, change).changeMs)
    expect(states(explained)).toEqual({ extension: 'confirmed' })
  })

  it('refuses a factor that is not named and has no default level, and what is not one question', () => {
    const odd = simulateStudy({ batchSizes: [1000, 2000], blocks: 3, truth: byExtension })
    expect(() => explain(odd, change)).toThrow(
      'Expected `from` to name one treatment, got {"workers":2}, which leaves 2: add `batchSize` (1000, 2000)',
    )
    expect(() => explain([intervened(byExtension), odd], change)).toThrow(
      'add `batchSize` (1000, 2000) (of study simulated; leave it out, or name levels that it has)',
    )
    expect(() => explain([odd, odd], { at: { workers: 2 } } as never)).toThrow('Expected one study with `at`, got 2')
    // The default levels of both factors were run, but not together.
    const vary = (own: Treatment): Treatment[] => [
      { ...own, synchronousCommit: false },
      { ...own, tables: 'per-worker' },
    ]
    expect(() => explain(intervened(byExtension, { vary }), change)).toThrow(
      'which leaves 2: add `synchronousCommit` (false, true) and `tables` (one, per-worker)',
    )
    expect(() => explain([], change)).toThrow('Expected a study, or several, got an empty list')
  })

  it.each([
    ['4 workers lose nothing', 0, 1],
    ['what 4 workers lose stays with every intervention', 60, 100],
  ])('confirms no cause in more than 5 % of studies where %s, over all causes', (_, lossMs, leastCounted) => {
    // The waits go with the interventions, the time does not. In 200 studies more than 16 are
    // confirmed at a rate of 5 % with a probability of 2 %.
    let [confirmed, counted] = [0, 0]
    for (let seed = 1; seed <= 200; seed++) {
      const study = simulateStudy({
        vary: interventions,
        blocks: 8,
        noise: 0.05,
        seed,
        records: 20_000,
        truth: ({ workers, tables, synchronousCommit }) => ({
          totalMs: workers === 4 ? 600 + lossMs : 600,
          insertMs: 400,
          events: {
            cpu: 0.5,
            'Lock:extend': workers === 4 && tables === 'one' ? 0.2 : 0.05,
            'LWLock:WALWrite': workers === 4 && synchronousCommit ? 0.2 : 0.05,
            'IO:DataFileWrite': 0.1,
          },
        }),
      })
      const explained = explain(study, change)
      if (explained.causes.some(({ state }) => state === 'confirmed')) confirmed++
      if (explained.causes.some(({ by }) => by.length > 0)) counted++
    }
    expect(counted).toBeGreaterThanOrEqual(leastCounted)
    expect(confirmed).toBeLessThanOrEqual(16)
  })

  it('of the committed studies, tests no cause by two arrangements, as they take several away', () => {
    const [tests, arrangements] = readReferenceStudies() as [Study, Study]
    const explained = explain([tests, arrangements], change)
    expect(explained.changeMs!.value).toBeCloseTo(47.99, 1)
    expect(explained.interventions).toBe(7)
    expect(states(explained)).toEqual({})
  })
})
