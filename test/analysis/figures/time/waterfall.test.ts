import { describe, expect, it } from 'vitest'
import { waterfallSeries } from '../../../../src/analysis/figures/time/waterfall.js'
import { simulateStudy } from '../../../../src/analysis/simulate/simulate-study.js'
import { explain, plotWaterfall } from '../../../../src/entries/analysis.js'
import { broken } from '../../broken-trial.js'
import { wordsOf } from '../seen.js'

const truth = ({ workers }: { workers: number }) => ({
  totalMs: 2000 + 3000 / workers,
  insertMs: 1000,
  onCore: 1 / workers,
})
const study = simulateStudy({ truth, noise: 0.02 })
const change = { from: { workers: 2 }, to: { workers: 4 } }

describe('waterfallSeries', () => {
  it('leads from the one worker time to the other by the true changes', () => {
    const rows = waterfallSeries(explain(simulateStudy({ truth }), change))
    expect(rows.map(({ kind, label, toSeconds }) => [kind, label, Number(toSeconds.toFixed(3))])).toEqual([
      ['start', '2 workers', 7],
      ['change', 'running', 7],
      ['change', 'relation extension', expect.any(Number)],
      ['change', 'WAL', 7.4],
      ['change', 'CPU queueing', 9],
      ['change', 'waiting for the client', 11],
      ['end', '4 workers', 11],
    ])
    for (const [k, { fromSeconds }] of rows.slice(1, -1).entries()) expect(fromSeconds).toBe(rows[k]!.toSeconds)
  })

  it('has the changes of `explain`, in seconds', () => {
    const explained = explain(study, change)
    for (const { activity, change: shown } of waterfallSeries(explain(study, change)).filter(
      ({ kind }) => kind === 'change',
    )) {
      const own = explained.activities.find((one) => one.activity === activity)!.change
      expect(shown!.value).toBeCloseTo(own.value / 1000, 12)
      expect(shown!.interval!.lower).toBeCloseTo(own.interval!.lower / 1000, 12)
    }
  })

  it('shows what the parts do not account for', () => {
    const odd = simulateStudy({
      truth,
      change: (trial) =>
        trial.treatment.workers === 4 ? { ...trial, backendCpuMs: trial.backendCpuMs! + 5000 } : trial,
    })
    const rest = waterfallSeries(explain(odd, change)).find(({ kind }) => kind === 'rest')!
    expect(rest.toSeconds).toBeCloseTo(11, 9)
    expect(rest.toSeconds - rest.fromSeconds).toBeLessThan(-1)
  })

  it('is empty without a block that has both', () => {
    const half = simulateStudy({ truth, change: (trial) => (trial.treatment.workers === 4 ? broken(trial) : trial) })
    expect(waterfallSeries(explain(half, change))).toEqual([])
    expect(wordsOf(plotWaterfall(explain(half, change)))).toContain('no block has a completed trial of both')
  })
})

describe('plotWaterfall', () => {
  it('writes every change with its interval next to its bar', () => {
    const texts = (plotWaterfall(explain(study, change)).layout.annotations as { text: string }[]).map(
      ({ text }) => text,
    )
    expect(texts).toHaveLength(7)
    expect(texts[4]).toMatch(/^\+\d\.\d\d \[\+\d\.\d\d, \+\d\.\d\d\]$/)
  })

  it('says why it is empty', () => {
    const unread = simulateStudy({
      truth,
      change: (trial) => ({ ...trial, waits: null, missing: { waits: 'the probe was off' } }),
    })
    expect(wordsOf(plotWaterfall(explain(unread, change)))).toContain(
      'Nothing to draw from 2 workers to 4 at 10K: the probe was off.',
    )
  })
})
