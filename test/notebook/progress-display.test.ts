import { expect, test } from 'vitest'
import { progressDisplay, progressLine } from '../../src/notebook/progress-display.js'
import type { Progress } from '../../src/study/study.js'

const running: Progress = {
  study: 's',
  stage: 'measured',
  done: 7,
  total: 21,
  etaMs: 40_000,
  message: 'block 2/6, 4 workers × 10,000',
  trial: null,
  interim: null,
  warning: null,
  stored: null,
  failed: null,
}
const stored = { plan: 'eea92392771f', firstDay: '2026-11-26', lastDay: '2026-11-26', cores: 2 }
const done: Progress = { ...running, stage: 'done', done: 21, etaMs: 0, message: 'done' }

test('progressLine says what runs, how much is done and what is left', () => {
  const seen = { ran: 7, elapsedMs: 20_000 }
  expect(progressLine(running, seen)).toBe('block 2/6, 4 workers × 10,000 - 40 s left - 7 of 21 trials')
  expect(progressLine({ ...running, etaMs: null, done: 0 }, seen)).toBe(
    'block 2/6, 4 workers × 10,000 - 0 of 21 trials',
  )
})

test('progressLine ends with what was measured now', () => {
  expect(progressLine(done, { ran: 21, elapsedMs: 63_000 }, 'fresh: true')).toBe('21 trials measured now in 1 min 3 s')
})

test('progressLine ends with what was read from disk: when and where it was measured, and how to measure again', () => {
  const seen = { ran: 0, elapsedMs: 5 }
  expect(progressLine({ ...done, stored }, seen, 'fresh: true')).toBe(
    '21 trials, read from disk (measured 2026-11-26 on 2 cores, plan eea92392771f; measure again with fresh: true)',
  )
  expect(progressLine({ ...done, stored: { ...stored, firstDay: '2026-11-24', cores: 1 } }, seen)).toBe(
    '21 trials, read from disk (measured 2026-11-24 to 2026-11-26 on 1 core, plan eea92392771f)',
  )
})

test('progressLine ends with both for a study that was continued', () => {
  expect(progressLine({ ...done, stored }, { ran: 12, elapsedMs: 40_000 }, '--fresh')).toBe(
    '21 trials: 12 measured now in 40 s, 9 read from disk (measured 2026-11-26 on 2 cores, plan eea92392771f; measure again with --fresh)',
  )
})

test('progressLine ends with what failed: what the next call runs again, and what stands', () => {
  const seen = { ran: 21, elapsedMs: 63_000 }
  expect(progressLine({ ...done, failed: { again: 1, standing: 2 } }, seen)).toBe(
    '21 trials measured now in 1 min 3 s - 1 failed and is run again by the next call - 2 failed and stand',
  )
})

test('progressDisplay draws a bar while there is something to wait for, and stays small', () => {
  const html = String(progressDisplay({ ...running, message: 'a<b' }, { ran: 7, elapsedMs: 1 }).data['text/html'])
  expect(html).toContain('<progress max="21" value="7">')
  expect(html).not.toContain('a<b')
  expect(html.length).toBeLessThan(200)
  expect(String(progressDisplay(done, { ran: 21, elapsedMs: 1 }).data['text/html'])).not.toContain('<progress')
})
