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
  it('leads by the true changes per worker to the change of the time, and ends exactly there', () => {
    const explained = explain(simulateStudy({ truth }), change)
    const rows = waterfallSeries(explained)
    expect(rows.map(({ kind, label, toMs }) => [kind, label, Math.round(toMs) || 0])).toEqual([
      ['change', 'running', -200],
      ['change', 'relation extension', expect.any(Number)],
      ['change', 'WAL', -200],
      ['change', 'CPU queueing', 0],
      ['change', 'waiting for the client', -750],
      ['end', 'change of the time', -750],
    ])
    for (const [k, { fromMs }] of rows.slice(1, -1).entries()) expect(fromMs).toBe(rows[k]!.toMs)
    expect(rows.at(-1)).toMatchObject({ fromMs: 0, toMs: explained.changeMs!.value })
  })

  it('shows what the parts do not account for', () => {
    const odd = simulateStudy({
      truth,
      change: (trial) =>
        trial.treatment.workers === 4 ? { ...trial, backendCpuMs: trial.backendCpuMs! + 5000 } : trial,
    })
    const rest = waterfallSeries(explain(odd, change)).find(({ name }) => name === 'unaccounted')!
    expect(rest.toMs).toBeCloseTo(-750, 9)
    expect(rest.toMs - rest.fromMs).toBeLessThan(-1000)
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
    expect(texts).toHaveLength(6)
    expect(texts[3]).toMatch(/^\+\d+ \[\+\d+, \+\d+\]$/)
    expect(texts[5]).toMatch(/^<b>−\d+<\/b> \[−\d+, −\d+\]$/)
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
