import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import * as statistics from '../../src/entries/statistics.js'
import { projectRoot } from '../../src/project.js'
import { examplesIn, runExample } from './examples.js'

const homes = ['statistics', 'scaling'].flatMap((folder) => {
  const path = join(projectRoot, 'src/analysis', folder)
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(path, file))
})

const names = Object.keys(statistics)
const examples = homes.flatMap(examplesIn).filter(({ name }) => names.includes(name))

describe('copylab/statistics', () => {
  it('holds functions, each with an example', () => {
    expect(Object.values(statistics).every((value) => typeof value === 'function')).toBe(true)
    expect(names.length).toBeGreaterThan(25)
    expect(examples.map(({ name }) => name).sort()).toEqual([...names].sort())
  })

  it.each(examples)('$name gives what its example says', (example) => {
    const stated = runExample(example, statistics)
    expect(stated.length).toBeGreaterThan(0)
    expect(stated.map(({ line, found }) => ({ line, found }))).toEqual(
      stated.map(({ line, stated: found }) => ({ line, found })),
    )
  })

  it.each(names)('%s says what it refuses', (name) => {
    const file = homes.find((path) => examplesIn(path).some((one) => one.name === name))!
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
    const declared = source.statements.find(
      (statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === name,
    )!
    const tags = ts.getJSDocTags(declared).map(({ tagName }) => tagName.text)
    expect(tags).toEqual(expect.arrayContaining(['throws', 'example']))
  })
})
