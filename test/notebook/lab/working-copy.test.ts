import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Notebook } from '../../../src/entries/chapter.js'
import { readNotebook, writeNotebook } from '../../../src/notebook/file/notebook-file.js'
import { workingCopy } from '../../../src/notebook/lab/working-copy.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab copy '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const notebookOf = (source: string): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { title: 'T' },
  cells: [{ cell_type: 'code', id: 'a', metadata: {}, source, execution_count: 3, outputs: [] }],
})

test('workingCopy makes a copy once, keeps it as it was left, and tells when the original has other cells', async () => {
  const [original, copy] = [join(folder, 'original.ipynb'), join(folder, 'mine.ipynb')]
  await writeNotebook(notebookOf('1'), original)
  expect(await workingCopy(original, copy)).toEqual({ state: 'made', originalChanged: false })
  const made = await readNotebook(copy)
  expect(made).toMatchObject({ cells: notebookOf('1').cells, metadata: { title: 'T' } })

  await writeNotebook({ ...made, cells: [] }, copy)
  const left = readFileSync(copy, 'utf8')
  expect(await workingCopy(original, copy)).toEqual({ state: 'kept', originalChanged: false })
  await writeNotebook(notebookOf('2'), original)
  expect(await workingCopy(original, copy)).toEqual({ state: 'kept', originalChanged: true })
  expect(readFileSync(copy, 'utf8')).toBe(left)

  // A notebook of the same name that is no such copy is opened all the same.
  await writeNotebook(notebookOf('x'), copy)
  expect(await workingCopy(original, copy)).toEqual({ state: 'kept', originalChanged: null })
})
