import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withBrowser } from '../../src/chapter/browser.js'
import type { CodeCell } from '../../src/entries/chapter.js'
import { readNotebook, writeNotebook } from '../../src/notebook/file/notebook-file.js'
import { findJupyterLab, type JupyterLab, JupyterLabError, stateIn } from '../../src/notebook/lab/jupyter-lab.js'
import { withLabServer } from '../../src/notebook/lab/lab-server.js'
import { projectRoot } from '../../src/project.js'
import { notebookOf } from '../notebook/cells/notebook-of.js'
import { ordinaryCells } from '../notebook/cells/ordinary-cells.js'
import { shownText } from '../notebook/cells/shown-text.js'
import { type LabPage, openInLab } from './lab-page.js'

let lab: JupyterLab | null
let folder: string
beforeAll(async () => {
  const out = join(projectRoot, 'data', 'out')
  mkdirSync(out, { recursive: true })
  folder = mkdtempSync(join(out, 'cells test '))
  try {
    lab = await findJupyterLab({ onStep: (line) => console.log(line) })
  } catch (error) {
    if (!(error instanceof JupyterLabError)) throw error
    lab = null
    console.log(`Skipped, since there is no JupyterLab. ${error.message}`)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/**
 * The code cells of a saved notebook, without the empty one that JupyterLab adds when the last one
 * is run.
 */
async function cellsIn(path: string): Promise<CodeCell[]> {
  const { cells } = await readNotebook(path)
  return cells.filter((cell): cell is CodeCell => cell.cell_type === 'code').slice(0, ordinaryCells.length)
}

/**
 * Runs every cell, the next one as soon as the one before has ended: JupyterLab runs none of those
 * that wait when one fails.
 */
async function runOneByOne({ page }: LabPage): Promise<void> {
  await page.locator('.jp-Notebook .jp-InputPrompt').first().click()
  const running = page.locator('.jp-InputPrompt', { hasText: '[*]' })
  for (const { shows } of ordinaryCells) {
    await page.keyboard.press('Shift+Enter')
    await expect.poll(() => running.count(), { timeout: 30_000, interval: 20 }).toBe(0)
    // tslab drops what follows a failed cell within 200 ms.
    if (/Error: /.test(String(shows))) await page.waitForTimeout(300)
  }
}

describe('ordinary cells in JupyterLab', () => {
  it('show what they show headless', async (context) => {
    if (!lab) return context.skip()
    const path = join(folder, 'cells.ipynb')
    await writeNotebook(notebookOf(ordinaryCells.map(({ code }) => code)), path)
    const env = await stateIn(join(folder, 'state'))
    await withLabServer({ lab, notebook: path, browser: false, env }, ({ url }) =>
      withBrowser(async (browser) => {
        const open = await openInLab(browser, url)
        await runOneByOne(open)
        await open.page.keyboard.press('Control+s')
        const isSaved = async () => (await cellsIn(path)).every(({ execution_count }) => execution_count !== null)
        await expect.poll(isSaved, { timeout: 30_000 }).toBe(true)
        await open.screenshot('ordinary-cells')
        expect(open.problems).toEqual([])
      }),
    )
    const executed = await cellsIn(path)
    const wrong = ordinaryCells.flatMap(({ code, shows }, k) => {
      const text = shownText(executed[k]!.outputs)
      const fits = shows instanceof RegExp ? shows.test(text) : text === (shows ?? '')
      return fits ? [] : [{ code, shows, text }]
    })
    expect(wrong).toEqual([])
  })
})
