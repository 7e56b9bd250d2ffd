import { describe, expect, it } from 'vitest'
import { timelineSeries } from '../../../../src/analysis/figures/time/timeline-series.js'
import { simulateStudy } from '../../../../src/analysis/simulate/simulate-study.js'
import { plotTimeline } from '../../../../src/entries/analysis.js'
import type { CompletedTrial, CopyPart } from '../../../../src/study/trial.js'
import { wordsOf } from '../seen.js'

const part = (worker: number, batch: number, startMs: number, copyMs: number): CopyPart => ({
  worker,
  batch,
  records: 10,
  encodeMs: 2,
  startMs,
  copyMs,
  commitMs: 4,
})

/** Two workers, two batches, a look every 10 ms. */
const known = (trial: CompletedTrial): CompletedTrial => ({
  ...trial,
  totalMs: 100,
  parts: [part(0, 0, 10, 30), part(1, 0, 12, 10), part(0, 1, 50, 40), part(1, 1, 52, 48)],
  waits: {
    ...trial.waits!,
    timeline: {
      atMs: [5, 15, 25, 35, 45, 55],
      events: ['idle', 'cpu', 'LWLock:WALWrite', 'cpu/IO:WalSync', 'Client:ClientRead'],
      workers: [
        [0, 1, 3, 2, 0, 4],
        [0, 2, 0, 0, 0, 1],
      ],
    },
  },
})
const study = simulateStudy({ workers: [2], blocks: 1, truth: () => ({ totalMs: 100 }), change: known })
const whole = { fromMs: 0, forMs: 100 }
const list = (stretches: readonly { kind: string; fromMs: number; toMs: number }[]) =>
  stretches.map(({ kind, fromMs, toMs }) => [kind, fromMs, toMs])

describe('timelineSeries', () => {
  it('has every step of each worker, the barrier of `split` among them', () => {
    const [{ workers: rows }] = timelineSeries(study, whole) as [ReturnType<typeof timelineSeries>[number]]
    expect(list(rows[0]!.segments)).toEqual([
      ['client', 0, 8],
      ['encode', 8, 10],
      ['copy', 10, 36],
      ['commit', 36, 40],
      ['client', 40, 48],
      ['encode', 48, 50],
      ['copy', 50, 86],
      ['commit', 86, 90],
      ['barrier', 90, 100],
    ])
    expect(list(rows[1]!.segments).slice(3, 6)).toEqual([
      ['commit', 18, 22],
      ['barrier', 22, 40],
      ['client', 40, 50],
    ])
  })

  it('has no barrier with `queue`', () => {
    const queue = simulateStudy({
      workers: [2],
      blocks: 1,
      truth: () => ({ totalMs: 100 }),
      vary: (one) => [{ ...one, dispatch: 'queue' }],
      change: known,
    })
    const kinds = timelineSeries(queue, whole)[0]!.workers.flatMap(({ segments }) => segments.map(({ kind }) => kind))
    expect(kinds).not.toContain('barrier')
  })

  it('has the making of indexes after the load, which alone counts for the window', () => {
    const after = simulateStudy({
      workers: [2],
      blocks: 1,
      truth: () => ({ totalMs: 100 }),
      vary: (one) => [{ ...one, indexBuild: 'after' }],
      change: (trial) => ({ ...known(trial), totalMs: 400, indexMs: 290 }),
    })
    const [{ workers: rows }] = timelineSeries(after, { ...whole, forMs: 1000 }) as [
      ReturnType<typeof timelineSeries>[number],
    ]
    for (const { segments } of rows) {
      expect(list(segments).slice(-2)).toEqual([
        ['client', 100, 110],
        ['indexes', 110, 400],
      ])
    }
    // Two batches within 110 ms: eight of them take longer than the trial.
    expect(timelineSeries(after)[0]).toMatchObject({ fromMs: 0, toMs: 400 })
    expect(plotTimeline(after).data.map(({ name }) => name)).toContain('making indexes')
  })

  it('has what each sample found for the time around it, neighbours joined, nothing where the backend was idle', () => {
    const [{ workers: rows }] = timelineSeries(study, whole) as [ReturnType<typeof timelineSeries>[number]]
    expect(list(rows[0]!.found)).toEqual([
      ['running', 10, 30],
      ['wal', 30, 40],
      ['client', 50, 60],
    ])
    expect(list(rows[1]!.found)).toEqual([
      ['wal', 10, 20],
      ['running', 50, 60],
    ])
  })

  it('cuts everything to the window', () => {
    const [{ workers: rows, fromMs, toMs }] = timelineSeries(study, { fromMs: 20, forMs: 25 }) as [
      ReturnType<typeof timelineSeries>[number],
    ]
    expect([fromMs, toMs]).toEqual([20, 45])
    expect(list(rows[0]!.segments)).toEqual([
      ['copy', 20, 36],
      ['commit', 36, 40],
      ['client', 40, 45],
    ])
    expect(list(rows[0]!.found)).toEqual([
      ['running', 20, 30],
      ['wal', 30, 40],
    ])
  })

  it('takes the trial of the median total time and a window of eight batches in its middle', () => {
    const times = simulateStudy({
      workers: [2],
      blocks: 5,
      noise: 0.2,
      records: 400_000,
      truth: () => ({ totalMs: 4000 }),
    })
    const [one] = timelineSeries(times)
    const totals = times.trials.map((trial) => (trial as CompletedTrial).totalMs).sort((a, b) => a - b)
    const trial = times.trials.find((other) => other.trial === one!.trial) as CompletedTrial
    expect(trial.totalMs).toBe(totals[2])
    expect(one!.toMs - one!.fromMs).toBeCloseTo(trial.totalMs / 5, 6)
    expect(one!.fromMs).toBeGreaterThan(trial.totalMs * 0.35)
    expect(one!.fromMs).toBeLessThanOrEqual(trial.totalMs * 0.4)
    expect(trial.parts.map(({ startMs, encodeMs }) => startMs - encodeMs)).toContain(one!.fromMs)
  })

  it('rejects a window that is none', () => {
    expect(() => timelineSeries(study, { forMs: 0 })).toThrow('Expected `forMs` to be a number above 0, got 0')
    expect(() => timelineSeries(study, { fromMs: -1 })).toThrow('Expected `fromMs`')
  })
})

describe('plotTimeline', () => {
  it('says why there are no samples', () => {
    const unread = simulateStudy({
      truth: () => ({ totalMs: 900 }),
      change: (trial) => ({ ...trial, waits: null, missing: { waits: 'the probe was off' } }),
    })
    expect(wordsOf(plotTimeline(unread))).toContain('Not sampled everywhere: the probe was off.')
    const sampled = simulateStudy({
      truth: () => ({ totalMs: 900 }),
      change: (trial) => ({ ...trial, waits: { ...trial.waits!, source: 'pg_wait_sampling', timeline: null } }),
    })
    expect(wordsOf(plotTimeline(sampled))).toContain('pg_wait_sampling keeps no timeline')
  })

  it('stays small for many samples', () => {
    const many = simulateStudy({ workers: [1, 2, 4, 8, 16], records: 60_000, truth: () => ({ totalMs: 20_000 }) })
    expect(JSON.stringify(plotTimeline(many, { fromMs: 0, forMs: 20_000 })).length).toBeLessThan(100_000)
  })
})
