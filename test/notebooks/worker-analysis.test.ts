import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withBrowser } from '../../src/chapter/browser.js'
import { chapterNotebook } from '../../src/cli/chapter.js'
import { chapterStudies, presets } from '../../src/cli/start/presets.js'
import { type NotebookRun, type Output, runNotebook, writeHtml } from '../../src/entries/chapter.js'
import { listStudies, readStudy } from '../../src/entries/executor.js'
import { cellTags, readNotebook } from '../../src/notebook/file/notebook-file.js'
import { studiesFolder } from '../../src/study/journal/journal.js'
import { referenceStudies } from '../chapter/reference-chapter.js'

const parameters = {
  ...presets.quick,
  name: `test-${process.pid}`,
  records: 20_000,
  blocks: 6,
  confirmBlocks: 2,
  sideBlocks: 1,
  reasonSessions: 1,
  reasonBlocks: 1,
}
// How often to ask the question again is not known from one block.
const studies = chapterStudies(parameters).filter((name) => !name.endsWith('-primary'))
const reasons = ['copies', 'cores', 'client', 'network', 'contention'].map((part) => `reasons-${part}`)
const measuring = ['tests', 'arrangements', 'rests', 'capacity', 'confirmed', ...reasons]

let first: NotebookRun
let second: NotebookRun
beforeAll(async () => {
  first = await runNotebook(chapterNotebook, { parameters })
  second = await runNotebook(chapterNotebook, { parameters })
}, 300_000)
afterAll(() => {
  for (const name of studies) rmSync(join(studiesFolder, name), { recursive: true, force: true })
})

function outputsOf(run: NotebookRun, id: string): readonly Output[] {
  const cell = run.notebook.cells.find((candidate) => candidate.id === id)
  if (cell?.cell_type !== 'code') throw new Error(`The notebook has no code cell ${id}`)
  return cell.outputs
}

function textOf(run: NotebookRun, id: string): string {
  return outputsOf(run, id)
    .map((output) => ('data' in output ? [output.data['text/plain']].flat().join('') : ''))
    .join('\n')
}

const figuresIn = (run: NotebookRun): number =>
  run.notebook.cells
    .flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []))
    .filter((output) => 'data' in output && 'application/vnd.plotly.v1+json' in output.data).length

describe('worker-analysis.ipynb', () => {
  it('runs in a real tslab kernel with no error and nothing on stderr', () => {
    expect(first.errors).toEqual([])
    expect(first.stderr).toBe('')
    expect(first.cells.every((cell) => cell.state === 'completed')).toBe(true)
    expect(figuresIn(first)).toBeGreaterThanOrEqual(22)
  })

  it('measures its studies, whose every trial is verified', () => {
    expect(listStudies()).toEqual(expect.arrayContaining(studies))
    for (const name of studies) {
      const study = readStudy(name)
      const { records, checksum } = study.contexts.at(-1)!.input
      expect(records).toBe(parameters.records)
      for (const trial of study.trials) {
        const content = trial.treatment.target === 'table' ? checksum : null
        expect(trial).toMatchObject({ state: 'completed', records, checksum: content })
      }
    }
  })

  it('answers in sentences whose numbers come from the data', () => {
    expect(textOf(first, 'answer-first')).toMatch(/^- (Other processes|Use \d|So far|No setting)/)
    expect(textOf(first, 'answer-first')).toMatch(
      /2 workers vs 4 at 10K: .* \(95 % CI .*\), [1-6] blocks?: (supported|refuted|equivalent|undecided) \(claim: 5–15 % less time[;)]/,
    )
    expect(textOf(first, 'arithmetic-sentences')).toContain('could not have fallen by more than 40 %')
  })

  it('takes reasons away, and tells what became of each prediction', () => {
    expect(textOf(first, 'reasons-contention')).toMatch(/R5/)
    expect(textOf(first, 'causes')).toMatch(/R1[\s\S]*R2[\s\S]*R3[\s\S]*R4[\s\S]*R5/)
    expect(textOf(first, 'primary')).toContain('1 block with both treatments')
  })

  it('reads a measured plan from disk sooner than it measured it, says so, and shows the same numbers', () => {
    for (const id of measuring) {
      const cell = second.cells.find((run) => run.id === id)!
      expect(cell.durationMs!).toBeLessThan(first.cells.find((run) => run.id === id)!.durationMs!)
      expect(textOf(second, id)).toMatch(
        /^\d+ trials, read from disk \(measured \d{4}-\d\d-\d\d on \d+ cores?, plan [0-9a-f]{12}; measure again with fresh: true\)$/m,
      )
      expect(textOf(first, id)).toMatch(/^\d+ trials measured now in /)
    }
    for (const id of ['tests-summary', 'answer', 'conclusion', 'answer-so-far'])
      expect(textOf(second, id)).toBe(textOf(first, id))
  })

  it('measures and draws nothing of the side studies where they have no blocks, and says which preset does', async () => {
    const quick = await runNotebook(chapterNotebook, {
      parameters: { ...parameters, confirmBlocks: 0, sideBlocks: 0, reasonSessions: 0 },
    })
    expect(quick.errors).toEqual([])
    for (const id of reasons)
      expect(textOf(quick, id)).toBe(
        'Not measured here, since `reasonSessions` is 0: set it, or add `--preset thesis` to the command.',
      )
    for (const id of ['capacity-best', 'arrangements-contrasts', 'threads', 'ceiling', 'arrangement-seconds'])
      expect(textOf(quick, id)).toBe(
        'Not measured here, since `sideBlocks` is 0: set it, or add `--preset standard` to the command.',
      )
    expect(textOf(quick, 'conclusion')).toMatch(/Not judged here, since no study has what their tests need: C8b, C8c, /)
    expect(textOf(quick, 'answer-first')).toBe(textOf(first, 'answer-first'))
    expect(figuresIn(quick)).toBeLessThan(figuresIn(first))
  }, 120_000)

  it('makes a page that draws every figure offline, with no request to anywhere', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab page '))
    try {
      const path = join(folder, 'chapter.html')
      await writeHtml(first.notebook, path)
      await withBrowser(async (browser) => {
        const page = await browser.newPage()
        const requests: string[] = []
        const problems: string[] = []
        page.on('request', (request) => requests.push(request.url()))
        page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
        page.on('pageerror', (error) => problems.push(error.message))
        await page.goto(pathToFileURL(path).href)
        const drawn = page.locator('.js-plotly-plot:has(.main-svg)')
        await expect.poll(() => drawn.count(), { timeout: 30_000 }).toBe(figuresIn(first))
        expect(problems).toEqual([])
        expect(requests.filter((url) => !url.startsWith('data:') && !url.startsWith('blob:'))).toEqual([
          pathToFileURL(path).href,
        ])
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('the committed worker-analysis.ipynb', () => {
  it('reads well before anything is run: every cell executed, no error, its studies next to it', async () => {
    const notebook = await readNotebook(chapterNotebook)
    const code = notebook.cells.filter((cell) => cell.cell_type === 'code')
    expect(code.every((cell) => cell.execution_count !== null)).toBe(true)
    expect(code.flatMap((cell) => cell.outputs).filter((output) => output.output_type === 'error')).toEqual([])
    expect(code.filter((cell) => cellTags(cell).includes('injected-parameters'))).toEqual([])
    for (const name of referenceStudies) {
      const study = readStudy(name)
      const { records } = study.contexts[0]!.input
      for (const trial of study.trials) expect(trial).toMatchObject({ state: 'completed', records })
    }
  })
})
