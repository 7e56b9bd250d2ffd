import { describe, expect, it } from 'vitest'
import { checkedMatrix } from '../../../../src/analysis/statistics/numerics/matrix.js'

describe('checkedMatrix', () => {
  it('checkedMatrix returns a table of equally long rows', () => {
    const matrix = [
      [1, 2, 3],
      [4, 5, 6],
    ]
    expect(checkedMatrix('matrix', matrix, 2, 3)).toBe(matrix)
  })

  it.each([
    [[], '`matrix` to hold at least 2 rows, got 0'],
    [[[1, 2]], '`matrix` to hold at least 2 rows, got 1'],
    [[[1, 2], [1]], '`matrix[1]` to hold at least 2 numbers, got 1'],
    [
      [
        [1, 2],
        [1, 2, 3],
      ],
      '`matrix` to have rows of equal length, got 2 and 3 numbers',
    ],
    [
      [
        [1, 2],
        [1, Number.NaN],
      ],
      '`matrix[1]` to hold finite numbers only, got NaN at index 1',
    ],
    [[1, 2], '`matrix[0]` to be a list of numbers, got 1'],
    [7, '`matrix` to be a list of rows, got 7'],
  ])('checkedMatrix refuses %j', (matrix, message) => {
    expect(() => checkedMatrix('matrix', matrix as number[][], 2, 2)).toThrow(message)
  })
})
