import { expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import type { Context } from '../../../src/study/context.js'
import { shapeFault } from '../../../src/study/journal/line-shape.js'
import { completeContext, completeTrial } from '../../../src/study/journal/stored-plan.js'
import type { CompletedTrial } from '../../../src/study/trial.js'
import { madeContext } from './made-study.js'

const { plan, trials } = simulateStudy({ truth: () => ({ totalMs: 1000 }), observed: false })
const [trial] = trials as readonly [CompletedTrial]

it('completeTrial says of a trial of an older journal that nobody watched whether it was interrupted', () => {
  const { interruptions: _, blockers: __, ...older } = trial
  const reason = 'it was not watched for when the trial ran'
  expect(completeTrial(older as CompletedTrial, plan)).toEqual({
    ...trial,
    interruptions: null,
    blockers: null,
    missing: { ...trial.missing, interruptions: reason, blockers: reason },
  })
})

it('completeTrial leaves a trial as it is that was watched', () => {
  const watched = { ...trial, interruptions: [{ of: 'server' as const, atMs: 3, ms: 1_500 }], blockers: [] }
  expect(completeTrial(watched, plan)).toEqual(watched)
})

it("completeTrial gives a trial the plan's own treatment", () => {
  const [own] = plan.treatments
  expect(completeTrial({ ...trial, treatment: { ...own! } }, plan).treatment).toBe(own)
})

it('completeContext says of a session of an older journal that no contents of files were kept', () => {
  const { contents: _, ...input } = madeContext.input
  const older = { ...madeContext, input } as Context
  expect(shapeFault({ type: 'session', context: older })).toBeNull()
  expect(completeContext(older)).toEqual(madeContext)
})

it('completeContext leaves the contents of files as they are; those without a digest are damage', () => {
  const kept = (sha256: string): Context => ({
    ...madeContext,
    input: { ...madeContext.input, contents: [{ name: 'a.csv', bytes: 3, sha256 }] },
  })
  const whole = kept('0f'.repeat(32))
  expect(shapeFault({ type: 'session', context: whole })).toBeNull()
  expect(completeContext(whole)).toEqual(whole)
  expect(shapeFault({ type: 'session', context: kept('0f') })).toMatch(
    /^its context\.input\.contents\.0\.sha256 must match pattern/,
  )
})
