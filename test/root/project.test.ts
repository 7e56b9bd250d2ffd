import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dependencyOn, inCheckout, packageRoot, projectOf, projectRoot } from '../../src/project.js'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'copylab project ')))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(file: string, text: string): string {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
  return join(folder, file)
}

const installed = (): string => join(folder, 'thesis', 'node_modules', 'copylab')

test("in copylab's own checkout package and project are one folder", () => {
  expect(packageRoot).toBe(resolve(import.meta.dirname, '..', '..'))
  expect(projectRoot).toBe(packageRoot)
  expect(inCheckout).toBe(true)
  expect(projectOf(join(packageRoot, 'notebooks'), packageRoot)).toBe(packageRoot)
  expect(projectOf(join(packageRoot, 'test', 'versions'), packageRoot)).toBe(packageRoot)
  expect(projectOf(folder, packageRoot)).toBe(packageRoot)
})

test.each(['dependencies', 'devDependencies', 'optionalDependencies'])(
  'projectOf finds the nearest folder whose package.json names copylab among its %s',
  (list) => {
    write('package.json', '{ "dependencies": { "copylab": "1.0.0" } }')
    write('thesis/package.json', JSON.stringify({ [list]: { copylab: '1.0.0' } }))
    write('thesis/notebooks/package.json', '{ "dependencies": { "left": "1.0.0" } }')
    expect(projectOf(join(folder, 'thesis', 'notebooks'), installed())).toBe(join(folder, 'thesis'))
    expect(projectOf(join(folder, 'thesis', 'notebooks'), packageRoot)).toBe(join(folder, 'thesis'))
    expect(dependencyOn('copylab', join(folder, 'thesis'))).toBe('1.0.0')
    expect(dependencyOn('copylab', join(folder, 'thesis', 'notebooks'))).toBe(null)
  },
)

test('projectOf finds the folder that holds node_modules/copylab, also from inside of that', () => {
  write('thesis/node_modules/copylab/package.json', '{ "devDependencies": { "copylab": "file:." } }')
  write('thesis/notebooks/mine.ipynb', '{}')
  expect(projectOf(join(folder, 'thesis', 'notebooks'), installed())).toBe(join(folder, 'thesis'))
  expect(projectOf(join(installed(), 'notebooks'), installed())).toBe(join(folder, 'thesis'))
})

test('projectOf takes the current folder where copylab is installed elsewhere', () => {
  expect(projectOf(folder, join('/', 'usr', 'lib', 'node_modules', 'copylab'))).toBe(folder)
})

test('projectOf passes by a package.json that cannot be read', () => {
  write('thesis/package.json', '{')
  write('package.json', '{ "dependencies": { "copylab": "1.0.0" } }')
  expect(projectOf(join(folder, 'thesis'), installed())).toBe(folder)
})
