import { expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { studyRows, tableHtml } from '../../../src/entries/analysis.js'
import type { Study } from '../../../src/study/study.js'
import { broken } from '../broken-trial.js'

const truth = ({ workers }: { workers: number }) => ({ totalMs: workers === 2 ? 900 : 1000 })
const study = simulateStudy({
  workers: [2, 4],
  batchSizes: [10_000, 2_500],
  blocks: 8,
  warmUpBlocks: 1,
  noise: 0.01,
  controls: ['aa'],
  truth,
})

function preregistered(given: Study): Study {
  const [a, b] = [2, 4].map((workers) => given.plan.treatments.find((one) => one.workers === workers)!)
  const primary = { a: a!, b: b!, metric: 'totalMs', claim: { fasterBy: [0.05, 0.15] } } as const
  return {
    ...given,
    plan: {
      ...given.plan,
      preregistration: { primary, level: 0.95, margin: 0.05, exclude: [], stop: null, claims: null },
    },
  }
}

it('studyRows says what each study measured, how far it is, and its verdict', () => {
  expect(studyRows([study, preregistered(study)])).toEqual([
    {
      study: 'simulated',
      plan: '0123456789ab',
      measured: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      records: study.contexts[0]!.input.records,
      treatments: 'workers 2, 4 × batchSize 10K, 2.5K',
      blocks: 8,
      plannedBlocks: 8,
      sessions: 1,
      trials: 45,
      failed: 0,
      preregistered: false,
      verdict: null,
    },
    expect.objectContaining({ preregistered: true, verdict: 'supported' }),
  ])
})

it('studyRows counts failed trials, and no block that is not whole', () => {
  const trials = study.trials.slice(0, -1).map((trial) => {
    return trial.trial === 7 && trial.state === 'completed' ? broken(trial) : trial
  })
  expect(studyRows([{ ...study, trials }])[0]).toMatchObject({ blocks: 7, plannedBlocks: 8, trials: 44, failed: 1 })
})

it('studyRows of treatments that are no grid, of one treatment, and of a study without a session', () => {
  const treatments = (change: Partial<Study['plan']>): string =>
    studyRows([{ ...study, plan: { ...study.plan, ...change } }])[0]!.treatments
  expect(treatments({ treatments: study.plan.treatments.slice(0, 3) })).toBe(
    '3 treatments out of workers 2, 4 × batchSize 10K, 2.5K',
  )
  expect(treatments({ treatments: study.plan.treatments.slice(0, 1) })).toBe('workers 2 × batchSize 10K')
  const unmeasured = preregistered({ ...study, contexts: [], trials: [] })
  expect(studyRows([unmeasured])[0]).toMatchObject({ measured: null, records: null, blocks: 0, verdict: 'undecided' })
})

it('tableHtml(studyRows(studies)) shows every column', () => {
  expect(tableHtml(studyRows([study])).match(/<th /g)).toHaveLength(12)
})
