import { describe, expect, it } from 'vitest'
import { throughputSeries, totalTimeSeries } from '../../../src/analysis/figures/against-workers.js'
import { contrastRows } from '../../../src/analysis/figures/contrasts.js'
import { heatMapSeries } from '../../../src/analysis/figures/heat-map.js'
import { insertTimeSeries } from '../../../src/analysis/figures/insert-time.js'
import { encodingAloneMs, phaseSeries } from '../../../src/analysis/figures/time/phases.js'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import {
  bestWorkers,
  type Comparison,
  compare,
  explain,
  type Figure,
  fitScaling,
  judgeClaims,
  noteOf,
  plotBatchLatency,
  plotBestSets,
  plotCauses,
  plotClaims,
  plotContrasts,
  plotDoseResponse,
  plotHeatMap,
  plotInsertTime,
  plotPhases,
  plotRequiredBlocks,
  plotResources,
  plotRunOrder,
  plotScaling,
  plotThroughput,
  plotTimeline,
  plotTotalTime,
  plotWaterfall,
  plotWorkerSeconds,
  readClaims,
} from '../../../src/entries/analysis.js'
import type { Study } from '../../../src/study/study.js'
import { broken } from '../broken-trial.js'
import { seen, wordsOf } from './seen.js'

const grid: SimulateOptions = {
  workers: [1, 2, 4],
  batchSizes: [10_000, 20_000],
  blocks: 6,
  noise: 0.05,
  seed: 3,
  truth: ({ workers, batchSize }) => ({ totalMs: 8000 + 12_000 / workers, insertMs: 2000 + batchSize / 10 }),
}
const study = simulateStudy(grid)
const exact = simulateStudy({ ...grid, noise: 0 })
const withQueue = simulateStudy({ ...grid, batchSizes: [10_000], vary: (one) => [one, { ...one, dispatch: 'queue' }] })

/** The insert times of the working note. */
const reported = noteOf(readClaims()).runs

const change = { from: { workers: 2, batchSize: 10_000 }, to: { workers: 4, batchSize: 10_000 } }

function comparisons(of: Study): Comparison[] {
  const at = { batchSize: 10_000 }
  return [1, 2].map((workers) =>
    compare(of, { a: { workers, ...at }, b: { workers: 4, ...at }, claim: { fasterBy: [0.05, 0.15] } }),
  )
}

describe('series', () => {
  it('totalTimeSeries has a series per batch size, in seconds, with every trial', () => {
    const series = totalTimeSeries(exact)
    expect(series.map(({ label, points }) => [label, points.length])).toEqual([
      ['batches of 10K', 18],
      ['batches of 20K', 18],
    ])
    expect(
      series[0]!.estimates.map(({ workers, estimate }) => [workers, Number(estimate.value.toFixed(6)), estimate.n]),
    ).toEqual([
      [1, 20, 6],
      [2, 14, 6],
      [4, 11, 6],
    ])
  })

  it('throughputSeries is records per second, and names what else varies', () => {
    const series = throughputSeries(withQueue, { where: { workers: 2 } })
    expect(series.map(({ label }) => label)).toEqual(['batches of 10K, split', 'batches of 10K, queue'])
    expect(throughputSeries(exact)[0]!.points[0]!.value).toBeCloseTo(
      60_000 / { 1: 20, 2: 14, 4: 11 }[throughputSeries(exact)[0]!.points[0]!.workers as 1 | 2 | 4],
      6,
    )
  })

  it('insertTimeSeries is relative to the smallest batch size within the block, next to what was reported', () => {
    const series = insertTimeSeries(exact, { reported })
    expect(series.estimates.map(({ batchSize, estimate }) => [batchSize, Number(estimate.value.toFixed(6))])).toEqual([
      [10_000, 1],
      [20_000, 1.333333],
    ])
    expect(series).toMatchObject({ workers: 4, reportedWorkers: 4, baseBatchSize: 10_000 })
    expect(series.reported.map(({ ratio }) => Number(ratio.toFixed(2)))).toEqual([1, 1.22, 1.95])
    expect(() => insertTimeSeries(simulateStudy({ ...grid, workers: [1, 2] }), { reported })).toThrow(
      '`workers` to be one of 1, 2, got nothing',
    )
    const mixed = [...reported, { workers: 2, batchSize: 10_000, insertMs: 1 }]
    expect(() => insertTimeSeries(exact, { reported: mixed })).toThrow('`reported` to be runs of one worker count')
  })

  it('insertTimeSeries takes the smallest batch size that was measured and reported as 1 of both curves', () => {
    const smaller = simulateStudy({ ...grid, noise: 0, batchSizes: [5000, 10_000, 20_000] })
    const series = insertTimeSeries(smaller, { reported })
    expect(series.baseBatchSize).toBe(10_000)
    expect(series.estimates.map(({ batchSize, estimate }) => [batchSize, Number(estimate.value.toFixed(4))])).toEqual([
      [5000, 0.8333],
      [10_000, 1],
      [20_000, 1.3333],
    ])
    expect(series.reported.find(({ batchSize }) => batchSize === 10_000)!.ratio).toBe(1)
    const figure = plotInsertTime(smaller, { reported })
    expect(figure.layout.yaxis).toMatchObject({ title: { text: 'insert time, 10K = 1' } })
  })

  it('plotInsertTime leaves out what was reported of batch sizes that were not measured, and says so', () => {
    const other = simulateStudy({ ...grid, batchSizes: [5000, 15_000] })
    expect(insertTimeSeries(other, { reported })).toMatchObject({ baseBatchSize: 5000, reported: [] })
    const figure = plotInsertTime(other, { reported })
    expect(figure.data.map(({ name }) => name)).toEqual([undefined, 'measured, 4 workers'])
    expect(wordsOf(figure)).toContain(
      'Not drawn: what was reported, which has no batch size in common with this study.',
    )
  })

  it("plotInsertTime draws no curve but the study's own where none is reported", () => {
    const one = simulateStudy({ ...grid, workers: [3], batchSizes: [500, 1000] })
    expect(insertTimeSeries(one)).toMatchObject({ workers: 3, reported: [], reportedWorkers: null })
    const { data } = plotInsertTime(one)
    expect(data.map(({ name }) => name)).toEqual([undefined, 'measured, 3 workers'])
    expect(data.flatMap(({ x }) => x as number[]).every((size) => size < 1200)).toBe(true)
    expect(plotInsertTime(exact, { reported }).data[0]).toMatchObject({ name: 'reported, 4 workers, one run each' })
    expect(() => insertTimeSeries(exact)).toThrow('`workers` to be one of 1, 2, 4, got nothing')
  })

  it('heatMapSeries has the median and the number of trials of every cell, null where there is none', () => {
    const cells = heatMapSeries(
      simulateStudy({ ...grid, noise: 0, change: (trial) => (trial.treatment.workers === 4 ? broken(trial) : trial) }),
    )
    expect(cells.map(({ workers, batchSize, median, blocks }) => [workers, batchSize, median, blocks])).toEqual([
      [1, 10_000, 20, 6],
      [2, 10_000, 14, 6],
      [4, 10_000, null, 0],
      [1, 20_000, 20, 6],
      [2, 20_000, 14, 6],
      [4, 20_000, null, 0],
    ])
    expect(() => heatMapSeries(withQueue)).toThrow('several of `dispatch`: add one of split, queue')
  })

  it('phaseSeries cuts wall time into parts that add up to the mean total', () => {
    for (const { seconds, totals } of [...phaseSeries(study), ...phaseSeries(withQueue)]) {
      const sum = Object.values(seconds).reduce((total, part) => total + part, 0)
      expect(sum).toBeCloseTo(totals.reduce((total, one) => total + one.seconds, 0) / totals.length, 9)
      expect(Math.min(...Object.values(seconds))).toBeGreaterThanOrEqual(0)
    }
  })

  it('phaseSeries tells the client phases apart for split only', () => {
    const phases = phaseSeries(withQueue, { where: { workers: 2 } }).map(({ seconds }) => Object.keys(seconds))
    expect(phases).toEqual([
      ['inserting', 'encoding', 'analysing', 'reading', 'other'],
      ['inserting', 'notInserting'],
    ])
  })

  it('encodingAloneMs counts encoding only while no COPY is open', () => {
    const part = { worker: 0, batch: 0, records: 100, encodeMs: 0, commitMs: 0 }
    const first = { ...part, startMs: 10, copyMs: 20 }
    expect(encodingAloneMs({ encodeMs: 8, parts: [first] })).toBe(8)
    expect(encodingAloneMs({ encodeMs: 8, parts: [first, { ...part, startMs: 14, copyMs: 10 }] })).toBe(4)
    expect(encodingAloneMs({ encodeMs: 8, parts: [first, { ...part, startMs: 33, copyMs: 5 }] })).toBe(7)
    expect(encodingAloneMs({ encodeMs: 0, parts: [] })).toBe(0)
  })

  it('contrastRows keeps order, points and verdict, and leaves out what has no block', () => {
    const rows = contrastRows([...comparisons(exact), { ...comparisons(exact)[0]!, estimate: null }])
    expect(rows.map(({ label, verdict, blocks, points }) => [label, verdict, blocks, points.length])).toEqual([
      ['1 worker vs 4 at 10K', 'refuted', 6, 6],
      ['2 workers vs 4 at 10K', 'refuted', 6, 6],
    ])
  })
})

/** 4 workers lose a second to relation extension, of which a table per worker takes all. */
const intervened = simulateStudy({
  blocks: 6,
  noise: 0.01,
  vary: (own) => [own, { ...own, tables: 'per-worker' }],
  truth: ({ workers, tables }) => {
    const extension = workers === 4 && tables === 'one' ? 1200 : 200
    const insertMs = 1000 + extension
    return { totalMs: insertMs + 500, insertMs, events: { cpu: 1000 / insertMs, 'Lock:extend': extension / insertMs } }
  },
})

describe('figures', () => {
  const figures: { readonly [name: string]: Figure } = {
    plotTotalTime: plotTotalTime(study),
    plotThroughput: plotThroughput(withQueue),
    plotInsertTime: plotInsertTime(study, { reported }),
    plotHeatMap: plotHeatMap(study, { metric: 'recordsPerSecond' }),
    plotPhases: plotPhases(study),
    plotContrasts: plotContrasts(comparisons(study)),
    plotWorkerSeconds: plotWorkerSeconds(study),
    plotWaterfall: plotWaterfall(explain(study, change)),
    plotTimeline: plotTimeline(study, { where: { workers: 2, batchSize: 10_000 }, fromMs: 2000, forMs: 300 }),
    plotBatchLatency: plotBatchLatency(simulateStudy({ ...grid, blocks: 2 })),
    plotResources: plotResources(study),
    plotRunOrder: plotRunOrder(study),
    plotCauses: plotCauses(explain(intervened, change)),
    plotClaims: plotClaims(judgeClaims(readClaims(), study, { primary: 'C1' })),
    plotBestSets: plotBestSets(bestWorkers(study)),
    plotScaling: plotScaling(fitScaling(study)),
    plotRequiredBlocks: plotRequiredBlocks(comparisons(study)),
    plotDoseResponse: plotDoseResponse([study, withQueue], { workers: [2, 4] }),
  }

  it.each(Object.keys(figures))('%s draws the same numbers as before', (name) => {
    expect(seen(figures[name]!)).toMatchSnapshot()
  })

  it.each(Object.keys(figures))('%s is plain JSON without a hole, with a title and named axes', (name) => {
    const figure = figures[name]!
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure)
    expect(JSON.stringify(figure)).not.toMatch(/NaN|Infinity/)
    const layout = figure.layout as { title: { text: string }; xaxis: { title: { text: string } } }
    expect(layout.title.text).toMatch(/^<b>.+\?<\/b>/)
    expect(layout.xaxis.title.text).not.toBe('')
  })

  it('plotTotalTime begins its axis of times at zero and draws intervals and every trial', () => {
    const { data, layout } = plotTotalTime(study)
    expect(layout).toMatchObject({ yaxis: { rangemode: 'tozero', title: { text: 'total time (s)' } } })
    expect(data.filter((trace) => trace.error_y)).toHaveLength(2)
    expect(
      data.filter((trace) => trace.mode === 'markers').map((trace) => (trace.x as readonly number[]).length),
    ).toEqual([18, 18])
  })

  it('plotTotalTime tells series apart by colour, symbol and dash', () => {
    const styles = plotTotalTime(study).data.filter((trace) => trace.error_y) as unknown as {
      line: { color: string; dash: string }
      marker: { symbol: string }
    }[]
    for (const look of [
      styles.map(({ line }) => line.color),
      styles.map(({ line }) => line.dash),
      styles.map(({ marker }) => marker.symbol),
    ]) {
      expect(new Set(look).size).toBe(2)
    }
    const many = simulateStudy({ ...grid, batchSizes: [1, 2, 3, 4, 5, 6, 7, 8].map((k) => k * 1000) })
    expect(() => plotTotalTime(many)).toThrow('fix a factor with `where`')
  })

  it.each([
    ['plotTotalTime', plotTotalTime],
    ['plotThroughput', plotThroughput],
    ['plotInsertTime', (of: Study) => plotInsertTime(of, { reported })],
    ['plotHeatMap', plotHeatMap],
    ['plotPhases', plotPhases],
    ['plotWorkerSeconds', plotWorkerSeconds],
    ['plotWaterfall', (of: Study) => plotWaterfall(explain(of, change))],
    ['plotTimeline', plotTimeline],
    ['plotBatchLatency', plotBatchLatency],
    ['plotResources', plotResources],
    ['plotRunOrder', plotRunOrder],
    ['plotCauses', (of: Study) => plotCauses(explain(of, change))],
    ['plotClaims', (of: Study) => plotClaims(judgeClaims(readClaims(), of))],
    ['plotBestSets', (of: Study) => plotBestSets(bestWorkers(of))],
    ['plotScaling', (of: Study) => plotScaling(fitScaling(of))],
    ['plotThroughput with scalings', (of: Study) => plotThroughput(of, { scalings: fitScaling(of) })],
    ['plotRequiredBlocks', (of: Study) => plotRequiredBlocks(comparisons(of))],
    ['plotDoseResponse', (of: Study) => plotDoseResponse(of, { workers: [2, 4] })],
  ] as const)('%s of a study without a completed trial is a figure too', (_, plot) => {
    const nothing = simulateStudy({ ...grid, change: broken })
    expect(JSON.stringify(plot(nothing))).not.toMatch(/NaN|Infinity/)
  })

  it('plotContrasts of nothing is a figure too', () => {
    expect(JSON.stringify(plotContrasts([]))).not.toMatch(/NaN|Infinity/)
  })
})
