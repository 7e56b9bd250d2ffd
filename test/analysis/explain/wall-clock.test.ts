import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { tInterval } from '../../../src/analysis/statistics/t-interval.js'
import { explain } from '../../../src/entries/analysis.js'
import type { Study } from '../../../src/study/study.js'
import type { CompletedTrial } from '../../../src/study/trial.js'

const change = { from: { workers: 2 }, to: { workers: 4 } }
const measured = ({ trials }: Study, workers: number): CompletedTrial[] =>
  trials.filter((trial): trial is CompletedTrial => trial.state === 'completed' && trial.treatment.workers === workers)
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** 4 workers need more CPU time, and use more of the cores. */
const study = simulateStudy({
  blocks: 10,
  noise: 0.05,
  truth: ({ workers }) => ({
    totalMs: workers === 4 ? 1100 : 1000,
    insertMs: 800,
    events: { cpu: 0.5, 'Lock:extend': 0.2, 'IO:WalSync': 0.3 },
    onCore: 2 / workers,
    hostBusy: workers === 4 ? 0.9 : 0.75,
  }),
})

describe('the change of the wall clock', () => {
  it('is that of the mean total time', () => {
    const { changeMs, totalMs } = explain(study, change)
    const [two, four] = [2, 4].map((workers) => meanOf(measured(study, workers).map((trial) => trial.totalMs)))
    expect(totalMs).toEqual({ from: expect.closeTo(two!, 9), to: expect.closeTo(four!, 9) })
    expect(changeMs!.value).toBeCloseTo(four! - two!, 9)
    expect(changeMs!.n).toBe(10)
  })

  it('is the sum of the contributions to the last digit, whatever was measured', () => {
    const times = fc.record({
      totalMs: fc.double({ min: 10, max: 1e5, noNaN: true }),
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
      cpu: fc.double({ min: 0, max: 1, noNaN: true }),
      off: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
    })
    fc.assert(
      fc.property(times, times, fc.integer({ min: 1, max: 100 }), (two, four, seed) => {
        const any = simulateStudy({
          blocks: 3,
          noise: 0.1,
          seed,
          truth: ({ workers }) => {
            const { totalMs, share, cpu } = workers === 4 ? four : two
            const rest = 1 - cpu
            return {
              totalMs,
              insertMs: totalMs * share,
              events: { cpu, 'Lock:extend': rest / 3, 'IO:WalSync': (2 * rest) / 3 },
            }
          },
          change: (trial) => ({
            ...trial,
            backendCpuMs: trial.backendCpuMs! + (trial.treatment.workers === 4 ? four : two).off,
          }),
        })
        const { changeMs, contributions } = explain(any, change)
        expect(contributions.reduce((sum, { perWorkerMs }) => sum + perWorkerMs, 0)).toBe(changeMs!.value)
        expect(contributions.at(-1)!.name).toBe('unaccounted')
      }),
      { numRuns: 60 },
    )
  })

  it('is per worker what was true', () => {
    const { contributions } = explain(study, change)
    const of = (name: string): number => contributions.find((one) => one.name === name)!.perWorkerMs
    // 400 ms of 800 in COPY on a core, half of them with 4 workers; 100 ms more outside COPY.
    expect(of('running')).toBeCloseTo(-200, -2)
    expect(of('queueing')).toBeCloseTo(200, -2)
    expect(of('client')).toBeCloseTo(100, -2)
    for (const { lower, upper, perWorkerMs } of contributions) {
      expect(lower).toBeLessThanOrEqual(perWorkerMs)
      expect(upper).toBeGreaterThanOrEqual(perWorkerMs)
    }
  })

  it('tells round trips from the client where they were measured', () => {
    // 60,000 records in batches of 10,000: 6 COPYs for each worker.
    const truth = ({ roundTripMs }: { readonly roundTripMs: number }) => ({
      totalMs: 2000 + 6 * roundTripMs,
      insertMs: 800,
      measuredRoundTripMs: roundTripMs + 0.1,
    })
    const relayed = simulateStudy({
      workers: [2],
      blocks: 4,
      vary: (own) => [0, 20].map((roundTripMs) => ({ ...own, roundTripMs })),
      truth,
    })
    const { contributions, causes } = explain(relayed, { from: { roundTripMs: 0 }, to: { roundTripMs: 20 } })
    const of = (name: string): number => contributions.find((one) => one.name === name)!.perWorkerMs
    expect(of('network')).toBeCloseTo(120, 9)
    expect(of('client')).toBeCloseTo(0, 6)
    expect(causes.find(({ name }) => name === 'network')!.perWorkerMs).toBeCloseTo(120, 9)
    const without = explain(study, change)
    expect(without.contributions.map(({ name }) => name)).not.toContain('network')
    expect(without.causes.find(({ name }) => name === 'network')!.perWorkerMs).toBeNull()
  })
})

describe('commit_delay', () => {
  // Of 800 ms in COPY the samples find the backend runnable for 640, of which it slept 400.
  const delayed = simulateStudy({
    workers: [1],
    blocks: 3,
    vary: (own) => ['default', 'slow'].map((settings) => ({ ...own, settings })),
    truth: ({ settings }) => ({
      totalMs: settings === 'slow' ? 1000 : 600,
      insertMs: settings === 'slow' ? 800 : 400,
      events: settings === 'slow' ? { cpu: 0.8, 'IO:DataFileWrite': 0.2 } : { cpu: 0.6, 'IO:DataFileWrite': 0.4 },
    }),
    change: (trial) =>
      trial.treatment.settings === 'slow' ? { ...trial, backendCpuMs: trial.backendCpuMs! - 400 } : trial,
  })
  const asked = { from: { settings: 'default' }, to: { settings: 'slow' } }
  const named = (delay: string): Study => ({
    ...delayed,
    plan: { ...delayed.plan, meanings: { settings: { slow: { commit_delay: delay } } } },
  })
  const of = (of: Study, name: string): number =>
    explain(of, asked).contributions.find((one) => one.name === name)!.perWorkerMs

  it('is WAL, although its sleep has no wait event', () => {
    expect(Math.abs(of(named('10000'), 'wal') - 400)).toBeLessThan(20)
    expect(Math.abs(of(named('10000'), 'io'))).toBeLessThan(20)
    expect(explain(named('10000'), asked).changeMs!.value).toBeCloseTo(400, 9)
  })

  it('is not looked for where the setting is 0', () => {
    expect(of(named('0'), 'wal')).toBe(0)
    expect(of(named('0'), 'io')).toBeGreaterThan(300)
  })
})

describe('the identity', () => {
  const { identity, changeMs } = explain(study, change)

  it('is time = CPU demand ÷ (cores × utilisation): parts of the change add up to it', () => {
    const { demand, utilisation, parts, cores } = identity!
    expect(cores).toBe(2)
    expect(demand.ms.value + utilisation.ms.value).toBeCloseTo(changeMs!.value, 9)
    expect(parts.map(({ name }) => name)).toEqual(['client', 'backends', 'others'])
    expect(parts.reduce((sum, { ms }) => sum + ms.value, 0)).toBeCloseTo(demand.ms.value, 9)
    expect(parts.reduce((sum, { to }) => sum + to, 0)).toBeCloseTo(demand.to, 9)
    // In each block the two ratios divide to that of the times.
    const [two, four] = [2, 4].map((workers) => measured(study, workers))
    const logTimes = two!.map((trial) =>
      Math.log(four!.find(({ block }) => block === trial.block)!.totalMs / trial.totalMs),
    )
    expect(demand.ratio.value / utilisation.ratio.value).toBeCloseTo(Math.exp(meanOf(logTimes)), 9)
  })

  it('finds the true utilisation and demand', () => {
    expect(identity!.utilisation).toMatchObject({ from: expect.closeTo(0.75, 9), to: expect.closeTo(0.9, 9) })
    expect(identity!.utilisation.ratio.value).toBeCloseTo(1.2, 9)
    const { value, interval } = identity!.demand.ratio
    expect(value).toBeCloseTo(1.1 * 1.2, 1)
    expect(interval!.lower).toBeLessThan(1.1 * 1.2)
    expect(interval!.upper).toBeGreaterThan(1.1 * 1.2)
  })

  it('is null with the reason where the CPU use of the host was not read', () => {
    const refused = simulateStudy({
      truth: () => ({ totalMs: 1000 }),
      change: (trial) => ({ ...trial, hostBusy: null, missing: { hostBusy: '/proc was refused' } }),
    })
    expect(explain(refused, change)).toMatchObject({
      identity: null,
      identityMissing: "the CPU use of the server's host was not read: /proc was refused",
    })
  })

  it('rests on the means of sessions in a study in sessions, contributions and identity too', () => {
    const inSessions = simulateStudy({
      blocks: 24,
      sessions: 6,
      noise: 0.01,
      sessionNoise: 0.05,
      truth: ({ workers }) => ({
        totalMs: workers === 4 ? 1100 : 1000,
        insertMs: 800,
        events: { cpu: 0.5, 'Lock:extend': 0.2, 'IO:WalSync': 0.3 },
        hostBusy: 0.75,
      }),
    })
    const { changeMs, contributions, identity, blocks, sessions, wall } = explain(inSessions, change)
    expect({ blocks, sessions }).toEqual({ blocks: 24, sessions: 6 })
    for (const { n } of [changeMs!, identity!.demand.ms, identity!.utilisation.ratio, wall!.change]) expect(n).toBe(6)
    expect(contributions.reduce((sum, { perWorkerMs }) => sum + perWorkerMs, 0)).toBe(changeMs!.value)
    expect(identity!.demand.ms.value + identity!.utilisation.ms.value).toBeCloseTo(changeMs!.value, 9)
    const bySession = Array.from({ length: 6 }, (_, session) => {
      const own = (workers: number): number[] =>
        measured(inSessions, workers)
          .filter(({ block }) => Math.ceil(block / 4) === session + 1)
          .map(({ totalMs }) => totalMs)
      return meanOf(own(4)) - meanOf(own(2))
    })
    const { value, interval } = tInterval(bySession)
    expect(changeMs!.value).toBeCloseTo(value, 9)
    expect(changeMs!.interval!.lower).toBeCloseTo(interval!.lower, 9)
  })
})
