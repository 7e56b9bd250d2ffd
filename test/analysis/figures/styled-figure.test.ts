import { expect, test } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { printFigure } from '../../../src/chapter/export/print-figure.js'
import { plotTotalTime } from '../../../src/entries/analysis.js'
import { type PlainFigure, styledFigure } from '../../../src/entries/notebook.js'

const traces = [
  { type: 'scatter', x: [1, 2], y: [3, 4], name: 'a' },
  { type: 'scatter', x: [1, 2], y: [3, 4], name: 'b' },
]

test('styledFigure gives a figure the letters, colours, title and size that those of copylab have', () => {
  const own = styledFigure({ data: traces, layout: { title: '<b>How long?</b><br>Nine batches' } })
  const ours = plotTotalTime(simulateStudy({ truth: () => ({ totalMs: 1_000 }) }))
  const template = own.layout.template as { layout: Record<string, unknown>; data: { scatter: object[] } }
  for (const style of ['font', 'legend', 'paper_bgcolor', 'plot_bgcolor', 'hovermode']) {
    expect(template.layout[style], style).toEqual(ours.layout[style])
  }
  const { text, ...style } = own.layout.title as { text: string }
  const { text: _, ...oursStyle } = ours.layout.title as { text: string }
  expect(text).toBe('<b>How long?</b><br><span style="font-size:13px">Nine batches</span>')
  expect({ ...style, y: 0 }).toEqual({ ...oursStyle, y: 0 })
  expect(template.layout.colorway).toHaveLength(7)
  expect(template.data.scatter[1]).toMatchObject({ marker: { symbol: 'square' }, line: { dash: 'dash' } })
  expect(own).toMatchObject({ layout: { height: 460, margin: { t: 75 } }, config: ours.config, data: traces })
})

test('styledFigure leaves what a figure says of itself, but for a template', () => {
  const layout = {
    title: { text: 'Q', subtitle: { text: 'below' }, font: { size: 30 } },
    height: 300,
    margin: { l: 5 },
    xaxis: { title: { text: 'time (ms)' }, type: 'log' },
    template: { layout: { font: { family: 'Comic' } } },
  }
  const styled = styledFigure({ data: traces, layout, config: { staticPlot: true } })
  expect(styled.layout).toMatchObject({ height: 300, margin: { l: 5, r: 24 }, xaxis: layout.xaxis })
  expect(styled.layout.title).toMatchObject({
    text: '<b>Q</b><br><span style="font-size:13px">below</span>',
    font: { size: 30 },
  })
  expect(JSON.stringify(styled.layout.template)).not.toContain('Comic')
  expect(styled.config).toMatchObject({ staticPlot: true, displaylogo: false })
  expect(printFigure(styled, 'Font', 'the cell a').caption).toBe('Q. below.')
})

test('styledFigure takes titles of axes as plain text, which Plotly no longer does', () => {
  const { layout } = styledFigure({
    data: traces,
    layout: { yaxis: { title: 'ms', type: 'log' }, xaxis2: { title: 'x' } },
  })
  expect(layout).toMatchObject({ yaxis: { title: { text: 'ms' }, type: 'log' }, xaxis2: { title: { text: 'x' } } })
})

test.each([
  [undefined, 'got nothing'],
  [[1], 'got [1]'],
  [{ layout: {} }, 'got as its `data` nothing'],
  [{ data: [3] }, 'got as a trace 3'],
  [{ data: [], layout: 'x' }, 'got as its `layout` "x"'],
])('styledFigure refuses %j', (given, message) => {
  expect(() => styledFigure(given as unknown as PlainFigure)).toThrow(message)
})
