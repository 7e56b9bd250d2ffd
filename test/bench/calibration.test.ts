import { describe, expect, it } from 'vitest'
import { points, runChunk } from '../../bench/calibration/points.js'
import { type CalibrationRow, rowsOf } from '../../bench/calibration/rows.js'
import { calibrationTable } from '../../bench/calibration/table.js'
import { foundIn, isMet, mergeTallies, tallyOf } from '../../bench/calibration/tally.js'

const machine = { cpu: 'any', cores: 2, memoryBytes: 2 ** 33, node: 'v20.19.0', platform: 'any' }
const percentages = { unit: 'share', criterion: { least: 0.94, most: 0.96 } } as const
const row = (found: number, more: Partial<CalibrationRow> = {}): CalibrationRow => {
  const standardError = 0.002
  const { criterion } = percentages
  const met = isMet({ found, standardError, count: 10_000 }, criterion)
  return {
    what: 'coverage',
    unit: 'share',
    criterionText: null,
    why: null,
    points: [{ where: 'here', found, standardError, count: 10_000, criterion, met }],
    ...more,
  }
}

describe('tallies', () => {
  it('a tally gives the mean of what studies say, and its standard error; those that say nothing do not count', () => {
    const tally = tallyOf([{ yes: 1 }, { yes: 0 }, { yes: null }, { yes: 1 }, { yes: 1 }])
    const found = foundIn(tally.yes!)
    expect(found).toMatchObject({ found: 0.75, count: 4 })
    expect(found.standardError).toBeCloseTo(Math.sqrt((0.75 * 0.25) / 4), 12)
    expect(foundIn(tallyOf([{ yes: null }]).yes!)).toEqual({ found: null, standardError: null, count: 0 })
  })

  it('tallies in portions are the tally of the whole', () => {
    const draws = [{ size: 1 }, { size: 3 }, { size: null }, { size: 2 }]
    expect(mergeTallies([tallyOf(draws.slice(0, 1)), tallyOf(draws.slice(1))])).toEqual(tallyOf(draws))
  })

  it('a criterion is met up to two standard errors beyond its bounds', () => {
    const found = (value: number) => ({ found: value, standardError: 0.002, count: 10_000 })
    const { criterion } = percentages
    expect([0.93, 0.937, 0.95, 0.963, 0.97].map((value) => isMet(found(value), criterion))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
    expect(isMet(found(0.5), null)).toBeNull()
  })
})

describe('the calibration', () => {
  it('every point draws what its quantities ask, and the same for the same seeds', () => {
    const first = points.map((_, point) => runChunk({ point, from: 0, to: 1 }))
    expect(rowsOf(points, first).length).toBeGreaterThan(20)
    for (const [point, { quantities }] of points.entries()) {
      expect(Object.keys(first[point]!).sort()).toEqual(Object.keys(quantities).sort())
    }
    expect(runChunk({ point: 0, from: 0, to: 1 })).toEqual(first[0])
  })

  it('the table gives the range, counts what is met, and says why something is not', () => {
    const table = (one: CalibrationRow) =>
      calibrationTable({ rounds: 1, rows: [one], machine, date: '2026-01-01T00:00:00.000Z' })
    expect(table(row(0.951))).toContain('| coverage | 95.1 % | 0.2 % | 94–96 % | 1 of 1 |')
    expect(table(row(0.9, { why: 'it is small.' }))).toEqual(
      expect.arrayContaining(['| coverage | 90.0 % | 0.2 % | 94–96 % | 0 of 1 |', '- coverage: it is small.']),
    )
    expect(() => table(row(0.9))).toThrow(/a reason why this misses its criterion: coverage/)
  })
})
