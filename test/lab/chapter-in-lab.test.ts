import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withBrowser } from '../../src/chapter/browser.js'
import { chapterNotebook } from '../../src/cli/chapter.js'
import { chapterStudies, presets } from '../../src/cli/start/presets.js'
import type { Cell, CodeCell, Notebook } from '../../src/entries/chapter.js'
import { readStudy } from '../../src/entries/executor.js'
import { readNotebook, writeNotebook } from '../../src/notebook/file/notebook-file.js'
import { findJupyterLab, type JupyterLab, JupyterLabError, stateIn } from '../../src/notebook/lab/jupyter-lab.js'
import { withLabServer } from '../../src/notebook/lab/lab-server.js'
import { injectParameters } from '../../src/notebook/parameters.js'
import { projectRoot } from '../../src/project.js'
import { studiesFolder } from '../../src/study/journal/journal.js'
import { type LabPage, openInLab } from './lab-page.js'

const parameters = {
  ...presets.quick,
  name: `test-${process.pid}`,
  records: 20_000,
  blocks: 6,
  // With every section of the chapter, which quick has not.
  sideBlocks: 3,
}
const stopped = `test-${process.pid}-stopped`

let lab: JupyterLab | null
let folder: string
beforeAll(async () => {
  const out = join(projectRoot, 'data', 'out')
  mkdirSync(out, { recursive: true })
  folder = mkdtempSync(join(out, 'lab test '))
  try {
    lab = await findJupyterLab({ onStep: (line) => console.log(line) })
  } catch (error) {
    if (!(error instanceof JupyterLabError)) throw error
    lab = null
    console.log(`Skipped, since there is no JupyterLab. ${error.message}`)
  }
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  for (const name of [...chapterStudies(parameters), stopped]) {
    rmSync(join(studiesFolder, name), { recursive: true, force: true })
  }
})

const withoutOutputs = (notebook: Notebook): Notebook => ({
  ...notebook,
  cells: notebook.cells.map(
    (cell): Cell => (cell.cell_type === 'code' ? { ...cell, execution_count: null, outputs: [] } : cell),
  ),
})

/**
 * Opens a notebook of the test's folder in a JupyterLab of its own, with settings and state of its
 * own.
 */
async function inLab(notebook: Notebook, name: string, task: (lab: LabPage) => Promise<void>) {
  const path = join(folder, name)
  await writeNotebook(notebook, path)
  const env = await stateIn(join(folder, 'state', name))
  await withLabServer({ lab: lab!, notebook: path, browser: false, env }, ({ url }) =>
    withBrowser(async (browser) => task(await openInLab(browser, url))),
  )
}

const savedCells = async (name: string): Promise<CodeCell[]> =>
  (await readNotebook(join(folder, name))).cells.filter((cell): cell is CodeCell => cell.cell_type === 'code')

const figuresIn = (cells: readonly CodeCell[]): number =>
  cells
    .flatMap((cell) => cell.outputs)
    .filter((output) => 'data' in output && 'application/vnd.plotly.v1+json' in output.data).length

const drawn = ({ page }: LabPage) => page.locator('.jp-Notebook .js-plotly-plot:has(.main-svg)')

describe('worker-analysis.ipynb in JupyterLab', () => {
  it('runs, shows its progress and draws every figure, in both themes and at any width', async (context) => {
    if (!lab) return context.skip()
    const notebook = withoutOutputs(injectParameters(await readNotebook(chapterNotebook), parameters))
    await inLab(notebook, 'chapter.ipynb', async (open) => {
      const { page } = open
      await watchProgress(open)
      await open.choose('Run', 'Run All Cells')
      await expect.poll(() => ended(open), { timeout: 200_000, interval: 500 }).toBe(true)
      const seen = await page.evaluate<string[]>('window.seenProgress')
      expect(seen.filter((line) => / of \d+ trials/.test(line)).length).toBeGreaterThan(2)
      expect(seen).toContainEqual(expect.stringMatching(/^\d+ trials measured now in /))

      await page.keyboard.press('Control+s')
      await expect
        .poll(async () => (await savedCells('chapter.ipynb')).at(-1)!.outputs.length, { timeout: 30_000 })
        .toBeGreaterThan(0)
      const cells = await savedCells('chapter.ipynb')
      expect(cells.flatMap((cell) => cell.outputs).filter((output) => output.output_type === 'error')).toEqual([])
      const figures = figuresIn(cells)
      expect(figures).toBeGreaterThanOrEqual(22)
      await expect.poll(() => drawn(open).count(), { timeout: 30_000 }).toBe(figures)
      await lookAt(open, 'light')

      await open.choose('Settings', 'Theme', 'JupyterLab Dark')
      await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' })
      await page.setViewportSize({ width: 1000, height: 900 })
      await expect.poll(() => widest(open), { timeout: 30_000 }).toBeLessThanOrEqual(1)
      expect(await drawn(open).count()).toBe(figures)
      await lookAt(open, 'dark')

      // Opened again, the notebook draws its figures from the file.
      await page.reload()
      await expect.poll(() => drawn(open).count(), { timeout: 60_000 }).toBe(figures)
      expect(open.problems).toEqual([])
    })
    expect(kernels()).toEqual([])
  })

  it("keeps what was measured when JupyterLab's stop button is pressed, and says so", async (context) => {
    if (!lab) return context.skip()
    await inLab(longStudy(), 'stopped.ipynb', async (open) => {
      const { page } = open
      await open.choose('Run', 'Run All Cells')
      const output = open.cell(0).locator('.jp-OutputArea')
      await expect.poll(() => output.innerText(), { timeout: 30_000 }).toMatch(/block [3-9]\/400/)
      await page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="interrupt"] jp-button').click()
      await expect
        .poll(() => output.innerText(), { timeout: 20_000 })
        .toMatch(/Interrupted: the cell was stopped\. .* run the cell again to continue it$/)
      await expect.poll(() => measured()).toBeGreaterThanOrEqual(4)
      const kept = measured()
      expect(kept).toBeLessThan(800)
      await open.screenshot('stopped')
      await page.waitForTimeout(2_000)
      expect(measured()).toBe(kept)
      expect(open.problems).toEqual([])
    })
    expect(kernels()).toEqual([])
  })
})

/** Whether every code cell has run and none is running or waiting. */
async function ended({ page }: LabPage): Promise<boolean> {
  const prompts = await page.locator('.jp-Notebook .jp-CodeCell .jp-InputPrompt').allTextContents()
  return prompts.every((prompt) => /^\[\d+\]:$/.test(prompt.trim()))
}

/** Collects in the page what the progress lines say. */
async function watchProgress({ page }: LabPage): Promise<void> {
  await page.evaluate(`
    window.seenProgress = []
    setInterval(() => {
      for (const output of document.querySelectorAll('.jp-RenderedHTMLCommon > div:only-child')) {
        const line = output.textContent
        if (/ trials?\\b/.test(line) && !window.seenProgress.includes(line)) window.seenProgress.push(line)
      }
    }, 100)`)
}

/** By how many pixels a figure's drawing is wider than its place, at most. */
function widest({ page }: LabPage): Promise<number> {
  return page.evaluate<number>(`Math.max(...[...document.querySelectorAll('.js-plotly-plot')].map((place) =>
    place.querySelector('.main-svg').getBoundingClientRect().width - place.getBoundingClientRect().width))`)
}

async function lookAt(open: LabPage, theme: string): Promise<void> {
  if (!process.env.LAB_SCREENSHOTS) return
  const cells = await open.page.locator('.jp-Notebook .jp-CodeCell').count()
  for (let index = 0; index < cells; index += 2) {
    await open.cell(index).scrollIntoViewIfNeeded()
    await open.page.waitForTimeout(300)
    await open.screenshot(`${theme}-${String(index).padStart(2, '0')}`)
  }
}

function longStudy(): Notebook {
  const source = `import { embedded, runStudy, synthetic } from 'copylab/executor'
import { interruptible, liveProgress } from 'copylab/notebook'
const study = await runStudy({
  name: '${stopped}',
  server: embedded(),
  input: synthetic({ records: 20_000 }),
  factors: { workers: [1, 2], batchSize: 1_000 },
  blocks: 400,
  signal: interruptible(),
  onProgress: liveProgress(),
})`
  const { metadata } = JSON.parse(readFileSync(chapterNotebook, 'utf8')) as Notebook
  const cell: CodeCell = { cell_type: 'code', id: 'long', metadata: {}, source, execution_count: null, outputs: [] }
  return { nbformat: 4, nbformat_minor: 5, metadata, cells: [cell] }
}

const measured = (): number => readStudy(stopped).trials.filter((trial) => trial.phase === 'measured').length

/** The command lines of kernels that this test's JupyterLab started and that still run. */
function kernels(): string[] {
  const all = execFileSync('ps', ['-axww', '-o', 'args='], { encoding: 'utf8' }).split('\n')
  return all.filter((line) => line.includes('tslab-kernel') && line.includes(join(folder, 'state')))
}
