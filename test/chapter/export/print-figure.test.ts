import { describe, expect, it } from 'vitest'
import { printFigure, printWidthCm } from '../../../src/chapter/export/print-figure.js'

const points = [{ type: 'scatter', y: [1, 2] }]
const bars = [{ type: 'bar', y: [1, 2] }]
const printed = (data: object[], layout: object) => printFigure({ data, layout }, 'Some Font', 'the cell a')
const heightCm = ({ widthCm, layout }: ReturnType<typeof printed>): number => (widthCm * layout.height) / layout.width
/** Points that 14 pixels are printed at. */
const textPt = ({ widthCm, layout }: ReturnType<typeof printed>): number => (14 * (widthCm / 2.54) * 72) / layout.width

describe('printFigure', () => {
  it('takes the title out for the caption, one sentence for each of its lines, without marks', () => {
    const { caption, layout } = printed(points, {
      title: { text: 'Is it <b>so</b>?<br>From 1 &lt; 2 &amp; more<br>' },
      font: { size: 14 },
    })
    expect(caption).toBe('Is it so? From 1 < 2 & more.')
    expect(layout).not.toHaveProperty('title')
    expect(layout.font).toEqual({ size: 14, family: 'Some Font' })
    expect(printed(points, { title: 'Plain' }).caption).toBe('Plain.')
    expect(printed(points, {}).caption).toBe('')
  })

  it('takes what is of another kind than it must be for not given, as Plotly does', () => {
    const odd = { title: { text: 1 }, height: 'x', margin: null, annotations: {}, yaxis: { ticktext: 'x' }, font: 1 }
    expect(printed(points, odd)).toMatchObject({ caption: '', layout: { height: printed(points, {}).layout.height } })
    expect(printed(bars, { yaxis: { ticktext: [1, 2] } }).layout.height).toBeGreaterThan(0)
  })

  it.each([null, 'x', {}, { data: {} }, { data: [null] }])('refuses %o, which is no figure', (figure) => {
    expect(() => printFigure(figure, 'Some Font', 'the cell a')).toThrow(
      'Expected the figure of the cell a to have `data`, a list of traces, got ',
    )
  })

  it('prints text of 14 pixels at 9 points', () => {
    for (const made of [
      printed(points, { height: 460 }),
      printed(bars, { height: 460 }),
      printed(bars, { height: 900 }),
    ])
      expect(textPt(made)).toBeCloseTo(9, 1)
  })

  it('prints one panel of points smaller, and bars, several panels and higher figures as wide as the text', () => {
    expect(printed(points, { height: 460, margin: { t: 75 } }).widthCm).toBe(13)
    expect(printed(bars, { height: 460, margin: { t: 75 } }).widthCm).toBe(printWidthCm)
    expect(printed(points, { height: 460, margin: { t: 75 }, yaxis2: {} }).widthCm).toBe(printWidthCm)
    expect(printed(points, { height: 560, margin: { t: 75 } }).widthCm).toBe(printWidthCm)
  })

  it('leaves no room for the title, but for names of panels', () => {
    const named = { annotations: [{ yref: 'paper', y: 1, text: 'a' }] }
    expect(printed(bars, { height: 400, margin: { t: 90, b: 60 } }).layout).toMatchObject({
      height: 324,
      margin: { t: 14, b: 60 },
    })
    expect(printed(bars, { ...named, height: 400, margin: { t: 90 } }).layout).toMatchObject({
      height: 354,
      margin: { t: 44 },
    })
  })

  it('draws high figures closer together, if their rows keep room for their labels', () => {
    const open = printed(bars, { height: 1000, margin: { t: 14 } })
    expect(heightCm(open)).toBeCloseTo(12 + (1000 / 44.0945 - 12) / 2, 1)
    const rows = Array.from({ length: 18 }, () => 'one<br>two')
    const labelled = printed(bars, { height: 1000, margin: { t: 14 }, yaxis: { ticktext: rows } })
    expect(heightCm(labelled)).toBeCloseTo((18 * 38 + 190) / 44.0945, 1)
  })

  it('shrinks the text of still higher figures, which never exceed a page', () => {
    const high = printed(bars, { height: 1600, margin: { t: 14 } })
    expect(heightCm(high)).toBeCloseTo(21, 1)
    expect(textPt(high)).toBeGreaterThan(7.2)
    expect(textPt(high)).toBeLessThan(9)
    const highest = printed(bars, { height: 5000, margin: { t: 14 } })
    expect(heightCm(highest)).toBeCloseTo(21, 1)
    expect(textPt(highest)).toBeCloseTo(7.2, 1)
  })
})
