import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Kernel, type Output, withKernel } from '../../src/entries/chapter.js'
import { dataFolder } from '../../src/project.js'
import { studiesFolder } from '../../src/study/journal/journal.js'
import { pageAt } from './pages.js'

const cells = pageAt('README.md')
  .fences.filter(({ language }) => language === 'ts')
  .map(({ code }) => code)
const [measuring, ownFiles] = cells as [string, string]
const names = { 'workers-at-10k': `readme-${process.pid}`, 'my-import': `readme-own-${process.pid}` }

/** A cell as the README shows it, with fewer records and blocks, in a study of its own. */
function short(cell: string): string {
  const substituted: Readonly<Record<string, string>> = { '717_000': '20_000', 'blocks: 12': 'blocks: 6', ...names }
  return Object.entries(substituted).reduce((code, [shown, taken]) => code.replace(shown, taken), cell)
}

let folder: string
beforeAll(() => {
  const out = join(dataFolder, 'out')
  mkdirSync(out, { recursive: true })
  folder = mkdtempSync(join(out, 'readme cells '))
  mkdirSync(join(folder, 'my-data'))
  for (const file of [1, 2, 3]) writeFileSync(join(folder, 'my-data', `sales-${file}.csv`), sales(file))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  for (const name of Object.values(names)) rmSync(join(studiesFolder, name), { recursive: true, force: true })
})

function sales(file: number): string {
  const lines = Array.from(
    { length: 1_000 },
    (_, k) => `${file * 1_000 + k},"Item ${k}, small",${k / 4},2026-03-${10 + file}`,
  )
  return `${['id,item,price,sold', ...lines].join('\n')}\n`
}

const inKernel = <T>(task: (kernel: Kernel) => Promise<T>): Promise<T> => withKernel({ cwd: folder }, task)
const printed = (outputs: readonly Output[]): string =>
  outputs
    .flatMap((output) => ('text' in output ? output.text : 'data' in output ? output.data['text/plain'] : ''))
    .join('\n')

describe("the README's cells", () => {
  it('are two, of which the one for files of one’s own has ten lines at most', () => {
    expect(cells.length).toBe(2)
    expect(ownFiles.trim().split('\n').length).toBeLessThanOrEqual(10)
  })

  it('measure, compare and explain, one after the other in one notebook', async () => {
    await inKernel(async (kernel) => {
      const first = await kernel.execute(short(measuring))
      expect(first.error()).toBeNull()
      const said = printed(first.outputs())
      expect(said).toMatch(/2 workers vs 4 at 10K: .*: (supported|refuted|equivalent|undecided)/)
      expect(said).toMatch(/Per worker, the largest contributions: /)
      expect(said).toMatch(/21 trials/)
      const frame = await kernel.execute('frame')
      expect(printed(frame.outputs())).toMatch(/split \| event-loop/)
      const own = await kernel.execute(short(ownFiles))
      expect(own.error()).toBeNull()
      expect(printed(own.outputs())).toMatch(
        /2 workers vs 4 at 1K: .*, 6 blocks.*: (supported|refuted|equivalent|undecided)/,
      )
    })
  })

  it('name file and line of a malformed line, and stop', async () => {
    writeFileSync(
      join(folder, 'my-data', 'sales-2.csv'),
      sales(2).replace('2003,"Item 3, small",0.75,', '2003,"Item 3, small",cheap,'),
    )
    await inKernel(async (kernel) => {
      const execution = await kernel.execute(short(ownFiles))
      expect(execution.error()).toMatchObject({ ename: 'BadRecordError' })
      expect(execution.error()!.evalue).toMatch(/^sales-2\.csv:5: .*price.*cheap/)
    })
  })

  it("leave the line out with onBadRecord: 'skip', and say how many", async () => {
    await inKernel(async (kernel) => {
      const skipping = short(ownFiles).replace("csv('my-data', {", "csv('my-data', { onBadRecord: 'skip',")
      const execution = await kernel.execute(
        `${skipping}\nconsole.log(study.contexts[0].findings.map((finding) => finding.message).join())`,
      )
      expect(execution.error()).toBeNull()
      expect(printed(execution.outputs())).toMatch(
        /1 record of csv was skipped: 1 line: .*cheap.*, first in sales-2\.csv:5\./,
      )
    })
  })
})
