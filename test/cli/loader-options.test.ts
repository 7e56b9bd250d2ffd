import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadersOf } from '../../src/cli/options/loader-options.js'
import { program } from '../../src/study/factors/loaders.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-loaders-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const psql = { command: 'sh', args: ['load.sh', '{files}'] }

test('programs of a file are all levels, or those that are named', () => {
  const loaders = join(folder, 'loaders.json')
  writeFileSync(loaders, JSON.stringify({ psql, other: { command: 'other' } }))
  expect(loadersOf({})).toEqual({})
  expect(loadersOf({ loaders })).toEqual({ loader: { psql, other: { command: 'other' } } })
  expect(loadersOf({ loaders, loader: { copylab: {}, psql: null } })).toEqual({ loader: { copylab: {}, psql } })
  const typed = { mine: { command: 'mine' } }
  expect(loadersOf({ loader: typed })).toEqual({ loader: typed })
})

test('a name that nothing explains, and a file that cannot be read, are named', () => {
  const loaders = join(folder, 'loaders.json')
  expect(() => loadersOf({ loader: { psql: null } })).toThrow(
    'Expected --loader psql to be psql=command, or the name of a program of a file, and no file of loaders is given (--loaders)',
  )
  expect(() => loadersOf({ loaders })).toThrow(
    `Expected --loaders to name a JSON file of programs, got ${loaders}, which cannot be read (ENOENT)`,
  )
  writeFileSync(loaders, JSON.stringify({ psql }))
  expect(() => loadersOf({ loaders, loader: { plsq: null } })).toThrow(`and ${loaders} has psql`)
})

test('no program of a file or in code is named copylab', () => {
  const loaders = join(folder, 'loaders.json')
  writeFileSync(loaders, JSON.stringify({ psql, copylab: { command: 'sh' } }))
  for (const loader of [undefined, { copylab: {} }, { psql: null }]) {
    expect(() => loadersOf({ loaders, loader })).toThrow(
      `Expected a program of ${loaders} not to be named copylab, which is copylab's own loader: give it another name`,
    )
  }
  expect(() => program({ name: 'copylab', ...psql })).toThrow('Expected a program not to be named copylab, which is')
})
