import { describe, expect, it } from 'vitest'
import { toldApart } from '../../../src/analysis/figures/dose-response.js'
import { apartLabels, type LabelledPoint } from '../../../src/analysis/figures/drawing/apart-labels.js'
import { type DoseResponseRow, doseResponseRows, plotDoseResponse } from '../../../src/entries/analysis.js'
import { readStudy } from '../../../src/entries/executor.js'
import { wordsOf } from './seen.js'

const studies = ['reference-workers', 'reference-arrangements', 'reference-capacity', 'reference-ahead'].map((name) =>
  readStudy(name),
)
const workers = [2, 4] as const

const estimate = (value: number, half: number | null) => ({
  value,
  interval: half === null ? null : { level: 0.95, lower: value - half, upper: value + half },
  n: 12,
})

const row = (points: number, percent: number, half: number | null = 1): DoseResponseRow => ({
  study: 'made',
  setting: '10K',
  blocks: 12,
  sessions: null,
  fromPercent: 1,
  toPercent: 1 + points,
  changePoints: estimate(points, half),
  moreTimePercent: estimate(percent, half),
})

describe('toldApart', () => {
  it('toldApart counts the pairs whose intervals lie apart in both directions, by their order', () => {
    expect(toldApart([row(0, 0), row(5, 5), row(10, 10)])).toEqual({ alike: 3, opposite: 0 })
    expect(toldApart([row(0, 10), row(5, 5), row(10, 0)])).toEqual({ alike: 0, opposite: 3 })
    expect(toldApart([row(0, 0), row(1, 10), row(10, 1)])).toEqual({ alike: 0, opposite: 1 })
    expect(toldApart([row(0, 0), row(10, 10, null)])).toEqual({ alike: 0, opposite: 0 })
    expect(toldApart([])).toEqual({ alike: 0, opposite: 0 })
  })
})

describe('plotDoseResponse', () => {
  const figure = plotDoseResponse(studies, { workers })
  const rows = doseResponseRows(studies, { workers })

  it('plotDoseResponse has a trace per study, with both intervals, and a number per setting', () => {
    const { data, layout } = figure
    expect(data.map(({ x }) => (x as readonly number[]).length)).toEqual([3, 6, 3, 4])
    expect(data.flatMap(({ x }) => x)).toEqual(rows.map(({ changePoints }) => changePoints.value))
    expect(data.flatMap(({ y }) => y)).toEqual(rows.map(({ moreTimePercent }) => moreTimePercent.value))
    for (const { error_x, error_y } of data as unknown as {
      error_x: { array: number[] }
      error_y: { array: number[] }
    }[])
      for (const { array } of [error_x, error_y]) expect(Math.min(...array)).toBeGreaterThan(0)
    expect((layout.annotations as { text: string }[]).map(({ text }) => text)).toEqual(
      rows.map((_, k) => String(k + 1)),
    )
    const key = data.map(({ name }) => String(name).replaceAll('<br>', ' ')).join(' ')
    for (const [k, { setting }] of rows.entries()) expect(key).toContain(`${k + 1}:\u00a0${setting}`)
  })

  it('plotDoseResponse has zero, and every setting, within its axes', () => {
    const { xaxis, yaxis } = figure.layout as unknown as Record<'xaxis' | 'yaxis', { range: [number, number] }>
    for (const value of [0, ...rows.map(({ changePoints }) => changePoints.value)]) {
      expect(value).toBeGreaterThan(xaxis.range[0])
      expect(value).toBeLessThan(xaxis.range[1])
    }
    for (const value of [0, ...rows.map(({ moreTimePercent }) => moreTimePercent.value)]) {
      expect(value).toBeGreaterThan(yaxis.range[0])
      expect(value).toBeLessThan(yaxis.range[1])
    }
  })

  it('plotDoseResponse says how many pairs go which way, or that none do', () => {
    const { alike, opposite } = toldApart(rows)
    expect(alike + opposite).toBeGreaterThan(0)
    expect(wordsOf(figure)).toContain(`: ${alike} lose more with more lock waits, ${opposite} lose less.`)
    expect(wordsOf(plotDoseResponse(studies[0]!, { workers }))).toContain('No two settings differ')
    const nothing = { ...studies[0]!, trials: [] }
    expect(wordsOf(plotDoseResponse(nothing, { workers }))).toContain('Nothing to draw')
  })
})

describe('apartLabels', () => {
  const at = (x: number, y: number, bar = 40): LabelledPoint => ({
    x: { at: x, from: x - bar, to: x + bar },
    y: { at: y, from: y - bar, to: y + bar },
    width: 17,
    height: 13,
  })

  it('apartLabels places labels of near points apart from each other and from all points, at each height', () => {
    const points = [at(100, 100), at(104, 103), at(112, 100), at(100, 112), at(118, 112), at(60, 100)]
    const shifts = apartLabels(points, [1, 0.6])
    for (const stretch of [1, 0.6]) {
      const labels = points.map(({ x, y }, k) => ({ x: x.at + shifts[k]!.x, y: y.at * stretch + shifts[k]!.y }))
      for (const [k, one] of labels.entries()) {
        for (const other of labels.slice(k + 1))
          expect(Math.abs(one.x - other.x) >= 17 || Math.abs(one.y - other.y) >= 13).toBe(true)
        for (const { x, y } of points)
          expect(Math.abs(one.x - x.at) >= 8.5 + 6 || Math.abs(one.y - y.at * stretch) >= 6.5 + 6).toBe(true)
      }
    }
  })

  it('apartLabels keeps a lone label off its own error bars, and labels all of one place somewhere', () => {
    const [alone] = apartLabels([at(0, 0)])
    expect(Math.abs(alone!.x)).toBeGreaterThan(8.5)
    expect(Math.abs(alone!.y)).toBeGreaterThan(6.5)
    expect(apartLabels(Array.from({ length: 200 }, () => at(0, 0)))).toHaveLength(200)
    expect(apartLabels([])).toEqual([])
  })
})
