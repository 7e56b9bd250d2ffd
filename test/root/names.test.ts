import { describe, expect, it } from 'vitest'
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
