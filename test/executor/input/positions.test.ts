import { describe, expect, test } from 'vitest'
import { describePositions, positionAt } from '../../../src/executor/input/positions.js'

/**
 * Rows 0 to 9 are records 100 to 109, rows 10 to 14 are 300 to 304, from row 15 on it is 50, 51, …
 */
const runs = [
  { row: 0, first: 100 },
  { row: 10, first: 300 },
  { row: 15, first: 50 },
]

describe('positions', () => {
  test.each([
    [0, 100],
    [9, 109],
    [10, 300],
    [16, 51],
  ])('positionAt(runs, %i) is %i', (row, position) => {
    expect(positionAt(runs, row)).toBe(position)
  })

  test.each([
    [0, 10, 'records 100 to 109'],
    [5, 12, 'records 105 to 109 and 300 to 301'],
    [0, 20, 'records 100 to 109 and 300 to 304 and 50 to 54'],
  ])('describePositions(runs, %i, %i) is "%s"', (from, to, words) => {
    expect(describePositions(runs, from, to)).toBe(words)
  })

  test('describePositions() of many runs names the whole', () => {
    const many = Array.from({ length: 5 }, (_, k) => ({ row: k, first: 10 * k }))
    expect(describePositions(many, 0, 5)).toBe('5 of the records 0 to 40')
  })
})
