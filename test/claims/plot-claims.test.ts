import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { claimRows } from '../../src/claims/plot-claims.js'
import { type ClaimVerdict, judgeClaims, plotClaims, readClaims } from '../../src/entries/analysis.js'
import { wordsOf } from '../analysis/figures/seen.js'

const claims = readClaims()
const study = simulateStudy({
  workers: [1, 2, 3, 4],
  batchSizes: [10_000, 20_000, 30_000],
  blocks: 8,
  noise: 0.02,
  seed: 4,
  truth: ({ workers, batchSize }) => ({
    totalMs: 1000 * { 1: 11, 2: 9, 3: 9.1, 4: 10 }[workers as 1 | 2 | 3 | 4],
    insertMs: 1500 + batchSize / 10,
  }),
})
const verdicts = judgeClaims(claims, study)
const rows = claimRows(verdicts)
const rowOf = (id: string) => rows.find(({ label }) => label.startsWith(`${id} `))!

/** A claim about a ratio, to be changed. */
const stated: ClaimVerdict = {
  ...verdicts.find(({ id }) => id === 'C1')!,
  estimate: { value: 0.9, interval: { level: 0.95, lower: 0.88, upper: 0.92 }, n: 8 },
  band: { lower: 0.85, upper: 0.95 },
  verdict: 'supported',
  word: 'supported',
}

describe('claimRows', () => {
  it('claimRows has every claim in its order, with the ratio and the band of those about ratios', () => {
    expect(rows.map(({ label }) => label.split(' ')[0])).toEqual(claims.claims.map(({ id }) => id))
    const { ratio, band, words } = rowOf('C1')
    expect(ratio!.value).toBeCloseTo(0.9, 1)
    expect(band).toEqual({ lower: 0.85, upper: 0.95 })
    expect(words).toBeNull()
    expect(rowOf('C9').estimates).toBe(2)
  })

  it('claimRows has words where the estimate is no ratio', () => {
    for (const id of ['C8a', 'C10', 'C14']) {
      expect(rowOf(id)).toMatchObject({ ratio: null, band: null, words: 'best set, no interval' })
    }
    const estimate = { value: 0.031, interval: { level: 0.95, lower: -0.01, upper: 0.0724 }, n: 8 }
    const peak = { value: 4.31, interval: { level: 0.95, lower: 3.9, upper: Number.POSITIVE_INFINITY }, n: 8 }
    const found = claimRows([
      { ...stated, scale: 'share', estimate },
      { ...stated, scale: 'share', estimate: null },
      { ...stated, scale: 'workers', estimate: peak },
      { ...stated, scale: 'workers', estimate: null },
      { ...stated, estimate: null },
      { ...stated, test: null, scale: null, estimate: null },
    ])
    expect(found.map(({ words }) => words)).toEqual([
      'change of a share: +3.1 [−1.0, +7.2] points',
      'the share is not known',
      'peak at 4.3 workers (95 % CI 3.9 to no bound)',
      'no peak',
      'no ratio: no block has both values',
      'not measured',
    ])
    expect(found.every(({ ratio }) => ratio === null)).toBe(true)
  })

  it('claimRows of a study without the treatments says that nothing was measured', () => {
    const other = simulateStudy({ workers: [5, 6], truth: () => ({ totalMs: 1000 }) })
    expect(claimRows(judgeClaims(claims, other))[0]).toMatchObject({ words: 'not measured', blocks: 0 })
  })
})

describe('plotClaims', () => {
  it('plotClaims draws ratios on the axis of ratios, and no others', () => {
    const { data } = plotClaims(verdicts)
    const onAxis = data.filter((trace) => trace.xaxis === undefined && trace.error_x).flatMap(({ y }) => y as number[])
    expect(onAxis.sort((a, b) => a - b)).toEqual(rows.flatMap(({ ratio }, y) => (ratio ? [y] : [])))
    const marks = data.filter((trace) => trace.xaxis === 'x2').flatMap(({ y }) => y as number[])
    expect(marks.sort((a, b) => a - b)).toEqual(rows.flatMap(({ ratio }, y) => (ratio ? [] : [y])))
  })

  it('plotClaims tells verdicts apart by colour and by symbol, each once in the legend', () => {
    const all = (['supported', 'refuted', 'equivalent', 'undecided'] as const).flatMap((verdict): ClaimVerdict[] => [
      { ...stated, verdict },
      { ...stated, verdict, scale: null, estimate: null },
    ])
    const { data } = plotClaims(all)
    const named = data.filter(({ showlegend }) => showlegend !== false)
    expect(named.map(({ name }) => name)).toEqual(['supported', 'refuted', 'equivalent', 'undecided'])
    const markers = named.map(({ marker }) => marker as { color: string; symbol: string })
    expect(new Set(markers.map(({ color }) => color)).size).toBe(4)
    expect(new Set(markers.map(({ symbol }) => symbol)).size).toBe(4)
  })

  it('plotClaims writes the ratio, its interval and the verdict next to each row, and that it is one of several', () => {
    const { layout } = plotClaims([
      stated,
      { ...stated, estimates: 3 },
      { ...stated, test: null, scale: null, blocks: 0 },
    ])
    const texts = (layout.annotations as { text: string }[]).map(({ text }) => text)
    expect(texts).toContain('0.90 [0.88, 0.92]<br><i>supported</i><br>95 %, 8 blocks')
    expect(texts).toContain('<i>supported</i>')
    const [alone, several] = (layout.yaxis as { ticktext: string[] }).ticktext
    expect(several!.replaceAll('<br>', ' ')).toBe(`${alone!.replaceAll('<br>', ' ')} (first of 3 ratios)`)
  })

  it('plotClaims ends intervals where the axis does, with an arrow head, so that the others are not squeezed', () => {
    const wild = { value: 1, interval: { level: 0.95, lower: 0, upper: Number.POSITIVE_INFINITY }, n: 2 }
    const { data, layout } = plotClaims([stated, { ...stated, estimate: wild }])
    const [least, most] = (layout.xaxis as { range: number[] }).range.map((power) => 10 ** power) as [number, number]
    expect(most / least).toBeLessThan(4)
    const heads = data.at(-1)!
    expect((heads.marker as { symbol: string[] }).symbol).toEqual(['triangle-left', 'triangle-right'])
    expect(heads.x).toEqual([expect.closeTo(least, 9), expect.closeTo(most, 9)])
    const bars = data[0]!.error_x as { array: number[]; arrayminus: number[] }
    expect(bars.array[1]).toBeCloseTo(most - 1, 9)
    expect(bars.arrayminus[1]).toBeCloseTo(1 - least, 9)
  })

  it('plotClaims of no claim is a figure too', () => {
    expect(wordsOf(plotClaims([]))).toContain('Nothing to draw: no claims.')
  })
})
