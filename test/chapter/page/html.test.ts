import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { withBrowser } from '../../../src/chapter/browser.js'
import { type CodeCell, type Notebook, notebookHtml, type Output, writeHtml } from '../../../src/entries/chapter.js'
import { figureDisplay } from '../../../src/notebook/figure-display.js'
import { scriptJson } from '../../../src/notebook/html-text.js'

const plotly = fileURLToPath(new URL('../../../node_modules/plotly.js-dist-min/plotly.min.js', import.meta.url))
const figure = { data: [{ y: [1, 3, 2], name: '</script><b>' }], layout: { title: { text: 'One' }, width: 3_000 } }
const shown = (data: Record<string, unknown>): Output => ({
  output_type: 'display_data',
  data: data as never,
  metadata: {},
})
const cell = (source: string, outputs: Output[]): CodeCell => {
  return { cell_type: 'code', id: 'c', metadata: {}, source, execution_count: 1, outputs }
}
const notebook: Notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    { cell_type: 'markdown', id: 'm', metadata: {}, source: '# Workers & \\<batches>\n\n## First part\n\nText.' },
    cell('show(one)', [shown(figureDisplay(figure, plotly).data)]),
    cell('show(two)', [shown(figureDisplay({ data: [{ type: 'bar', y: [2, 1] }] }, plotly).data)]),
    cell('showTable()', [shown({ 'text/html': '<table id="t"><tr><td>1</td></tr></table>', 'text/plain': '1' })]),
    cell('draw()', [shown({ 'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' })]),
    cell('if (a < b) {}', [
      { output_type: 'stream', name: 'stdout', text: 'a <b> c\n' },
      {
        output_type: 'error',
        ename: 'RangeError',
        evalue: 'no',
        traceback: ['\u001b[1;31mRangeError\u001b[0m: no', '    in x()'],
      },
    ]),
  ],
}

/** Requests of the page for anything that it does not hold, and its complaints. */
function watch(page: Page): string[] {
  const seen: string[] = []
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url())) seen.push(request.url())
  })
  page.on('console', (message) => seen.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => seen.push(error.message))
  return seen
}

test('writeHtml makes one page that draws every figure from a file, fits its window and asks for nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'copylab-html-'))
  try {
    const path = join(folder, 'page.html')
    await writeHtml(notebook, path)
    await withBrowser(async (browser) => {
      const page = await browser.newPage({ viewport: { width: 400, height: 800 } })
      const seen = watch(page)
      await page.goto(pathToFileURL(path).href)
      await page.locator('.figure >> nth=1').locator('.main-svg >> nth=0').waitFor()
      expect(await page.locator('.js-plotly-plot').count()).toBe(2)
      expect(await page.locator('.gtitle').first().textContent()).toBe('One')
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400)
      expect(await page.title()).toBe('Workers & <batches>')
      expect(await page.locator('nav a').getAttribute('href')).toBe('#first-part')
      expect(await page.locator('nav details[open]').count()).toBe(0)
      expect(await page.locator('#t td').textContent()).toBe('1')
      expect(await page.evaluate('document.querySelector(".output > img").naturalWidth')).toBe(9)
      expect(await page.locator('pre.stdout').textContent()).toBe('a <b> c\n')
      expect(await page.locator('pre.error').textContent()).toBe('RangeError: no\n    in x()')
      expect(await page.locator('details.code[open]').count()).toBe(0)
      await page.click('button')
      expect(await page.locator('details.code[open] pre').last().textContent()).toBe('if (a < b) {}')
      expect(seen).toEqual([pathToFileURL(path).href])
      const wide = await browser.newPage({ viewport: { width: 1400, height: 800 } })
      await wide.goto(pathToFileURL(path).href)
      expect(await wide.locator('nav details[open]').count()).toBe(1)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('notebookHtml holds plotly.js once for all figures, and not at all for none', () => {
  const html = notebookHtml(notebook)
  expect(html.split('window.Plotly = Plotly').length - 1).toBe(1)
  expect(html.length).toBeLessThan(5_200_000)
  expect(notebookHtml({ ...notebook, cells: notebook.cells.slice(0, 1) }).length).toBeLessThan(20_000)
})

test("figureDisplay: its HTML draws with the page's plotly.js and otherwise says what is missing", async () => {
  const html = String(figureDisplay(figure, plotly).data['text/html'])
  await withBrowser(async (browser) => {
    const page = await browser.newPage()
    const seen = watch(page)
    await page.setContent(html)
    await expect.poll(() => page.textContent('[data-copylab-figure]')).toContain('run setUpFigures()')
    await page.setContent('<p>loading</p>')
    await page.addScriptTag({ path: plotly })
    await page.evaluate(`document.body.append(document.createRange().createContextualFragment(${scriptJson(html)}))`)
    await page.locator('.main-svg').first().waitFor()
    expect(seen).toEqual([])
  })
})
