import { afterEach, expect, test, vi } from 'vitest'
import { interruptible, liveProgress, show, showMarkdown, showTable } from '../../src/notebook/display.js'
import { figureDisplay, plotlyMime } from '../../src/notebook/figure-display.js'
import type { Progress } from '../../src/study/study.js'

afterEach(() => vi.restoreAllMocks())

function printed(task: () => void): string[] {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  task()
  return log.mock.calls.map(([text]) => String(text))
}

test('outside of a kernel show, showTable and showMarkdown print plain text', () => {
  const table = '<table><tr><th>workers</th><th>ms</th></tr><tr><td>2</td><td>1,385&nbsp;&lt;</td></tr></table>'
  const shown = printed(() => {
    show({ data: [], layout: { title: { text: 'Throughput<br>by <b>workers</b>' } } })
    showTable(table)
    showTable({ html: table, text: 'given' })
    showMarkdown('**4** workers')
  })
  expect(shown).toEqual(['[figure] Throughput - by workers', 'workers | ms\n2 | 1,385 <', 'given', '**4** workers'])
})

test('show throws for what is no figure', () => {
  expect(() => show({ layout: {} } as never)).toThrow('Expected a figure')
})

test('outside of a kernel liveProgress prints a line for each trial that ends and one at the end', () => {
  let now = 0
  const progress = {
    study: 's',
    stage: 'measured',
    done: 0,
    total: 1,
    etaMs: null,
    message: 'm',
    trial: null,
    interim: null,
    stored: null,
  } as Progress
  const shown = printed(() => {
    const onProgress = liveProgress({ clock: () => now })
    onProgress(progress)
    now = 2_000
    onProgress({ ...progress, done: 1, trial: {} as Progress['trial'] })
    onProgress({ ...progress, stage: 'done', done: 1 })
  })
  expect(shown).toEqual(['m - 1 of 1 trial', '1 trial measured now in 2 s'])
})

test('figureDisplay is the same for the same figure, holds it whole and does not hold plotly.js', () => {
  const figure = { data: [{ y: [1, 2], text: '</script>' }], layout: { height: 300 } }
  const bundle = figureDisplay(figure, '/p/node_modules/plotly.js-dist-min/plotly.min.js')
  expect(bundle).toEqual(figureDisplay(structuredClone(figure), '/p/node_modules/plotly.js-dist-min/plotly.min.js'))
  expect(bundle.data[plotlyMime]).toMatchObject(figure)
  const html = String(bundle.data['text/html'])
  expect(html.length).toBeLessThan(3_000)
  expect(html.match(/<\/script>/g)).toHaveLength(1)
  // What is left where scripts are taken out.
  expect(html.replace(/<script>[\s\S]*<\/script>/, '')).toContain(
    '[figure] untitled: run the cell to draw it, or trust the notebook.',
  )
})

test('figureDisplay names the file that the camera button writes, an SVG, by the title, unless the figure does', () => {
  const config = (layout: object, given = {}): object => {
    const { data } = figureDisplay({ data: [], layout, config: given }, '/p/plotly.min.js')
    return (data[plotlyMime] as { config: object }).config
  }
  const usual = { responsive: true, displaylogo: false }
  const title = { text: '<b>How fast: 2 vs 4?</b><br><span>30 blocks</span>' }
  expect(config({ title })).toEqual({
    ...usual,
    toImageButtonOptions: { format: 'svg', filename: 'how-fast-2-vs-4' },
  })
  expect(config({})).toEqual({ ...usual, toImageButtonOptions: { format: 'svg', filename: 'figure' } })
  expect(config({}, { toImageButtonOptions: { format: 'png' } })).toEqual({
    ...usual,
    toImageButtonOptions: { format: 'png' },
  })
})

test('interruptible aborts its signals on SIGINT, with one listener in all, and removes it', async () => {
  const before = process.listeners('SIGINT')
  const signals = [interruptible(), interruptible(), interruptible()]
  await null
  expect(process.listenerCount('SIGINT') - before.length).toBe(1)
  const ours = process.listeners('SIGINT').find((listener) => !before.includes(listener))
  ours?.('SIGINT')
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true])
  expect(process.listeners('SIGINT')).toEqual(before)
})
