import { describe, expect, it } from 'vitest'
import { scalingSeries } from '../../../src/analysis/figures/scaling.js'
import { uslThroughput } from '../../../src/analysis/scaling/usl-curve.js'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { fitScaling, plotScaling, plotThroughput } from '../../../src/entries/analysis.js'
import { wordsOf } from './seen.js'

/**
 * The law itself, whose peak is at √((1 − 0.19)/0.01) = 9 workers for 10K and at √((1 − 0.19)/0.09)
 * = 3 for 20K.
 */
const law = (batchSize: number) => ({ alpha: 0.19, beta: batchSize === 10_000 ? 0.01 : 0.09, gamma: 3000 })
const options: SimulateOptions = {
  workers: [1, 2, 4, 8],
  batchSizes: [10_000, 20_000],
  blocks: 6,
  noise: 0.01,
  blockNoise: 0.1,
  truth: ({ workers, batchSize }) => ({ totalMs: 6e7 / uslThroughput(law(batchSize), workers) }),
}
const study = simulateStudy(options)
const scalings = fitScaling(study)
const unfitted = fitScaling(simulateStudy({ ...options, workers: [1, 2] }))

describe('scalingSeries', () => {
  it('scalingSeries has every observation with what the law leaves over', () => {
    const series = scalingSeries(scalings)
    expect(series.map(({ label, points }) => [label, points.length])).toEqual([
      ['at 10K', 24],
      ['at 20K', 24],
    ])
    const { fit, observations } = scalings[0]!
    if (fit.status !== 'converged') throw new Error('not converged')
    for (const [k, { throughput, residual, workers, block }] of series[0]!.points.entries()) {
      expect(throughput / (1 + residual!)).toBeCloseTo(fit.fitted[k]!, 6)
      expect(Math.log(1 + residual!)).toBeCloseTo(fit.residuals[k]!, 9)
      expect([workers, block]).toEqual([observations.workers[k], Math.floor(k / 4) + 1])
    }
  })

  it('scalingSeries has the fitted curve within its band, over the measured worker counts, near the true law', () => {
    const { points, peak } = scalingSeries(scalings)[1]!.curve!
    expect([points[0]!.workers, points.at(-1)!.workers]).toEqual([1, 8])
    const scale = points[0]!.throughput / 3000
    for (const { workers, throughput, interval } of points) {
      expect(interval.lower).toBeLessThan(throughput)
      expect(interval.upper).toBeGreaterThan(throughput)
      expect(throughput / scale / uslThroughput(law(20_000), workers)).toBeCloseTo(1, 1)
    }
    expect(peak!.workers.value).toBeCloseTo(3, 0)
  })

  it('scalingSeries has no curve where none converged', () => {
    const [one] = scalingSeries(unfitted)
    expect(one).toMatchObject({ curve: null, summary: 'no law fitted' })
    expect(one!.points.every(({ residual }) => residual === null)).toBe(true)
  })
})

describe('plotScaling', () => {
  it('plotScaling draws points, band, curve, peak and residuals of each setting', () => {
    const { data, layout } = plotScaling(scalings)
    expect(data.filter(({ yaxis }) => yaxis === 'y2').map(({ x }) => (x as number[]).length)).toEqual([24, 24])
    expect(data.filter(({ fill }) => fill === 'toself')).toHaveLength(2)
    expect(layout).toHaveProperty('yaxis2')
    // The peak of 10K lies beyond the most workers: named in the legend, not drawn.
    expect(data.filter(({ marker }) => (marker as { symbol?: string })?.symbol === 'star')).toHaveLength(1)
    const names = data.flatMap(({ name, showlegend }) => (showlegend === false ? [] : [String(name)]))
    expect(names).toEqual(scalingSeries(scalings).map(({ label, summary }) => `${label}: ${summary}`))
    expect(names[0]).toMatch(/^at 10K: peak at 8\.\d workers \(95 % CI /)
  })

  it('plotScaling draws the bar of a peak without an upper bound to the end of the axis', () => {
    const wild = simulateStudy({
      ...options,
      batchSizes: [20_000],
      workers: [1, 2, 4],
      blocks: 3,
      noise: 0.35,
      seed: 5,
    })
    const { data, layout } = plotScaling(fitScaling(wild))
    const star = data.find(({ marker }) => (marker as { symbol?: string })?.symbol === 'star')!
    const end = (star.x as number[])[0]! + (star.error_x as { array: number[] }).array[0]!
    expect(end).toBeCloseTo((layout.xaxis as { range: number[] }).range[1]!, 9)
    expect(JSON.stringify(data)).not.toMatch(/NaN|Infinity/)
  })

  it('plotScaling says what was not fitted, without a curve or a panel of residuals', () => {
    const figure = plotScaling(unfitted)
    expect(wordsOf(figure)).toContain('No law fitted at 10K: The law needs 3 different numbers of workers, got 2.')
    expect(figure.layout).not.toHaveProperty('yaxis2')
    expect(figure.data.some(({ fill }) => fill === 'toself')).toBe(false)
  })

  it('plotScaling says where the law misses the means', () => {
    const stepped = simulateStudy({
      ...options,
      batchSizes: [10_000],
      workers: [1, 2, 3, 4],
      truth: ({ workers }) => ({ totalMs: workers === 1 ? 2000 : workers === 4 ? 1500 : 1000 }),
    })
    expect(wordsOf(plotScaling(fitScaling(stepped)))).toContain('The law misses the means at 10K (lack of fit)')
  })

  it('plotScaling of nothing is a figure too', () => {
    expect(wordsOf(plotScaling([]))).toContain('Nothing to draw.')
  })
})

describe('plotThroughput with scalings', () => {
  const { data, layout } = plotThroughput(study, { scalings: scalings.slice(1) })

  it('plotThroughput draws the law of its own series, in place of the line between means', () => {
    const means = data.filter(({ error_y }) => error_y)
    expect(means.map(({ mode }) => mode)).toEqual(['lines+markers', 'markers'])
    expect(means[0]!.name).toBe('batches of 10K')
    expect(String(means[1]!.name)).toMatch(/^batches of 20K: peak at/)
    expect(data.filter(({ fill }) => fill === 'toself')).toHaveLength(1)
  })

  it('plotThroughput draws the curve of plotScaling, and names what it is', () => {
    const curve = (of: typeof data) => of.find(({ mode, fill }) => mode === 'lines' && fill === undefined)!
    expect(curve(data).y).toEqual(curve(plotScaling(scalings.slice(1)).data).y)
    expect((layout.title as { text: string }).text).toContain('Curve: the scalability law with its 95 % band')
  })

  it('plotThroughput leaves out the laws of other treatments', () => {
    const other = plotThroughput(study, { where: { batchSize: 10_000 }, scalings: scalings.slice(1) })
    expect(other).toEqual(plotThroughput(study, { where: { batchSize: 10_000 } }))
  })
})
