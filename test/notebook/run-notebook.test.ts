import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { type CodeCell, type Notebook, runNotebook, withKernel } from '../../src/entries/chapter.js'
import { notebookJson, writeNotebook } from '../../src/notebook/file/notebook-file.js'

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url))
const fixture = (name: string) => join(fixtures, name)
const isValid = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(fixture('nbformat.v4.5.schema.json'), 'utf8')) as object,
)
const code = (notebook: Notebook) => notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === 'code')
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'copylab-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('runNotebook runs every cell, fills counts and outputs, and leaves the file and stderr alone', async () => {
  const before = readFileSync(fixture('display.ipynb'), 'utf8')
  const lines: string[] = []
  const run = await runNotebook(fixture('display.ipynb'), {
    parameters: { label: 'injected' },
    onProgress: (line) => lines.push(line),
  })
  expect(run).toMatchObject({ errors: [], stderr: '' })
  expect(readFileSync(fixture('display.ipynb'), 'utf8')).toBe(before)
  const cells = code(run.notebook)
  expect(cells.map((cell) => cell.execution_count)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(run.cells.map(({ state }) => state)).toEqual(Array(8).fill('completed'))

  const [figure] = cells.find(({ source }) => source.includes('show(throughput'))?.outputs ?? []
  expect(figure).toMatchObject({
    output_type: 'display_data',
    data: {
      'application/vnd.plotly.v1+json': { layout: { title: { text: 'Throughput by workers' } } },
      'text/html': expect.stringContaining('data-copylab-figure'),
      'text/plain': '[figure] Throughput by workers',
    },
  })
  const progress = cells.find(({ source }) => source.includes('liveProgress()'))?.outputs
  expect(progress).toHaveLength(1)
  expect(progress?.[0]).toMatchObject({ data: { 'text/plain': '3 trials measured now in 1 s' } })
  expect(lines).toContain('block 1/1, 4 workers × 10,000 - 40 s left - 0 of 3 trials')
  expect(cells.at(-1)?.outputs).toEqual([
    { output_type: 'stream', name: 'stdout', text: 'one\ntwo\ninjected [ 2, 4, 6 ]\n' },
  ])

  const json = notebookJson(run.notebook)
  expect(json.length).toBeLessThan(15_000)
  expect(isValid(JSON.parse(json)), JSON.stringify(isValid.errors)).toBe(true)
  await writeNotebook(run.notebook, join(folder, 'out.ipynb'))
  expect(readFileSync(join(folder, 'out.ipynb'), 'utf8')).toBe(json)
})

test('runNotebook({ stopOnError: false }) gives each failed cell its error, awaited or not, and runs on', async () => {
  const run = await runNotebook(fixture('trouble.ipynb'), { stopOnError: false })
  expect(run.errors.map(({ number, name, message }) => [number, name, message.split('\n')[0]])).toEqual([
    [1, 'RangeError', 'Expected `workers` to be a list'],
    [2, 'TypeScriptError', "1:7 - Type 'string' is not assignable to type 'number'."],
    [3, 'TypeError', 'refused'],
    [4, 'Error', 'nobody waits for this'],
    [5, 'SyntaxError', expect.stringContaining('JSON')],
    [6, 'Error', 'a word'],
  ])
  const cells = code(run.notebook)
  expect(cells.map((cell) => cell.execution_count)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(cells[0]?.outputs.map((output) => output.output_type)).toEqual(['stream', 'stream', 'error'])
  expect(cells.at(-1)?.outputs).toMatchObject([{ text: 'still here test/notebook/fixtures/x.csv\n' }])
  expect(run.stderr).toBe('a warning\n')
  expect(isValid(JSON.parse(notebookJson(run.notebook)))).toBe(true)
})

test('runNotebook stops at the first error and leaves the cells after it empty', async () => {
  const run = await runNotebook(fixture('trouble.ipynb'))
  expect(run.cells.map(({ state }) => state)).toEqual(['failed', ...Array(6).fill('waiting')])
  expect(code(run.notebook)[1]).toMatchObject({ execution_count: null, outputs: [] })
})

test('interruptible in cells: one listener, however often it is called, and it fires when a cell is interrupted', async () => {
  const run = await runNotebook(fixture('signals.ipynb'), { timeoutMs: 10_000 })
  const [, many, waiting] = code(run.notebook)
  expect(many?.outputs).toMatchObject([{ text: '1\n' }])
  expect(waiting?.outputs[0]).toMatchObject({ text: expect.stringMatching(/^1\nwaiting\nwork was told to stop\n/) })
  expect(run.errors).toMatchObject([{ number: 3, name: 'CellTimeout', message: 'The cell ran longer than 10000 ms' }])
})

test('runNotebook({ signal }) rejects with its reason and lets interrupted work wind down before the kernel ends', async () => {
  const controller = new AbortController()
  const woundDown = join(folder, 'wound-down')
  const running = runNotebook(fixture('signals.ipynb'), {
    signal: controller.signal,
    env: { WOUND_DOWN: woundDown },
    onOutput: (output) => {
      if (output.output_type === 'stream' && output.text.includes('waiting')) controller.abort(new Error('stop'))
    },
  })
  await expect(running).rejects.toThrow('stop')
  expect(existsSync(woundDown)).toBe(true)
})

test('withKernel: cells, a loop without end, much output, an exit; then neither process nor folder is left', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'kernels-'))
  onTestFinished(() => rmSync(temporary, { recursive: true }))
  vi.stubEnv('TMPDIR', temporary)
  onTestFinished(() => void vi.unstubAllEnvs())
  const pid = await withKernel({ cwd: fixtures }, async (kernel) => {
    const endless = await kernel.execute('console.log("go"); for (;;) {}', { timeoutMs: 500 })
    expect(endless.error()).toMatchObject({ ename: 'CellTimeout' })

    const much = await kernel.execute('for (let i = 0; i < 5000; i++) console.log(i)')
    expect(much.outputs()).toMatchObject([{ text: `${Array.from({ length: 5000 }, (_, i) => `${i}\n`).join('')}` }])

    const exit = kernel.execute(
      'console.log("last words"); await new Promise((r) => setTimeout(r, 50)); process.exit(3)',
    )
    await expect(exit).rejects.toMatchObject({
      message: 'The kernel ended: it exited with code 3',
      outputs: [{ text: 'last words\n' }],
    })
    return kernel.pid
  })
  expect(isRunning(pid)).toBe(false)
  expect(readdirSync(temporary)).toEqual([])
})

test('withKernel ends a kernel that a cell keeps alive, and what the cell had started', async () => {
  const [kernelPid, childPid] = await withKernel({ cwd: fixtures, graceMs: 300 }, async (kernel) => {
    const started = await kernel.execute(
      "const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])\nconsole.log(child.pid)",
    )
    return [kernel.pid, Number((started.outputs()[0] as { text: string }).text)]
  })
  expect(isRunning(kernelPid!)).toBe(false)
  // An orphan counts as running until the system's first process has taken note of its end.
  await expect.poll(() => isRunning(childPid!)).toBe(false)
})
