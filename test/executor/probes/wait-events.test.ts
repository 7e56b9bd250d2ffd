import { describe, expect, it } from 'vitest'
import { waitsOf } from '../../../src/executor/probes/wait-events.js'
import { waitsBetween } from '../../../src/executor/probes/wait-sampling.js'

const sample = (atMs: number, events: readonly string[], blocking: readonly string[] = []) => ({
  atMs,
  events,
  blocking,
})

describe('waitsOf', () => {
  it('waitsOf counts the samples within the clock only, each worker at each sample', () => {
    const samples = [
      sample(-1, ['cpu', 'cpu']),
      sample(0, ['idle', 'cpu']),
      sample(12, ['IO:WALSync', 'cpu']),
      sample(24, ['IO:WalSync', 'cpu/IO:WALSync']),
      sample(31, ['cpu', 'cpu']),
    ]
    const waits = waitsOf(samples, 30, [7, 8])
    expect(waits).toMatchObject({ source: 'pg_stat_activity', samples: 3, blockers: [] })
    expect(waits.counts).toEqual([
      { event: 'IO:WalSync', count: 2 },
      { event: 'cpu', count: 2 },
      { event: 'cpu/IO:WalSync', count: 1 },
      { event: 'idle', count: 1 },
    ])
    expect(waits.timeline).toEqual({
      atMs: [0, 12, 24],
      events: ['idle', 'IO:WalSync', 'cpu', 'cpu/IO:WalSync'],
      workers: [
        [0, 1, 1],
        [2, 2, 3],
      ],
    })
  })

  it('waitsOf tells workers from other sessions among those who hold a lock', () => {
    const samples = [
      sample(1, ['Lock:extend', 'cpu'], ['0,8']),
      sample(2, ['Lock:relation', 'Lock:relation'], ['0,99', '1,99']),
    ]
    expect(waitsOf(samples, 30, [7, 8]).blockers).toEqual([
      { event: 'Lock:relation', by: 'other session', count: 2 },
      { event: 'Lock:extend', by: 'worker', count: 1 },
    ])
  })

  it('waitsOf counts every sample of a long trial, and keeps some of them as a timeline', () => {
    const samples = Array.from({ length: 9_000 }, (_, k) => sample(k, [k % 2 === 0 ? 'cpu' : 'idle']))
    const waits = waitsOf(samples, 10_000, [7])
    expect(waits.samples).toBe(9_000)
    expect(waits.counts.map(({ count }) => count)).toEqual([4_500, 4_500])
    expect(waits.timeline!.atMs.slice(0, 3)).toEqual([0, 8, 16])
    expect(waits.timeline!.atMs).toHaveLength(1_125)
  })
})

describe('waitsBetween', () => {
  const profile = (counts: Record<string, number>, readAt: number) => ({
    counts: new Map(Object.entries(counts)),
    readAt,
    periodMs: 10,
  })

  it('waitsBetween takes what was counted before off, and counts no timeline', () => {
    const waits = waitsBetween(
      profile({ cpu: 5, 'IO:WalSync': 2 }, 0),
      profile({ cpu: 65, 'IO:WalSync': 22, 'Lock:extend': 20 }, 500),
      2,
    )
    expect(waits).toEqual({
      source: 'pg_wait_sampling',
      samples: 50,
      counts: [
        { event: 'cpu', count: 60 },
        { event: 'IO:WalSync', count: 20 },
        { event: 'Lock:extend', count: 20 },
      ],
      blockers: [],
      timeline: null,
    })
  })

  it('waitsBetween takes the samples that are missing for backends without an event where the extension leaves these out', () => {
    const { counts } = waitsBetween(profile({}, 0), profile({ 'IO:WalSync': 20 }, 500), 2)
    expect(counts).toEqual([
      { event: 'cpu', count: 80 },
      { event: 'IO:WalSync', count: 20 },
    ])
  })
})
