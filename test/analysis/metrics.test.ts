import { describe, expect, it } from 'vitest'
import { metricValue } from '../../src/analysis/metric-value.js'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { compare, type Metric, metrics } from '../../src/entries/analysis.js'
import type { CompletedTrial } from '../../src/study/trial.js'

const study = simulateStudy({ truth: () => ({ totalMs: 5000, events: { cpu: 0.7, 'Lock:extend': 0.3 } }) })
const trial = study.trials[0] as CompletedTrial

describe('metricValue', () => {
  it('metricValue has a number for every metric of a trial whose probes were all on', () => {
    const without = (Object.keys(metrics) as Metric[]).filter((metric) => metricValue(trial, metric) === null)
    expect(without).toEqual([
      'clientWorkMs',
      'measuredRoundTripMs',
      'prepareMs',
      'indexMs',
      'triggerMs',
      'distributedCommitMs',
      'restoreMs',
      'existingBytes',
      'exitMs',
      'fromCopyMs',
      'betweenLinesMs',
    ])
  })

  it('metricValue derives memory, barrier time and the share of lock waits', () => {
    expect(metricValue(trial, 'memoryBytes')).toBe(trial.rssPeakBytes! + trial.backendPssPeakBytes!)
    expect(metricValue({ ...trial, backendPssPeakBytes: null }, 'memoryBytes')).toBeNull()
    expect(metricValue(trial, 'lockShare')).toBeCloseTo(0.3, 1)
    expect(metricValue({ ...trial, waits: null }, 'lockShare')).toBeNull()
    const parts = trial.parts.map((part) => (part.worker === 0 ? { ...part, copyMs: part.copyMs - 10 } : part))
    const batches = parts.filter(({ worker }) => worker === 0).length
    expect(metricValue({ ...trial, parts }, 'barrierMs')).toBeCloseTo(10 * batches, 6)
    const queue = { ...trial.treatment, dispatch: 'queue' as const }
    expect(metricValue({ ...trial, treatment: queue, parts }, 'barrierMs')).toBe(0)
  })

  it('compare names the reason where a metric was not read', () => {
    const unread = simulateStudy({
      truth: () => ({ totalMs: 5000 }),
      change: (one) => ({ ...one, backendPssPeakBytes: null, missing: { backends: 'no right to read /proc' } }),
    })
    const answer = compare(unread, { a: { workers: 2 }, b: { workers: 4 }, metric: 'memoryBytes' })
    expect(answer.excluded[0]!.reason).toBe(
      'memoryBytes of a is null: no right to read /proc; memoryBytes of b is null: no right to read /proc',
    )
  })
})
