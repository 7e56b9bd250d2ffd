import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { watchCode } from '../../src/notebook/code-watch.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'copylab code '))
})
afterEach(() => rmSync(root, { recursive: true }))

/** Writes a file that changed at the given second. */
function write(path: string, second: number): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), '')
  utimesSync(join(root, path), second, second)
}
const watched = (loadedAtSecond: number) =>
  watchCode({ source: join(root, 'src'), built: join(root, 'dist'), loadedAt: loadedAtSecond * 1000 })

test('watchCode is silent while source, build and loaded code are of one state, and outside of a checkout', () => {
  write('dist/chapter/display.js', 20)
  expect(watched(30)()).toBeNull()
  write('src/chapter/display.ts', 10)
  expect(watched(30)()).toBeNull()
})

test('watchCode names a file that is newer than the build, once for each change', () => {
  write('src/index.ts', 10)
  write('src/executor/load/copy.ts', 10)
  write('dist/executor/load/copy.js', 20)
  const stale = watched(30)
  expect(stale()).toBeNull()
  write('src/executor/load/copy.ts', 40)
  const warning =
    'This kernel runs code that is older than src/executor/load/copy.ts: run `npm run build`, then restart the kernel.'
  expect(stale()).toBe(warning)
  expect(stale()).toBeNull()
  write('src/executor/load/copy.ts', 50)
  expect(stale()).toBe(warning)
  write('src/index.ts', 60)
  expect(stale()).toContain('src/index.ts')
  expect(stale()).toBeNull()
})

test('watchCode asks for a restart when the code was built again after it was loaded', () => {
  write('src/executor/load/copy.ts', 40)
  write('dist/executor/load/copy.js', 50)
  const stale = watched(30)
  expect(stale()).toBe(
    'This kernel runs code from before the last build, whose newest source is src/executor/load/copy.ts: restart the kernel.',
  )
  expect(stale()).toBeNull()
  write('dist/executor/load/copy.js', 60)
  expect(stale()).toContain('restart the kernel')
  expect(watched(70)()).toBeNull()
})

test('watchCode counts a build that was taken away as older than its source', () => {
  write('src/index.ts', 10)
  expect(watched(30)()).toContain('npm run build')
})
