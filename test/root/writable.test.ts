import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runStudy, synthetic } from '../../src/entries/executor.js'
import { makeFolder, unwritable, writeWhole } from '../../src/writable.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-writable-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const failure = (code: string): unknown => Object.assign(new Error(`${code}: no, write`), { code, syscall: 'write' })

test('unwritable says which file, why, and what helps', () => {
  const said = (code: string, elsewhere?: string): string => unwritable('/a/b.txt', failure(code), elsewhere).message
  expect(said('ENOSPC')).toBe('/a/b.txt cannot be written, the disk is full: make room on it')
  expect(said('EROFS', 'use --folder')).toBe(
    '/a/b.txt cannot be written, the file system is read-only: make it writable, or use --folder',
  )
  expect(said('EACCES')).toBe('/a/b.txt cannot be written, you may not write there: make it writable for you')
  expect(said('EIO')).toBe('/a/b.txt cannot be written, EIO: no, write: name another place')
  const other = new TypeError('no')
  expect(unwritable('/a', other)).toBe(other)
  const once = unwritable('/a', failure('EDQUOT'))
  expect(unwritable('/b', once)).toBe(once)
})

test('makeFolder makes each folder of a path, and names one that cannot be made', () => {
  makeFolder(join(folder, 'a', 'b', 'c'))
  makeFolder(join(folder, 'a', 'b'))
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['c'])
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeFolder(join(folder, 'file', 'x', 'y'), 'use --out')).toThrow(
    `${join(folder, 'file', 'x', 'y')} cannot be written, a part of its path is a file, not a folder: remove that file, or use --out`,
  )
  expect(() => makeFolder(join(folder, 'file'))).toThrow('a file has its name')
})

const isLinux = process.platform === 'linux'
test.skipIf(!isLinux)(
  `makeFolder ends where no folder can be${isLinux ? '' : ', which is tried in /proc of Linux'}`,
  () => {
    expect(() => makeFolder('/proc/copylab/below')).toThrow('/proc/copylab/below cannot be written')
  },
)

test('writeWhole replaces a file at once, through a link, and keeps what it may', () => {
  const file = join(folder, 'kept.txt')
  writeFileSync(file, 'old')
  chmodSync(file, 0o640)
  symlinkSync('kept.txt', join(folder, 'link'))
  writeWhole(join(folder, 'link'), 'new')
  expect(readFileSync(file, 'utf8')).toBe('new')
  expect(readlinkSync(join(folder, 'link'))).toBe('kept.txt')
})

test.skipIf(!isLinux)(
  `writeWhole leaves no half of a file${isLinux ? '' : ': tried with the limit that a shell of Linux sets'}`,
  () => {
    const file = join(folder, 'limited')
    writeFileSync(file, 'old')
    const script = `import { writeWhole } from ${JSON.stringify(new URL('../../dist/writable.js', import.meta.url).href)}
process.on('SIGXFSZ', () => {})
try { writeWhole(${JSON.stringify(file)}, 'x'.repeat(1e6)) } catch (error) { console.log(error.message) }`
    const limited = ['-c', 'ulimit -f 8; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', script]
    const { stdout } = spawnSync('/bin/sh', limited, { encoding: 'utf8' })
    expect(stdout).toContain(`${file} cannot be written, EFBIG`)
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(readdirSync(folder).filter((name) => name.includes('draft'))).toEqual([])
  },
)

test.skipIf(!isLinux)(
  `a study names the folder that it cannot be kept in, before a server is started${isLinux ? '' : ': tried in /proc of Linux'}`,
  async () => {
    const input = synthetic({ records: 100 })
    const factors = { workers: [1], batchSize: [100] }
    await expect(runStudy({ name: 'kept', input, factors, blocks: 1, folder: '/proc/copylab' })).rejects.toThrow(
      /^\/proc\/copylab\/kept cannot be written, .*, or name another folder with --folder \(`folder`\)$/,
    )
  },
)
