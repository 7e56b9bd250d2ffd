import { expect, test } from 'vitest'
import { duration, escapeHtml } from '../../src/format.js'

test('escapeHtml gives text that may stand in content and in attributes of either quote', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&#60;a href=&#34;x&#34; title=&#39;y&#39;&#62;&#38;')
})

test.each([
  [400, '0 s'],
  [59_600, '1 min 0 s'],
  [3_600_000 + 5 * 60_000, '1 h 5 min'],
])('duration(%i) is %j', (ms, text) => {
  expect(duration(ms)).toBe(text)
})
