import { expect, test } from 'vitest'
import { lastLines } from '../../src/last-lines.js'

test('lastLines gives the last lines of a text without blank ones, and nothing for nothing', () => {
  expect(lastLines('one\n\ntwo\nthree\n \n', 2)).toBe('two\nthree')
  expect(lastLines('one', 8)).toBe('one')
  expect(lastLines('\n', 8)).toBe('')
})
