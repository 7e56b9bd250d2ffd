import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withBrowser } from '../../src/chapter/browser.js'
import { chapterNotebook } from '../../src/cli/chapter.js'
import type { CodeCell, Notebook } from '../../src/entries/chapter.js'
import { readNotebook, writeNotebook } from '../../src/notebook/file/notebook-file.js'
import { findJupyterLab, JupyterLabError } from '../../src/notebook/lab/jupyter-lab.js'
import { projectRoot } from '../../src/project.js'
import { type LabPage, openInLab } from './lab-page.js'

const cli = join(projectRoot, 'dist', 'cli.js')

let folder: string
let hasLab = true
beforeAll(async () => {
  mkdirSync(join(projectRoot, 'data', 'out'), { recursive: true })
  folder = mkdtempSync(join(projectRoot, 'data', 'out', 'lab session '))
  await findJupyterLab({ onStep: (line) => console.log(line) }).catch((error: unknown) => {
    if (!(error instanceof JupyterLabError)) throw error
    hasLab = false
    console.log(`Skipped, since there is no JupyterLab. ${error.message}`)
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Session {
  readonly url: string
  /** Text that was written to the terminal so far. */
  readonly messages: () => string
  /** Presses Ctrl-C, and waits for the end. */
  readonly end: () => Promise<number | null>
}

/** `copylab lab` in a terminal, with a notebook of these cells. */
async function withSession(sources: readonly string[], task: (session: Session) => Promise<void>): Promise<void> {
  const cells = sources.map(
    (source, k): CodeCell => ({
      cell_type: 'code',
      id: `c${k}`,
      metadata: {},
      source,
      execution_count: null,
      outputs: [],
    }),
  )
  const { metadata } = JSON.parse(readFileSync(chapterNotebook, 'utf8')) as Notebook
  await writeNotebook(
    { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: metadata.kernelspec! }, cells },
    join(folder, 'first.ipynb'),
  )
  const child = spawn(process.execPath, [cli, 'lab', '--no-browser', join(folder, 'first.ipynb')])
  let [out, messages] = ['', '']
  const closed = new Promise<number | null>((done) => child.once('close', done))
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    messages += text
  })
  try {
    await expect.poll(() => out, { timeout: 60_000 }).toMatch(/token=.*\n/)
    await task({ url: out.trim(), messages: () => messages, end: () => interrupted(child, closed) })
  } finally {
    await interrupted(child, closed)
  }
}

function interrupted(child: ChildProcess, closed: Promise<number | null>): Promise<number | null> {
  if (child.exitCode === null) child.kill('SIGINT')
  return closed
}

/** The saved text of `path` in the test's folder. */
const saved = (name: string): string => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')
const pictures = (name: string): number => saved(name).match(/src=\\"data:image\/webp;base64,/g)?.length ?? 0
const figures = (name: string): number => saved(name).match(/"application\/vnd\.plotly\.v1\+json"/g)?.length ?? 0

async function typeAndRun(page: Page, index: number, source: string): Promise<void> {
  const editor = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell').nth(index).locator('.cm-content')
  await editor.click()
  // Pasted at once, so that no bracket is closed twice.
  await page.keyboard.insertText(source)
  await page.keyboard.press('Shift+Enter')
}

const own = `import { show, showTitlePage, styledFigure } from 'copylab/notebook'
showTitlePage({ title: 'My own title', authors: ['Ada Byron'], abstract: 'What I asked.' })
const times = new Float64Array([3, 4, 4, 5, 5, 5, 6, 6, 9])
show(styledFigure({
  data: [
    { type: 'histogram', x: times, name: '1 worker' },
    { type: 'scatter', mode: 'lines+markers', x: [3, 6, 9], y: [1, 3, 1], name: 'a model' },
    { type: 'scatter', mode: 'lines+markers', x: [3, 6, 9], y: [2, 2, 2], name: 'another' },
  ],
  layout: { title: 'How long does a batch take?<br>Nine batches', xaxis: { title: { text: 'time (ms)' } }, yaxis: { title: { text: 'batches' } } },
}))`

const drawOne = `import { show } from 'copylab/notebook'
show({ data: [{ type: 'scatter', x: [1, 2], y: [3, 4] }], layout: { title: { text: 'In the midst' } } })
await new Promise((done) => setTimeout(done, 600_000))`

describe('copylab lab', () => {
  it('proposes TypeScript, saves every notebook with pictures, and asks nobody about files that changed', async (context) => {
    if (!hasLab) return context.skip()
    await withSession(["console.log('first')"], async ({ url, messages, end }) => {
      await withBrowser(async (browser) => {
        const open = await openInLab(browser, url)
        const { page } = open
        await open.choose('File', 'New Launcher')
        const cards = page.locator('.jp-LauncherCard[data-category="Notebook"]').first()
        await expect.poll(() => cards.innerText(), { timeout: 20_000 }).toContain('TypeScript')
        await open.screenshot('launcher')

        await open.choose('File', 'New', 'Notebook')
        await page.getByText('TypeScript | Idle').last().waitFor({ timeout: 60_000 })
        expect(await page.locator('.jp-Dialog').allInnerTexts()).toEqual([])
        await open.screenshot('new-notebook')
        await typeAndRun(page, 0, own)
        const drawn = page.locator('.js-plotly-plot:has(.main-svg)')
        await expect.poll(() => drawn.count(), { timeout: 60_000 }).toBe(1)
        await open.screenshot('own-figure')

        // JupyterLab asks once how a new notebook is to be called.
        const name = 'mine.ipynb'
        await page.keyboard.press('Control+s')
        await page.locator('.jp-Dialog input[type=text]').fill(name)
        await page.locator('.jp-Dialog .jp-mod-accept').click()
        await page.waitForTimeout(8000)
        await expect.poll(() => figures(name), { timeout: 30_000 }).toBe(1)
        await expect.poll(() => pictures(name), { timeout: 60_000 }).toBe(1)
        for (const [k, text] of ['const one = 1', 'const two = 2'].entries()) {
          await typeAndRun(page, k + 1, text)
          await page.keyboard.press('Control+s')
          await expect.poll(() => saved(name).includes(text), { timeout: 30_000 }).toBe(true)
          expect([figures(name), pictures(name)]).toEqual([1, 1])
          await page.waitForTimeout(1_500)
          // A dialog would say that the file has changed on disk.
          expect(await page.locator('.jp-Dialog').allInnerTexts()).toEqual([])
        }
        expect(open.problems.filter((problem) => !problem.includes('404'))).toEqual([])

        const out = join(folder, 'chapter')
        execFileSync(process.execPath, [cli, 'chapter', '--from', join(folder, name), '--out', out], { stdio: 'pipe' })
        expect(readdirSync(join(out, 'figures')).sort()).toEqual([
          'how-long-does-a-batch-take.pdf',
          'how-long-does-a-batch-take.svg',
        ])
        expect(readFileSync(join(out, 'chapter.html'), 'utf8')).toMatch(
          /My own title[\s\S]*Ada Byron[\s\S]*What I asked/,
        )
        expect(readFileSync(join(out, 'chapter.tex'), 'utf8')).toMatch(/My own title[\s\S]*Ada Byron/)
      })
      expect(await end()).toBe(0)
      expect(messages()).toContain('Ending JupyterLab and its kernels')
      expect(messages()).not.toMatch(/trial|unknown msg_type|Error|Traceback/)
    })
  })

  it('draws while no cell computes, and gives what was saved meanwhile its pictures when it is ended by Ctrl-C', async (context) => {
    if (!hasLab) return context.skip()
    await withSession([drawOne], async ({ url, messages, end }) => {
      await withBrowser(async (browser) => {
        const open = await openInLab(browser, url)
        await open.choose('Run', 'Run All Cells')
        await expect.poll(() => drawnIn(open), { timeout: 60_000 }).toBe(1)
        await open.page.keyboard.press('Control+s')
        await expect.poll(() => figures('first.ipynb'), { timeout: 30_000 }).toBe(1)
        // Longer than drawing takes.
        await open.page.waitForTimeout(12_000)
        expect(pictures('first.ipynb')).toBe(0)
        expect(await end()).toBe(0)
      })
      expect(pictures('first.ipynb')).toBe(1)
      expect((await readNotebook(join(folder, 'first.ipynb'))).cells).toHaveLength(1)
      expect(messages()).not.toContain('without new pictures')
    })
  })
})

function drawnIn({ page }: LabPage): Promise<number> {
  return page.locator('.jp-Notebook .js-plotly-plot:has(.main-svg)').count()
}
