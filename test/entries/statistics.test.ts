import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import * as statistics from '../../src/entries/statistics.js'
import { documentedFunctions } from './documented.js'

const functions = documentedFunctions('statistics')

/** A line of an example that says what it gives: `median([3, 1, 2]) // 2`. */
const valued = /^(?!const |let )(\S.*?) \/\/ (.+)$/

/** The lines of an example that state a value, and such lines with the values found instead. */
function runExample(code: string): { stated: string[]; found: string[] } {
  const lines = code.split('\n')
  const body = lines.map((line) => line.replace(valued, (_, expression) => `given.push(${expression})`)).join('\n')
  const script = ts.transpile(body, { target: ts.ScriptTarget.ES2022 })
  const given: unknown[] = []
  new Function('given', ...Object.keys(statistics), script)(given, ...Object.values(statistics))
  const stated = lines.filter((line) => valued.test(line))
  return { stated, found: stated.map((line, k) => `${valued.exec(line)![1]} // ${inWords(given[k])}`) }
}

/** A value as examples state it: numbers with 4 digits. */
function inWords(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)))
  if (Array.isArray(value)) return `[${value.map(inWords).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${inWords(field)}`)
  return `{ ${fields.join(', ')} }`
}

describe('copylab/statistics', () => {
  it('holds functions', () => {
    expect(functions.map(({ name }) => name).sort()).toEqual(Object.keys(statistics).sort())
    expect(functions.length).toBeGreaterThan(25)
  })

  it.each(functions)('$name gives what its example says', ({ name, examples }) => {
    expect(examples).toHaveLength(1)
    expect(examples[0]).toContain(`${name}(`)
    const { stated, found } = runExample(examples[0]!)
    expect(stated.length).toBeGreaterThan(0)
    expect(found).toEqual(stated)
  })

  it.each(functions)('$name says what it refuses, and where it comes from', ({ text, refusals }) => {
    expect(refusals.join('\n')).toMatch(/^`(TypeError|RangeError)` /)
    expect(text).toMatch(/\b(18|19|20)\d\d\b/)
  })
})
