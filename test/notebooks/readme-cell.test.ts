import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Kernel, type Output, withKernel } from '../../src/entries/chapter.js'
import { projectRoot } from '../../src/project.js'
import { studiesFolder } from '../../src/study/journal/journal.js'

const name = `readme-${process.pid}`
const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')
const cell = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]!).find((code) => code.includes('csv('))!
/** The cell as the README shows it, in a study of its own. */
const code = cell.replace("name: 'my-import'", `name: '${name}'`)

let folder: string
beforeAll(() => {
  const out = join(projectRoot, 'data', 'out')
  mkdirSync(out, { recursive: true })
  folder = mkdtempSync(join(out, 'readme cell '))
  mkdirSync(join(folder, 'my-data'))
  for (const file of [1, 2, 3]) writeFileSync(join(folder, 'my-data', `sales-${file}.csv`), sales(file))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(join(studiesFolder, name), { recursive: true, force: true })
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
  outputs.map((output) => ('text' in output ? [output.text].flat().join('') : '')).join('')

describe("the README's cell for one's own files", () => {
  it('is ten lines at most and answers from a folder of CSV files', async () => {
    expect(cell.trim().split('\n').length).toBeLessThanOrEqual(10)
    await inKernel(async (kernel) => {
      const execution = await kernel.execute(code)
      expect(execution.error()).toBeNull()
      expect(printed(execution.outputs())).toMatch(
        /2 workers vs 4 at 1K: .*, 6 blocks: (supported|refuted|equivalent|undecided)/,
      )
    })
  })

  it('names file and line of a malformed line, and stops', async () => {
    writeFileSync(
      join(folder, 'my-data', 'sales-2.csv'),
      sales(2).replace('2003,"Item 3, small",0.75,', '2003,"Item 3, small",cheap,'),
    )
    await inKernel(async (kernel) => {
      const execution = await kernel.execute(code)
      expect(execution.error()).toMatchObject({ ename: 'BadRecordError' })
      expect(execution.error()!.evalue).toMatch(/^sales-2\.csv:5: .*price.*cheap/)
    })
  })

  it("leaves the line out with onBadRecord: 'skip', and says how many", async () => {
    await inKernel(async (kernel) => {
      const skipping = code.replace("csv('my-data', {", "csv('my-data', { onBadRecord: 'skip',")
      const execution = await kernel.execute(
        `${skipping}\nconsole.log(study.contexts[0].findings.map((finding) => finding.message).join())`,
      )
      expect(execution.error()).toBeNull()
      expect(printed(execution.outputs())).toMatch(/1 line of csv was skipped: sales-2\.csv:5: /)
    })
  })
})
