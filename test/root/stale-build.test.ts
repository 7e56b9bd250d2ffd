import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildState, staleBuild } from '../../src/stale-build.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'copylab build '))
})
afterEach(() => rmSync(root, { recursive: true }))

test('buildState compares the files that changed last, and is never stale without source', () => {
  const [source, built] = [join(root, 'src'), join(root, 'dist')]
  expect(buildState({ source, built })).toEqual({ edited: null, builtAt: 0, isStale: false })
  for (const [folder, second] of [
    [source, 10],
    [built, 20],
  ] as const) {
    mkdirSync(join(folder, 'part'), { recursive: true })
    writeFileSync(join(folder, 'part', 'a.ts'), '')
    utimesSync(join(folder, 'part', 'a.ts'), second, second)
  }
  expect(buildState({ source, built })).toMatchObject({ builtAt: 20_000, isStale: false })
  utimesSync(join(source, 'part', 'a.ts'), 30, 30)
  const edited = { path: join(source, 'part', 'a.ts'), changedAt: 30_000 }
  expect(buildState({ source, built })).toEqual({ edited, builtAt: 20_000, isStale: true })
})

test('staleBuild says nothing of code that runs from its source', () => {
  expect(staleBuild()).toBeNull()
})
