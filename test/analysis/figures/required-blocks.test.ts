import { describe, expect, it } from 'vitest'
import { requiredBlocksSeries } from '../../../src/analysis/figures/required-blocks.js'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { requiredBlocks } from '../../../src/analysis/statistics/required-blocks.js'
import { compare, plotRequiredBlocks } from '../../../src/entries/analysis.js'
import { wordsOf } from './seen.js'

const study = simulateStudy({ workers: [1, 2, 4], blocks: 12, noise: 0.05, truth: () => ({ totalMs: 1000 }) })
const claimed = compare(study, { a: { workers: 2 }, b: { workers: 4 }, claim: { fasterBy: [0.06, null] } })
const open = compare(study, { a: { workers: 1 }, b: { workers: 4 } })

describe('requiredBlocksSeries', () => {
  const [first, second] = requiredBlocksSeries([claimed, open])

  it('requiredBlocksSeries has the blocks of requiredBlocks at 90 % power, no fewer than a verdict needs', () => {
    expect([first!.points[0]!.effect, first!.points.at(-1)!.effect]).toEqual([0.01, expect.closeTo(0.2, 9)])
    for (const { effect, blocks } of first!.points) {
      expect(blocks).toBe(Math.max(6, requiredBlocks({ sd: claimed.sd!, effect, power: 0.9 })))
    }
    expect(first!.points.at(-1)!.blocks).toBe(6)
  })

  it('requiredBlocksSeries needs at the least difference what the comparison says', () => {
    expect(first).toMatchObject({ least: 0.06, minIs: 'claim', atLeast: claimed.blocksToDecide, blocks: 12 })
    expect(second).toMatchObject({ least: 0.02, minIs: 'margin', atLeast: open.blocksToDecide })
  })

  it('requiredBlocksSeries leaves out what has no spread, and has no number beyond a million', () => {
    expect(requiredBlocksSeries([{ ...open, sd: null }])).toEqual([])
    expect(requiredBlocksSeries([{ ...open, sd: 50 }])[0]!.points[0]!.blocks).toBeNull()
  })
})

describe('plotRequiredBlocks', () => {
  const { data, layout } = plotRequiredBlocks([claimed, open])

  it('plotRequiredBlocks has a line at the blocks there are, once, and one at each least difference', () => {
    const shapes = layout.shapes as { y0: number; y1: number; x0: number; x1: number }[]
    expect(shapes.filter(({ y0, y1 }) => y0 === y1).map(({ y0 }) => y0)).toEqual([12])
    expect(shapes.filter(({ x0, x1 }) => x0 === x1).map(({ x0 }) => x0)).toEqual([0.02, 0.06])
    const texts = (layout.annotations as { text: string }[]).map(({ text }) => text)
    expect(texts).toEqual(['12 blocks', 'margin 2 %', 'claim 6 %'])
  })

  it('plotRequiredBlocks has logarithmic axes and marks what is needed at the least difference', () => {
    expect(layout).toMatchObject({ xaxis: { type: 'log' }, yaxis: { type: 'log' } })
    expect(data[1]).toMatchObject({ x: [0.06], y: [claimed.blocksToDecide] })
  })

  it('plotRequiredBlocks names close counts of blocks once', () => {
    const close = plotRequiredBlocks([claimed, { ...open, blocks: 13 }, { ...open, blocks: 60 }])
    const texts = (close.layout.annotations as { text: string }[]).map(({ text }) => text)
    expect(texts.slice(0, 2)).toEqual(['12 blocks', '60 blocks'])
  })

  it('plotRequiredBlocks says why it is empty, and what is left out', () => {
    expect(wordsOf(plotRequiredBlocks([]))).toContain('Nothing to draw')
    expect(wordsOf(plotRequiredBlocks([open, { ...open, sd: null }]))).toContain('Left out: 1 comparison')
  })
})
