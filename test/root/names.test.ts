import { describe, expect, it } from 'vitest'
import { checkOptions } from '../../src/check.js'
import { nearestName } from '../../src/names.js'

describe('nearestName', () => {
  it.each([
    ['batchsize', 'batchSize'],
    ['worker', 'workers'],
    ['wrokers', 'workers'],
    ['batch', 'batchSize'],
    ['sync', null],
    ['threads', null],
    ['', null],
  ])('%s is %s', (given, nearest) => {
    expect(nearestName(given, ['workers', 'batchSize', 'synchronousCommit', 'synchronousWrite'])).toBe(nearest)
  })

  it('takes the nearest of several', () => {
    expect(nearestName('levels', ['labels', 'level'])).toBe('level')
  })
})

describe('checkOptions', () => {
  const names = { where: true, level: true } as const

  it('takes what is known, and what is undefined', () => {
    expect(() => checkOptions({ where: 1, level: undefined }, names)).not.toThrow()
    expect(() => checkOptions({ were: undefined } as object as { where: number; level: number }, names)).not.toThrow()
  })

  it.each([
    [{ were: 1 }, undefined, 'Expected options, got `were`: did you mean `where`?'],
    [{ zzz: 1 }, undefined, 'Expected options out of where, level, got `zzz`'],
    [{ lvl: 1 }, 'stop', 'Expected `stop` to have options, got `lvl`: did you mean `level`?'],
    [null, undefined, 'Expected options to be an object, got null'],
    ['x', 'stop', 'Expected `stop` to be an object, got string'],
  ])('refuses %j', (given, of, message) => {
    expect(() => checkOptions(given as never, names as never, of)).toThrow(new TypeError(message))
  })
})
