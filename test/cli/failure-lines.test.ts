import { expect, it } from 'vitest'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { failureLines } from '../../src/cli/terminal/failure-lines.js'
import type { CompletedTrial } from '../../src/study/trial.js'
import { broken } from '../analysis/broken-trial.js'

const study = simulateStudy({ workers: [1, 2], blocks: 2, warmUpBlocks: 1, truth: () => ({ totalMs: 1_000 }) })
const trials = study.trials as readonly CompletedTrial[]
const first = trials.find(({ block }) => block === 1)!
const others = trials.filter((trial) => trial !== first)
const failure = (trial: number) => ({ ...broken(first), trial })
const placed = `Trial 12 (block 1, ${first.treatment.workers === 1 ? '1 worker' : '2 workers'} × 10,000) failed: disk full`

it('failureLines says nothing of a study without failures', () => {
  expect(failureLines(study)).toEqual([])
})

it('failureLines says what the same command runs again', () => {
  expect(failureLines({ ...study, trials: [...others, failure(11), failure(12)] })).toEqual([
    placed,
    '1 trial failed: the same command runs it again',
  ])
})

it('failureLines says why a trial is not run again, and what to do', () => {
  expect(failureLines({ ...study, trials: [...others, failure(10), failure(11), failure(12)] })).toEqual([
    `${placed}\n  It failed 3 times alike and is not run again: remove the cause, then measure again with --fresh, or add blocks`,
  ])
  const stopped = { look: 1, block: 2, text: 'decided' }
  expect(failureLines({ ...study, stopped, trials: [...others, failure(12)] })).toEqual([
    `${placed}\n  The study has ended early, so it is not run again: measure all again with --fresh where that block matters`,
  ])
})

it('failureLines counts what was run again, and warm-up trials, which decide nothing', () => {
  const [warmUp, ...rest] = trials as [CompletedTrial, ...CompletedTrial[]]
  expect(failureLines({ ...study, trials: [broken(warmUp), ...rest] })).toEqual([
    '1 warm-up trial failed, which decides nothing; the last, trial 1: disk full',
  ])
  expect(failureLines({ ...study, trials: [failure(10), failure(11), ...others, { ...first, trial: 12 }] })).toEqual([
    '2 trials failed and were run again; the last, trial 11: disk full',
  ])
})
