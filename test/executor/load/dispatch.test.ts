import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openMs, splitEvenly } from '../../../src/executor/load/dispatch.js'

describe('splitEvenly', () => {
  it('splitEvenly(10000, 4) makes four parts of 2,500', () => {
    expect(splitEvenly(10_000, 4)).toEqual([
      { from: 0, to: 2500 },
      { from: 2500, to: 5000 },
      { from: 5000, to: 7500 },
      { from: 7500, to: 10_000 },
    ])
  })

  it('splitEvenly leaves out parts without records', () => {
    expect(splitEvenly(2, 4).map(({ from, to }) => to - from)).toEqual([1, 1])
    expect(splitEvenly(0, 4)).toEqual([])
  })

  it('splitEvenly covers every record once, in parts that differ by one at most', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 64 }), (count, parts) => {
        const ranges = splitEvenly(count, parts)
        let next = 0
        for (const { from, to } of ranges) {
          expect(from).toBe(next)
          next = to
        }
        expect(next).toBe(count)
        const sizes = ranges.map(({ from, to }) => to - from)
        if (count >= parts) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('openMs', () => {
  const part = (startMs: number, copyMs: number) => ({
    worker: 0,
    batch: 0,
    records: 1,
    encodeMs: 0,
    startMs,
    copyMs,
    commitMs: 0,
  })

  it('openMs counts overlapping COPYs once and gaps not at all', () => {
    expect(openMs([part(0, 10), part(5, 10), part(30, 5)])).toBe(20)
    expect(openMs([part(0, 100), part(10, 5)])).toBe(100)
    expect(openMs([])).toBe(0)
  })

  it('openMs equals the measure of the union for any integer intervals', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(200), fc.nat(50))), (intervals) => {
        const covered = new Set<number>()
        for (const [start, length] of intervals) for (let t = start; t < start + length; t++) covered.add(t)
        expect(openMs(intervals.map(([start, length]) => part(start, length)))).toBe(covered.size)
      }),
    )
  })
})
