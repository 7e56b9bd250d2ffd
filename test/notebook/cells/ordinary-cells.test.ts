import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type CodeCell, type Notebook, runNotebook } from '../../../src/entries/chapter.js'
import { writeNotebook } from '../../../src/notebook/file/notebook-file.js'
import { projectRoot } from '../../../src/project.js'
import { notebookOf } from './notebook-of.js'
import { ordinaryCells } from './ordinary-cells.js'
import { shownText } from './shown-text.js'

describe('ordinary cells in the kernel', () => {
  let executed: readonly CodeCell[]
  let stderr: string
  beforeAll(async () => {
    const folder = mkdtempSync(join(projectRoot, 'test', 'notebook', 'cells-'))
    try {
      const path = join(folder, 'cells.ipynb')
      await writeNotebook(notebookOf(ordinaryCells.map(({ code }) => code)), path)
      const run = await runNotebook(path, { stopOnError: false })
      executed = (run.notebook satisfies Notebook).cells.filter((cell): cell is CodeCell => cell.cell_type === 'code')
      stderr = run.stderr
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 120_000)

  it.each(ordinaryCells.map((cell, k) => [k, cell] as const))('%i %s', (k, { shows }) => {
    const text = shownText(executed[k]!.outputs)
    if (shows instanceof RegExp) expect(text).toMatch(shows)
    else expect(text).toBe(shows ?? '')
  })

  it('write nothing on stderr', () => {
    expect(stderr).toBe('')
  })
})
