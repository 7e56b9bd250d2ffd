import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chapterNotebook } from '../../src/cli/chapter.js'
import { type CodeCell, cellTags, parseNotebook } from '../../src/notebook/file/notebook-file.js'
import { projectRoot } from '../../src/project.js'

const places = [join(projectRoot, '.venv', 'bin'), ...(process.env.PATH ?? '').split(delimiter)]
const papermill = places.map((place) => join(place, 'papermill')).find((path) => existsSync(path))
const found = papermill ? '' : ' (skipped: no papermill in .venv/bin or on the PATH)'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab papermill '))
})
afterAll(() => rmSync(folder, { recursive: true }))

const declaring = `const params = {
  blocks: 30, // passes
  name: 'reference',
  workers: [1, 2],
  fresh: false,
}
const ofEarlier = () => params.blocks`

/**
 * Has papermill execute a notebook of the declaring cell and `sources`; its code cells, and how
 * papermill ended.
 */
function execute(sources: readonly string[], args: readonly string[]) {
  const [given, executed] = [join(folder, 'given.ipynb'), join(folder, 'executed.ipynb')]
  const cells = [declaring, ...sources].map((source, k) => ({
    cell_type: 'code',
    id: `cell-${k}`,
    metadata: k === 0 ? { tags: ['parameters'] } : {},
    source,
    execution_count: null,
    outputs: [],
  }))
  const { metadata } = parseNotebook(readFileSync(chapterNotebook, 'utf8'))
  writeFileSync(given, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }))
  const ended = withPapermill([given, executed, '-k', 'tslab', ...args])
  return { ...ended, cells: codeCells(executed) }
}

function withPapermill(args: readonly string[]) {
  const notebooks = join(projectRoot, 'notebooks')
  const { status, stderr } = spawnSync(papermill!, [...args, '--no-progress-bar'], {
    encoding: 'utf8',
    env: {
      ...process.env,
      JUPYTER_PATH: join(notebooks, 'jupyter'),
      PYTHONPATH: join(notebooks, 'papermill'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  })
  return { status, stderr }
}

function codeCells(path: string): CodeCell[] {
  const { cells } = parseNotebook(readFileSync(path, 'utf8'))
  return cells.filter((cell): cell is CodeCell => cell.cell_type === 'code')
}

const textOf = (cell: CodeCell | undefined): string =>
  (cell?.outputs ?? []).map((output) => (output.output_type === 'stream' ? output.text : '')).join('')
const errorsOf = (cell: CodeCell | undefined): string =>
  (cell?.outputs ?? []).map((output) => (output.output_type === 'error' ? output.evalue : '')).join('')

describe.skipIf(!papermill)(`papermill${found}`, { timeout: 120_000 }, () => {
  it('papermill -p and -y set parameters, for functions of earlier cells too', () => {
    const args = ['-p', 'blocks', '2', '-p', 'name', 'x "y" é', '-p', 'fresh', 'True', '-y', 'workers: [1, 2, 8]']
    const { status, stderr, cells } = execute(['console.log(JSON.stringify(params), ofEarlier())'], args)
    expect(status, stderr).toBe(0)
    expect(stderr).not.toContain('unknown parameter')
    expect(cells.map(cellTags)).toEqual([['parameters'], ['injected-parameters'], []])
    expect(textOf(cells[2])).toBe('{"blocks":2,"name":"x \\"y\\" é","workers":[1,2,8],"fresh":true} 2\n')
  })

  it.each([
    [['-p', 'blocks', 'many'], "Type 'string' is not assignable to type 'number'"],
    [['-p', 'block', '2'], '\'"block"\' does not exist in type'],
  ])('papermill %j ends with 1 before the cells after the parameters, and the cell says why', (args, reason) => {
    const { status, cells } = execute(["console.log('ran')"], args)
    expect(status).toBe(1)
    expect(errorsOf(cells.find((cell) => cellTags(cell).includes('injected-parameters')))).toContain(reason)
    expect(textOf(cells.at(-1))).toBe('')
  })

  it('papermill ends with 1 at a cell that fails, whose error says why', () => {
    const { status, cells } = execute(["throw new Error('broken')", "console.log('ran')"], [])
    expect(status).toBe(1)
    const failed = cells.find(({ source }) => source.startsWith('throw'))
    expect(errorsOf(failed)).toBe('broken')
    expect(textOf(cells.at(-1))).toBe('')
  })

  it('papermill gives the chapter its parameters', () => {
    const path = join(folder, 'chapter.ipynb')
    const { status, stderr } = withPapermill([chapterNotebook, path, '-p', 'blocks', '12', '--prepare-only'])
    expect(status, stderr).toBe(0)
    expect(stderr).not.toContain('unknown parameter')
    const injected = codeCells(path).find((cell) => cellTags(cell).includes('injected-parameters'))
    expect(injected?.source).toContain('void Object.assign(params, {\n  "blocks": 12\n}')
  })
})
