import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runNotebook } from '../../src/entries/chapter.js'
import { projectRoot } from '../../src/project.js'
import { madePlan, writeStudy } from '../study/journal/made-study.js'

let folder: string
let hit: string
let refused: string
let old: string

const edit = (path: string, change: (lines: string[]) => readonly string[]): void =>
  writeFileSync(
    path,
    change(readFileSync(path, 'utf8').split('\n').slice(0, -1))
      .map((line) => `${line}\n`)
      .join(''),
  )

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab damaged cli '))
  const journalOf = (name: string): string => writeStudy(folder, madePlan({ name, blocks: 7 }))
  journalOf('whole')
  hit = journalOf('hit')
  refused = journalOf('refused')
  old = journalOf('old')
  // The fourth line is the second trial, of the first block.
  edit(hit, (lines) => lines.map((line, k) => (k === 3 ? line.replace('"totalMs":29', '"totalMs":39') : line)))
  edit(refused, (lines) => lines.map((line, k) => (k === 0 ? line.replace('"seed":1', '"seed":3') : line)))
  edit(old, (lines) =>
    lines.map((line) => line.replace(/^\{"line":\d+,/, '{').replace(/,"digest":"[0-9a-f]{16}"\}$/, '}')),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command line in the folder of the studies. */
function copylab(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const command = [join(projectRoot, 'dist', 'cli.js'), ...args, '--folder', folder]
    execFile(process.execPath, command, { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

const compared = ['--a', 'workers=2', '--b', 'workers=4', '--json']

describe('commands that read a journal with a damaged line', () => {
  it.each([
    ['trials', ['trials', 'hit', '--json']],
    ['compare', ['compare', 'hit', ...compared]],
    ['check', ['check', 'hit', '--json']],
    ['best', ['best', 'hit', '--json']],
    ['claims', ['claims', 'hit']],
  ])('copylab %s warns of file and line, and goes on without it', async (_, args) => {
    const { code, stdout, stderr } = await copylab(...args)
    expect(stderr).toContain(`${hit}:4: damaged, since its digest does not match its text: not counted`)
    expect(stderr.match(/: damaged, since/g)).toHaveLength(1)
    expect(code).toBe(0)
    if (args[0] === 'trials') expect(JSON.parse(stdout)).toHaveLength(13)
    if (args[0] === 'compare') expect(JSON.parse(stdout)).toMatchObject({ comparisons: [{ blocks: 6 }] })
    if (args[0] === 'check')
      expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ code: 'damaged-line', trials: [] }))
  })

  it('copylab trials lists the studies in addition to one that is refused by name, and fails', async () => {
    const { code, stdout, stderr } = await copylab('trials', '--json')
    expect((JSON.parse(stdout) as { study: string }[]).map(({ study }) => study)).toEqual(['hit', 'old', 'whole'])
    expect(stderr).toContain(`${refused}:1: damaged: the journal of refused holds no plan that can be trusted`)
    expect(code).toBe(1)
  })

  it('copylab compare of a study without a plan is refused by name, and of a whole one says nothing', async () => {
    const [bad, good] = await Promise.all([
      copylab('compare', 'refused', ...compared),
      copylab('compare', 'whole', ...compared),
    ])
    expect(bad).toMatchObject({ code: 1, stdout: '' })
    expect(bad.stderr).toMatch(
      /refused holds no plan that can be trusted, .*; restore the file, or start again with --fresh/,
    )
    expect(good).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(good.stdout)).toMatchObject({ comparisons: [{ blocks: 7 }] })
  })

  it('copylab says once of a journal that it carries no digests', async () => {
    const { code, stderr } = await copylab('diff', 'old', 'whole')
    expect(code).toBe(0)
    expect(stderr).toBe(`${old} has lines from before lines carried digests: damage inside one of them may go unseen\n`)
  })
})

it('a cell that reads a damaged journal says so, every time, and of one without digests once', async () => {
  const read = (name: string): string => `readStudy('${name}', { folder: ${JSON.stringify(folder)} }).trials.length`
  const sources = [`import { readStudy } from 'copylab/executor'`, ...['hit', 'hit', 'old', 'old', 'whole'].map(read)]
  const path = join(folder, 'reading.ipynb')
  const cells = sources.map((source, k) => ({
    cell_type: 'code',
    id: `cell${k}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  }))
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }))
  const run = await runNotebook(path, { cwd: join(projectRoot, 'notebooks') })
  expect(run.errors).toEqual([])
  const said = run.notebook.cells.map((cell) =>
    cell.cell_type === 'code'
      ? cell.outputs.flatMap((output) =>
          output.output_type === 'stream' && output.name === 'stderr' ? [output.text] : [],
        )
      : [],
  )
  expect(said.map((texts) => texts.length)).toEqual([0, 1, 1, 1, 0, 0])
  expect(said[2]![0]).toContain(':4: damaged, since')
  expect(said[3]![0]).toContain('from before lines carried digests')
})
