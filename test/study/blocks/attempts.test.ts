import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import {
  failedPlaces,
  isFinished,
  missingPlaces,
  repeatedTrials,
  triedBlocks,
} from '../../../src/study/blocks/attempts.js'
import type { Study } from '../../../src/study/study.js'
import type { FailedTrial, Trial, TrialError } from '../../../src/study/trial.js'

const study = simulateStudy({ workers: [1, 2], blocks: 2, controls: ['aa'], truth: () => ({ totalMs: 1_000 }) })
const [first, ...others] = study.trials as [Trial, ...Trial[]]
const disk = { name: 'CopyError', message: 'Worker 0 failed in batch 3: disk full', sqlState: '53100' }

/**
 * The first trial's place, tried once for each of these errors, and the trials of all others after
 * it.
 */
function tried(errors: readonly Partial<TrialError>[], more: Partial<Study> = {}): Study {
  const { trial, block, position, phase, control, treatment, startedAt } = first
  const place = { block, position, phase, control, treatment, startedAt }
  const failures = errors.map((error, k): FailedTrial => {
    const whole = { ...disk, worker: null, batch: null, firstRecord: null, ...error }
    return { ...place, trial: k === 0 ? trial : 100 + k, state: 'failed', error: whole }
  })
  return { ...study, trials: [...failures.slice(0, 1), ...others, ...failures.slice(1)], ...more }
}

describe('a place whose trial failed', () => {
  it('is missing again, with its block and position, until a trial is completed there', () => {
    const { block, position, phase, control, treatment } = first
    const once = tried([{}])
    expect(missingPlaces(once.plan, once)).toEqual([{ block, position, phase, control, treatment }])
    expect(isFinished(once.plan, once)).toBe(false)
    const repeated = { ...once, trials: [...once.trials, { ...first, trial: 200 }] }
    expect(missingPlaces(repeated.plan, repeated)).toEqual([])
    expect(isFinished(repeated.plan, repeated)).toBe(true)
    expect(failedPlaces(repeated)).toEqual([])
    expect(repeatedTrials(repeated).map(({ trial }) => trial)).toEqual([first.trial])
  })

  it.each([
    ['alike', [{}, {}, {}]],
    ['alike but for numbers', [{}, { message: 'Worker 1 failed in batch 12: disk full' }, {}]],
    ['alike at last', [{ message: 'refused' }, {}, {}, {}]],
  ])('stands after three failures that are %s', (_, errors) => {
    const stands = tried(errors)
    expect(missingPlaces(stands.plan, stands)).toEqual([])
    expect(isFinished(stands.plan, stands)).toBe(true)
    expect(failedPlaces(stands)).toMatchObject([{ place: { block: first.block }, standing: 'alike' }])
    expect(failedPlaces(stands)[0]!.failures).toHaveLength(errors.length)
  })

  it.each([
    ['two failures', [{}, {}]],
    ['another SQLSTATE', [{}, {}, { sqlState: '57P01' }]],
    ['another message', [{}, { message: 'refused' }, {}]],
    ['another name', [{}, {}, { name: 'LostRecordsError' }]],
    ['another at last', [{}, {}, {}, { message: 'refused' }]],
  ])('is missing still after %s', (_, errors) => {
    const open = tried(errors)
    expect(missingPlaces(open.plan, open)).toHaveLength(1)
    expect(failedPlaces(open)).toMatchObject([{ standing: null }])
  })

  it('is not run again in a study that ended early', () => {
    const ended = tried([{}], { stopped: { look: 1, block: 2, text: 'decided' } })
    expect(isFinished(ended.plan, ended)).toBe(true)
    expect(failedPlaces(ended)).toMatchObject([{ standing: 'ended' }])
  })

  it('is a block that was tried as a whole, as often as it failed', () => {
    const twice = tried([{}, {}])
    expect([...triedBlocks(twice.plan, twice)]).toEqual([1, 2])
    expect([...triedBlocks(study.plan, { ...study, trials: others })]).toEqual([2])
  })
})
