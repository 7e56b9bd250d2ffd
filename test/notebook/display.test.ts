import { afterEach, expect, test, vi } from 'vitest'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { checkStudy, compare, phrase, summarise, trialsFrame, wordsOf } from '../../src/entries/analysis.js'
import {
  interruptible,
  liveProgress,
  say,
  show,
  showMarkdown,
  showNumbers,
  showTable,
} from '../../src/notebook/display.js'
import { figureDisplay, plotlyMime } from '../../src/notebook/figure-display.js'
import { numbersMime } from '../../src/notebook/handed-on/shown-numbers.js'
import type { Progress } from '../../src/study/study.js'
import { shownBy } from './shown-by.js'

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

const study = simulateStudy({ blocks: 8, noise: 0.02, truth: ({ workers }) => ({ totalMs: 4000 / workers }) })
const dataOf = (cell: () => void) => {
  const [output, ...others] = shownBy(cell)
  expect(others).toEqual([])
  return (output as { data: Record<string, unknown> }).data
}

test('say lists the sentences of results, phrases and text, each with its numbers', () => {
  const answer = compare(study, { a: { workers: 2 }, b: { workers: 4 } })
  const [words] = wordsOf(answer)
  const data = dataOf(() => say(answer, ['Plain.', [phrase`So: ${words!}`]], answer.controls, null, undefined))
  expect(data['text/markdown']).toBe(`- ${words!.text}\n- Plain.\n- So: ${words!.text}`)
  expect(data['text/plain']).toBe(data['text/markdown'])
  expect(data[numbersMime]).toEqual([
    { of: 'sentence', numbers: words!.numbers },
    { of: 'sentence', numbers: [] },
    { of: 'sentence', numbers: words!.numbers },
  ])
})

test('say says nothing where there is nothing to say, and refuses what has no words', () => {
  expect(shownBy(() => say(checkStudy(study), [], null))).toEqual([])
  expect(printed(() => say('a', ['b']))).toEqual(['- a\n- b'])
  expect(() => say({ estimate: 4.4 } as never)).toThrow(
    'Expected results of copylab/analysis, phrases or text to say, got {"estimate":4.4}',
  )
})

test('showTable shows rows and frames as HTML and as Markdown, with the numbers of the cells', () => {
  const options = { caption: 'Total time, ms', columns: ['treatmentLabel', 'n', 'geometricMean'] }
  const rows = summarise(study)
  const data = dataOf(() => showTable(rows, options))
  expect(data['text/html']).toContain('<caption')
  expect(data['text/markdown']).toMatch(/^\| treatmentLabel \| n \| geometricMean \|\n.*\nTable: Total time, ms$/s)
  expect(data['text/plain']).toContain('treatmentLabel | n | geometricMean')
  const [{ of, numbers }] = data[numbersMime] as [{ of: string; numbers: { name: string; text: string }[] }]
  expect(of).toBe('table')
  const { value, interval } = rows[0]!.geometricMean!
  expect(numbers.slice(0, 5)).toEqual([
    expect.objectContaining({ name: '1.treatmentLabel.1', text: '2', value: 2 }),
    { name: '1.n', text: '8', value: 8, meaning: 'n, 2 workers' },
    expect.objectContaining({ name: '1.geometricMean', value, meaning: 'geometricMean, 2 workers' }),
    expect.objectContaining({ name: '1.geometricMean.lower', value: interval!.lower }),
    expect.objectContaining({ name: '1.geometricMean.upper', value: interval!.upper }),
  ])
  for (const { text } of numbers) expect(data['text/markdown']).toContain(text)
  const frame = dataOf(() => showTable(trialsFrame(study).head(2), { columns: ['trial', 'workers'] }))
  expect(frame['text/markdown']).toMatch(/^\| trial \| workers \|\n/)
  expect(frame['text/html']).toContain('<table')
})

test('showTable takes tables that are written already, which bring no numbers', () => {
  expect(dataOf(() => showTable('<table></table>'))).toEqual({ 'text/html': '<table></table>', 'text/plain': '' })
  const given = { html: '<table></table>', markdown: '| a |', text: 'a' }
  expect(dataOf(() => showTable(given))).toEqual({
    'text/html': '<table></table>',
    'text/markdown': '| a |',
    'text/plain': 'a',
  })
})

test('show hands on the numbers of the title, and showNumbers those of plain values', () => {
  const figure = { data: [], layout: { title: { text: '<b>How fast?</b><br>30 blocks, 95 % intervals' } } }
  expect(dataOf(() => show(figure))[numbersMime]).toMatchObject([
    {
      of: 'figure',
      numbers: [
        { name: 'caption.1', text: '30' },
        { name: 'caption.2', text: '95' },
      ],
    },
  ])
  const data = dataOf(() => showNumbers({ flights: { year: 2001, of: 'BTS' }, shares: [0.25] }))
  expect(data[numbersMime]).toMatchObject([
    {
      of: 'settings',
      numbers: [
        { name: 'flights.year', text: '2,001' },
        { name: 'flights.year.plain', text: '2001' },
        { name: 'shares.1', text: '0.25' },
        { name: 'shares.1.percent', text: '25' },
      ],
    },
  ])
  expect(data['text/plain']).toBe('4 numbers that the text may mention')
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
    warning: null,
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
  const defaults = { responsive: true, displaylogo: false }
  const title = { text: '<b>How fast: 2 vs 4?</b><br><span>30 blocks</span>' }
  expect(config({ title })).toEqual({
    ...defaults,
    toImageButtonOptions: { format: 'svg', filename: 'how-fast-2-vs-4' },
  })
  expect(config({})).toEqual({ ...defaults, toImageButtonOptions: { format: 'svg', filename: 'figure' } })
  expect(config({}, { toImageButtonOptions: { format: 'png' } })).toEqual({
    ...defaults,
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
