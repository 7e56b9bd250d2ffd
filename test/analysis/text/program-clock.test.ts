import { expect, it } from 'vitest'
import { phrase } from '../../../src/analysis/text/phrase.js'
import { clocksPhrase, type ProgramClock } from '../../../src/analysis/text/program-clock.js'

const clock = (loader: string, between: ProgramClock['between']): ProgramClock => ({ loader, between })

it.each([
  [[], ''],
  [[clock('a', 'exit')], '; the time of loader a is from its start to its exit'],
  [[clock('a', 'lines')], '; the time of loader a is that between its own two lines'],
  [
    [clock('a', 'lines'), clock('b', 'exit'), clock('c', 'lines')],
    '; the time of loader b is from its start to its exit, the times of loaders a and c are those between their own two lines',
  ],
  [[clock('a', 'exit'), clock('b', 'exit')], '; the times of loaders a and b are from their start to their exit'],
])('clocksPhrase says each clock once: %j', (clocks, text) => {
  expect(phrase`${clocksPhrase(clocks)}`.text).toBe(text)
})
