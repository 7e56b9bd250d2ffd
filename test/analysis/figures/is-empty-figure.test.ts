import { expect, it } from 'vitest'
import { isEmptyFigure } from '../../../src/analysis/figures/drawing/is-empty-figure.js'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import type { Figure } from '../../../src/entries/analysis.js'
import {
  bestWorkers,
  compare,
  explain,
  fitScaling,
  judgeClaims,
  plotBatchLatency,
  plotBestSets,
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
import { wordsOf } from './seen.js'

const simulated = (more: Partial<SimulateOptions> = {}): Study =>
  simulateStudy({
    workers: [1, 2, 4],
    batchSizes: [10_000, 20_000],
    blocks: 6,
    noise: 0.05,
    truth: ({ workers }) => ({ totalMs: 8000 + 12_000 / workers }),
    ...more,
  })

const pair = (study: Study) =>
  compare(study, { a: { workers: 1, batchSize: 10_000 }, b: { workers: 2, batchSize: 10_000 } })

const plots: { readonly [name: string]: (study: Study) => Figure } = {
  plotBatchLatency,
  plotBestSets: (study) => plotBestSets(bestWorkers(study)),
  plotContrasts: (study) => plotContrasts([pair(study)]),
  plotDoseResponse: (study) => plotDoseResponse(study, { workers: [1, 2] }),
  plotHeatMap: (study) => plotHeatMap(study, { metric: 'totalMs' }),
  plotInsertTime: (study) => plotInsertTime(study, { workers: 2 }),
  plotPhases,
  plotRequiredBlocks: (study) => plotRequiredBlocks([pair(study)]),
  plotResources,
  plotRunOrder,
  plotScaling: (study) => plotScaling(fitScaling(study)),
  plotThroughput,
  plotTimeline: (study) => plotTimeline(study, { where: { workers: 2, batchSize: 10_000 } }),
  plotTotalTime,
  plotWaterfall: (study) =>
    plotWaterfall(explain(study, { from: { workers: 1, batchSize: 10_000 }, to: { workers: 2, batchSize: 10_000 } })),
  plotWorkerSeconds,
}

const nothing: Study = { ...simulated(), trials: [] }

it.each(Object.keys(plots))('isEmptyFigure tells a %s without a trial from one with trials', (name) => {
  expect(isEmptyFigure(plots[name]!(simulated()))).toBe(false)
  expect(isEmptyFigure(plots[name]!(nothing))).toBe(true)
})

it('isEmptyFigure is true of what one block cannot fill, and says of all that is empty that there is nothing to draw', () => {
  const one = simulated({ blocks: 1 })
  const empty = Object.keys(plots).filter((name) => isEmptyFigure(plots[name]!(one)))
  expect(empty).toEqual(['plotBestSets', 'plotRequiredBlocks'])
  for (const name of empty) expect(wordsOf(plots[name]!(one))).toContain('Nothing to draw')
  expect(isEmptyFigure(plotClaims(judgeClaims(readClaims(), [simulated()])))).toBe(false)
  expect(isEmptyFigure(plotClaims([]))).toBe(true)
})
