import { describe, expect, test } from 'vitest'
import { BadRecordError } from '../../../src/executor/errors.js'
import { BadRecords } from '../../../src/executor/input/bad-records.js'

describe('BadRecords', () => {
  test('takes reasons that differ in their values for one kind, with three places at most', () => {
    const bad = new BadRecords()
    for (let line = 1; line <= 5; line++) bad.add(new BadRecordError('a.csv', line, `cannot hold "${line}\\""`))
    bad.add(new BadRecordError('b.csv', 7, 'expected 2 fields, got 1', { lastLine: 9 }))
    expect(bad.count).toBe(6)
    expect(bad.first).toMatchObject({ line: 1 })
    expect(bad.words()).toEqual([
      '5 lines: cannot hold "1\\"", first in a.csv:1, a.csv:2, a.csv:3',
      '3 lines: expected 2 fields, got 1, first in b.csv:7-9',
    ])
  })

  test('counts the records of kinds beyond the twentieth together', () => {
    const bad = new BadRecords()
    for (let line = 1; line <= 1_000; line++) bad.add(new BadRecordError('a.csv', line, `reason ${line}`))
    expect(bad.words()).toHaveLength(21)
    expect(bad.words().at(-1)).toBe('980 lines for other reasons')
  })
})
