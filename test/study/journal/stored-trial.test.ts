import { expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { completeTrial } from '../../../src/study/journal/stored-plan.js'
import type { CompletedTrial } from '../../../src/study/trial.js'

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
