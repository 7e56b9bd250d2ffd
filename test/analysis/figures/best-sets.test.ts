import { describe, expect, it } from 'vitest'
import { bestSetGroups } from '../../../src/analysis/figures/best-sets.js'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { bestWorkers, plotBestSets } from '../../../src/entries/analysis.js'
import { wordsOf } from './seen.js'

/** Two workers are best at 10K, four at 20K, by far. */
const truth = ({ workers, batchSize }: { workers: number; batchSize: number }) => ({
  totalMs: 1000 + 500 * Math.abs(Math.log2(workers / (batchSize / 5000))),
})
const options = { workers: [1, 2, 4], batchSizes: [10_000, 20_000], noise: 0.02, truth, seed: 2 }
const study = simulateStudy({ ...options, blocks: 8 })
const sets = bestWorkers(study)

describe('bestSetGroups', () => {
  it('bestSetGroups has every candidate of each set under its heading, with the intervals of bestSet', () => {
    const groups = bestSetGroups(sets)
    expect(groups.map(({ heading, note }) => [heading, note])).toEqual([
      ['at 10K', '8 blocks, 95 % sure of all at once'],
      ['at 20K', '8 blocks, 95 % sure of all at once'],
    ])
    expect(groups.map(({ rows }) => rows.map(({ isBest }) => isBest))).toEqual([
      [false, true, false],
      [false, false, true],
    ])
    for (const [k, { rows }] of groups.entries()) {
      expect(rows.map(({ toBestOther }) => toBestOther)).toEqual(sets[k]!.candidates.map((one) => one.toBestOther))
    }
  })

  it('bestSetGroups names metric and direction where they differ', () => {
    const groups = bestSetGroups([
      ...sets.slice(0, 1),
      ...bestWorkers(study, { metric: 'recordsPerSecond' }).slice(0, 1),
    ])
    expect(groups.map(({ heading }) => heading)).toEqual([
      'at 10K, total time: less is better',
      'at 10K, throughput: more is better',
    ])
  })

  it('bestSetGroups tells no set below the sample floor, and says why', () => {
    const few = bestSetGroups(bestWorkers(simulateStudy({ ...options, blocks: 2 })))
    expect(few[0]!.note).toBe('a best set needs at least 6 complete blocks, there are 2')
    expect(few[0]!.rows.map(({ isBest }) => isBest)).toEqual([null, null, null])
  })
})

describe('plotBestSets', () => {
  it('plotBestSets fills the symbols of those that may be the best, and of no others', () => {
    const { data, layout } = plotBestSets(sets)
    const filled = data.find(({ name }) => name === 'may be the best')!
    const open = data.find(({ name }) => name === 'shown to be worse than the best')!
    expect([filled, open].map(({ marker }) => (marker as { symbol: string }).symbol)).toEqual(['circle', 'circle-open'])
    expect([filled, open].map(({ y }) => y)).toEqual([
      [2, 7],
      [1, 3, 5, 6],
    ])
    expect((layout.xaxis as { title: { text: string } }).title.text).toBe(
      'total time as a multiple of the best other (less is better)',
    )
  })

  it('plotBestSets has the direction of its metric on the axis', () => {
    const { layout } = plotBestSets(bestWorkers(study, { metric: 'recordsPerSecond' }))
    expect((layout.xaxis as { title: { text: string } }).title.text).toContain('(more is better)')
  })

  it('plotBestSets has a line at 1 in the rows of candidates only, and words in the others', () => {
    const { layout } = plotBestSets(sets)
    const shapes = layout.shapes as { type: string; y0: number }[]
    expect(shapes.filter(({ type }) => type === 'line').map(({ y0 }) => y0 + 0.5)).toEqual([1, 2, 3, 5, 6, 7])
    expect(shapes.filter(({ type }) => type === 'rect').map(({ y0 }) => Math.round(y0 + 0.45))).toEqual([0, 4])
  })

  it('plotBestSets of nothing is a figure too', () => {
    expect(wordsOf(plotBestSets([]))).toContain('Nothing to draw')
    const one = bestWorkers(simulateStudy({ ...options, blocks: 1 }))
    expect(JSON.stringify(plotBestSets(one))).not.toMatch(/NaN|Infinity/)
  })
})
