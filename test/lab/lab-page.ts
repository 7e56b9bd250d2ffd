import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { projectRoot } from '../../src/project.js'

/** A notebook that is open in JupyterLab. */
export interface LabPage {
  readonly page: Page
  /** Errors on the page's console and uncaught ones. */
  readonly problems: readonly string[]
  /** Code cells, from 0. */
  cell(index: number): Locator
  /** Picks an item of the main menu: "Run", "Run All Cells". */
  choose(...path: readonly string[]): Promise<void>
  /** Writes a picture to `data/out` when `LAB_SCREENSHOTS` is set. */
  screenshot(name: string): Promise<void>
}

/** Opens a notebook's address and waits for its kernel. */
export async function openInLab(browser: Browser, url: string): Promise<LabPage> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } })
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(url)
  await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor({ timeout: 60_000 })
  await page.getByText('TypeScript | Idle').waitFor({ timeout: 60_000 })
  return {
    page,
    problems,
    cell: (index) => page.locator('.jp-Notebook .jp-CodeCell').nth(index),
    async choose(first, ...rest) {
      await page.locator('.lm-MenuBar-itemLabel', { hasText: new RegExp(`^${first}$`) }).click()
      for (const label of rest) {
        const item = page.locator('.lm-Menu-item', { has: page.getByText(label, { exact: true }) })
        await item.hover()
        if ((await item.getAttribute('data-type')) !== 'submenu') await item.click()
      }
    },
    async screenshot(name) {
      if (!process.env.LAB_SCREENSHOTS) return
      const folder = join(projectRoot, 'data', 'out', 'lab-screenshots')
      mkdirSync(folder, { recursive: true })
      await page.screenshot({ path: join(folder, `${name}.png`) })
    },
  }
}
