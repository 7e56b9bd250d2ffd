import { describe, expect, it } from 'vitest'
import { plotRunOrder, runOrderSeries } from '../../../src/analysis/index.js'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { broken } from '../broken-trial.js'

const study = simulateStudy({
  blocks: 3,
  warmUpBlocks: 1,
  controls: ['aa'],
  truth: ({ workers }) => ({ totalMs: 1000 * workers }),
  change: (trial) => (trial.trial === 6 ? broken(trial) : trial),
})
const findings = [{ code: 'steal', message: 'Some core time was stolen', trials: [4, 5] }] as const

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

describe('plotRunOrder', () => {
  const { data, layout } = plotRunOrder(study, { findings })

  it('marks failed trials on the axis and trials in doubt around their symbol', () => {
    const failed = data.find(({ name }) => name === 'failed')!
    expect(failed.x).toEqual([6])
    expect(failed.y).toEqual([(layout.yaxis as { range: number[] }).range[0]])
    expect(data.find(({ name }) => name === 'steal')!.x).toEqual([4, 5])
  })

  it('has open symbols for warm-up and controls', () => {
    const open = data.filter(({ showlegend }) => showlegend === false)
    expect(open.map(({ marker }) => (marker as { symbol: string }).symbol)).toEqual(['circle-open', 'square-open'])
    expect(open.flatMap(({ x }) => x as number[])).toHaveLength(6)
  })

  it('has a line between blocks, which are named', () => {
    expect((layout.shapes as { x0: number }[]).map(({ x0 }) => x0)).toEqual([3.5, 6.5, 9.5])
    expect((layout.annotations as { text: string }[]).map(({ text }) => text)).toEqual(['warm-up', 'block 1', '2', '3'])
  })

  it('throws for more treatments than can be told apart', () => {
    const many = simulateStudy({ workers: [1, 2, 3, 4, 5, 6, 7, 8], truth: () => ({ totalMs: 1000 }) })
    expect(() => plotRunOrder(many)).toThrow('fix a factor with `where`')
  })
})
