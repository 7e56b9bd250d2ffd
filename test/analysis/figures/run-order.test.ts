import { describe, expect, it } from 'vitest'
import { runOrderSeries, runOrderTrend } from '../../../src/analysis/figures/run-order.js'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { checkStudy, plotRunOrder } from '../../../src/entries/analysis.js'
import { broken } from '../broken-trial.js'
import { sentenceOf } from '../sentence-of.js'

const study = simulateStudy({
  blocks: 3,
  warmUpBlocks: 1,
  controls: ['aa'],
  truth: ({ workers }) => ({ totalMs: 1000 * workers }),
  change: (trial) => (trial.trial === 6 ? broken(trial) : trial),
})
const findings = [{ code: 'steal', trials: [4, 5] }] as const

describe('runOrderSeries', () => {
  it('has every trial once, by treatment and in run order, with its phase and its findings', () => {
    const series = runOrderSeries(study, { findings })
    expect(series.map(({ label }) => label)).toEqual(['2 workers', '4 workers'])
    const points = series.flatMap((one) => one.points)
    expect(points.map(({ trial }) => trial).sort((a, b) => a - b)).toEqual(study.trials.map(({ trial }) => trial))
    for (const { points: own } of series) {
      const order = own.map(({ trial }) => trial)
      expect(order).toEqual([...order].sort((a, b) => a - b))
    }
    expect(points.filter(({ phase }) => phase === 'warm-up').map(({ block }) => block)).toEqual([0, 0])
    expect(points.filter((one) => one.findings.includes('steal')).map(({ trial }) => trial)).toHaveLength(2)
    expect(points.find(({ trial }) => trial === 6)!.seconds).toBeNull()
  })
})

describe('runOrderTrend', () => {
  const drifting = simulateStudy({
    blocks: 12,
    noise: 0.001,
    drift: 0.2,
    truth: ({ workers }) => ({ totalMs: 1000 * workers }),
  })

  it('runOrderTrend has the slope that checkStudy tests, through the middle of the trials', () => {
    const { change, text, lines } = runOrderTrend(drifting)!
    const [points = []] = lines
    expect(change).toBeCloseTo(Math.exp(0.2) - 1, 2)
    expect(text).toBe('drift: 22 % slower (p < 0.001)')
    expect(sentenceOf(checkStudy(drifting).find(({ code }) => code === 'drift')!)).toContain('22 % slower')
    expect([points[0]!.trial, points.at(-1)!.trial]).toEqual([1, 24])
    expect(points.at(-1)!.seconds / points[0]!.seconds).toBeCloseTo(1 + change, 9)
    expect(points[12]!.seconds).toBeCloseTo(Math.sqrt(2 * 4) * Math.exp(0.1), 1)
  })

  it('runOrderTrend goes through the selected trials, with the slope of all', () => {
    const one = runOrderTrend(drifting, { where: { workers: 2 } })!
    expect(one.slope).toBe(runOrderTrend(drifting)!.slope)
    expect(one.lines[0]![12]!.seconds).toBeCloseTo(2 * Math.exp(0.1), 1)
  })

  it('runOrderTrend is null below two trials of a treatment', () => {
    expect(runOrderTrend(simulateStudy({ blocks: 1, truth: () => ({ totalMs: 1000 }) }))).toBeNull()
  })
})

describe('plotRunOrder', () => {
  const { data, layout } = plotRunOrder(study, { findings })

  it('marks failed trials on the axis and trials in doubt around their symbol', () => {
    const failed = data.find(({ name }) => name === 'failed')!
    expect(failed.x).toEqual([6])
    expect(failed.y).toEqual([(layout.yaxis as { range: number[] }).range[0]])
    expect(data.find(({ name }) => name === 'cores taken by other machines')!.x).toEqual([4, 5])
  })

  it('leaves room for the mark of the last trial, however many trials there are', () => {
    const many = simulateStudy({ workers: [1, 2, 4], blocks: 140, truth: () => ({ totalMs: 1000 }) })
    const { range } = plotRunOrder(many).layout.xaxis as { range: number[] }
    // The widest mark is 36 pixels, of about 660.
    expect((range[1]! - 420) / (range[1]! - range[0]!)).toBeGreaterThan(0.02)
  })

  it('has open symbols for warm-up and controls', () => {
    const open = data.filter(({ showlegend }) => showlegend === false)
    expect(open.map(({ marker }) => (marker as { symbol: string }).symbol)).toEqual(['circle-open', 'square-open'])
    expect(open.flatMap(({ x }) => x as number[])).toHaveLength(6)
  })

  it('draws the trend over all, named with its change', () => {
    expect(data.at(-1)).toMatchObject({ mode: 'lines', name: expect.stringMatching(/^drift: .+ \(p /) })
  })

  it('names few of many blocks, the first next to the warm-up', () => {
    const long = simulateStudy({ blocks: 30, warmUpBlocks: 1, truth: () => ({ totalMs: 1000 }) })
    const names = plotRunOrder(long).layout.annotations as { text: string; xanchor: string }[]
    expect(names.slice(0, 3).map(({ text, xanchor }) => [text, xanchor])).toEqual([
      ['warm-up', 'right'],
      ['block 1', 'left'],
      ['4', 'center'],
    ])
  })

  it('has a line between blocks, which are named', () => {
    expect((layout.shapes as { x0: number }[]).map(({ x0 }) => x0)).toEqual([3.5, 6.5, 9.5])
    expect((layout.annotations as { text: string }[]).map(({ text }) => text)).toEqual(['warm-up', 'block 1', '2', '3'])
  })

  it('throws for more treatments than can be distinguished', () => {
    const many = simulateStudy({ workers: [1, 2, 3, 4, 5, 6, 7, 8], truth: () => ({ totalMs: 1000 }) })
    expect(() => plotRunOrder(many)).toThrow('fix a factor with `where`')
  })
})
