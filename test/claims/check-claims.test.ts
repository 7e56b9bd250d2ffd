import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkClaims, metrics, readClaims } from '../../src/entries/analysis.js'
import { projectRoot } from '../../src/project.js'
import type { FactorEntry } from '../../src/study/factors/factor.js'
import { factors } from '../../src/study/factors/factors.js'
import { ownClaims } from './own-claims.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab claims '))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(text: string): string {
  const path = join(folder, 'my.json')
  writeFileSync(path, text)
  return path
}

/** The claims with one value replaced, by its path; `undefined` leaves it out. */
function changed(path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(ownClaims)) as Record<string, unknown>
  const steps = path.split('.')
  const parent = steps.slice(0, -1).reduce<Record<string, unknown>>((at, step) => at[step] as never, copy)
  parent[steps.at(-1)!] = value
  return copy
}

const refusal = (stated: unknown): string => {
  try {
    readClaims(write(JSON.stringify(stated)))
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError)
    return (error as Error).message
  }
  return 'nothing'
}

describe('readClaims(path)', () => {
  it('readClaims reads what fits, with a digest that does not depend on where the file is', () => {
    const claims = readClaims(write(JSON.stringify(ownClaims)))
    expect(claims).toMatchObject({ title: 'Claims about encodings', source: 'a colleague', note: null })
    expect(claims.claims.map(({ id }) => id)).toEqual(ownClaims.claims.map(({ id }) => id))
    expect(claims.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(readClaims(write(`${JSON.stringify(ownClaims)}\n`)).digest).not.toBe(claims.digest)
    expect(checkClaims(ownClaims)).toEqual({ ...claims, digest: null })
  })

  it('readClaims reads the example of docs/claims.md', () => {
    const page = readFileSync(join(projectRoot, 'docs', 'claims.md'), 'utf8')
    const example = /```json\n(.*?)```/s.exec(page)![1]!
    expect(readClaims(write(example)).claims.map(({ id }) => id)).toEqual(['H1'])
  })

  it('readClaims says what is no file and what is no JSON', () => {
    expect(() => readClaims(join(folder, 'none.json'))).toThrow(
      /^Expected a file of claims at .*none\.json, got none: /,
    )
    expect(() => readClaims(write('{ claims: [] }'))).toThrow(/^Expected my\.json to be JSON: /)
    expect(() => readClaims(write('{ "claims": [{ "id": "a\\nb", "claim": "c" }] }'))).toThrow(
      /^my\.json, claims\[0\]: Expected `id` to be [^\n]+$/m,
    )
    expect(() => readClaims(write('[\n\n'))).toThrow(/^Expected my\.json to be JSON: .+$/)
  })

  it.each<[string, unknown, string]>([
    ['claims', undefined, 'my.json: Expected `claims`, got none; what is written is to be an object with a list'],
    ['claims', [], 'my.json: Expected `claims` to be a list of claims, each { "id", "claim", "test" }, got []'],
    [
      'arrangement',
      {},
      'my.json: Expected what is written to have nothing but $schema, title, source, fixed, claims, note, got "arrangement"',
    ],
    ['fixed', { worker: 2 }, 'my.json: Expected `fixed` to have nothing but workers, batchSize, dispatch,'],
    ['fixed', { dispatch: 'slit' }, 'my.json: Expected `fixed.dispatch` to be one of split, queue, got "slit"'],
    [
      'claims.1.id',
      undefined,
      'my.json, claims[1]: Expected `id`, got none; what is written is to be a claim: { "id": "H1",',
    ],
    [
      'claims.1.id',
      'H 2',
      'my.json, claim H 2: Expected `id` to be letters, digits, - and _ that no other claim has, such as "H1", got "H 2"',
    ],
    [
      'claims.1.expected',
      'less',
      'my.json, claim H2: Expected what is written to have nothing but id, claim, test, got "expected"',
    ],
    [
      'claims.2.test.kind',
      'best',
      'my.json, claim H3: Expected `test.kind` to be one of contrasts, spread, best-set, interaction, shift, change, relief, rule, peak, report, measurement, got "best"',
    ],
    ['claims.2.test.kind', undefined, 'my.json, claim H3: Expected `test.kind`'],
    [
      'claims.2.test.count',
      1,
      'my.json, claim H3: Expected `test` to have nothing but kind, over, where, metric, expected, alone, got "count"',
    ],
    ['claims.2.test.metric', 'totalMS', 'my.json, claim H3: Expected `test.metric` to be one of totalMs, insertMs,'],
    ['claims.2.test.metric', undefined, 'my.json, claim H3: Expected `test.metric`, got none'],
    ['claims.2.test.over', 'codec', 'my.json, claim H3: Expected `test.over` to be one of workers, batchSize,'],
    [
      'claims.0.test.contrasts',
      [],
      'my.json, claim H1: Expected `test.contrasts` to be a list of the contrasts that are tested, each { "a", "b", "metric", "claim" }, got []',
    ],
    [
      'claims.0.test.contrasts.0.a.workers',
      0,
      'my.json, claim H1: Expected `test.contrasts[0].a.workers` to be a whole number from 1: workers',
    ],
    [
      'claims.0.test.contrasts.0.a.workers',
      '2',
      'my.json, claim H1: Expected `test.contrasts[0].a.workers` to be a whole number from 1: workers, each with one connection of its own, got "2"',
    ],
    [
      'claims.0.test.contrasts.0.claim',
      {},
      'my.json, claim H1: Expected `test.contrasts[0].claim` to be one of fasterBy, slowerBy, lessBy, moreBy, ratio with two shares, such as { "fasterBy": [0.05, 0.15] }, got {}',
    ],
    [
      'claims.0.test.contrasts.0.claim',
      { betterBy: [0, 1] },
      'my.json, claim H1: Expected `test.contrasts[0].claim` to have nothing but fasterBy, slowerBy, lessBy, moreBy, ratio, got "betterBy"',
    ],
    [
      'claims.0.test.contrasts.0.claim',
      { fasterBy: [0.05] },
      'my.json, claim H1: Expected `test.contrasts[0].claim.fasterBy` to be two shares in ascending order, such as [0.05, 0.15], the second null for no greatest, got [0.05]',
    ],
    [
      'claims.0.test.contrasts.0.claim',
      { fasterBy: [-0.05, null] },
      'my.json, claim H1: Expected `test.contrasts[0].claim.fasterBy[0]` to be a share of 0 or more, such as 0.05, got -0.05',
    ],
    [
      'claims.5.test.settings',
      [{ workers: 2 }, { workers: 2 }],
      'my.json, claim H6: Expected `test.settings` to be a list of the settings in which the levels of `over` are compared, such as',
    ],
    [
      'claims.7.test.between',
      ['text'],
      'my.json, claim H8: Expected `test.between` to be two levels of `by`, between which the best levels of `of` move',
    ],
    ['claims.7.test.best', 'moves', 'my.json, claim H8: Expected `test.best` to be one of rises, falls, got "moves"'],
    [
      'claims.10.test.measured.0.ratio',
      0,
      'my.json, claim H11: Expected `test.measured[0].ratio` to be a / b as the source measured it, above 0, such as 1.22, got 0',
    ],
  ])('readClaims refuses a shape: %s %j', (path, value, message) => {
    expect(refusal(changed(path, value))).toContain(message)
  })

  it.each<[string, unknown, string]>([
    ['claims.1.id', 'H1', 'my.json, claim H1: Expected `id` to be one that no other claim has, got "H1" twice'],
    [
      'claims.0.test.contrasts.0.claim',
      { fasterBy: [0.15, 0.05] },
      'my.json, claim H1: Expected `test.contrasts[0].claim` to be two shares in ascending order, such as [0.05, 0.15], got [0.15,0.05]',
    ],
    [
      'claims.0.test.contrasts.0.claim',
      { lessBy: [1.2, null] },
      'my.json, claim H1: Expected `test.contrasts[0].claim` to be less by under 1, got [1.2,null]',
    ],
    [
      'claims.0.test.contrasts.0.metric',
      'memoryBytes',
      'my.json, claim H1: Expected `test.contrasts[0].claim` to be one of `lessBy`, `moreBy` or `ratio` for memoryBytes, got `fasterBy`',
    ],
    [
      'claims.0.test.contrasts.0.a',
      { workers: 2 },
      'my.json, claim H1: Expected `test.contrasts[0].a` to name `batchSize` as `test.contrasts[0].b` does, got {"workers":2}',
    ],
    [
      'claims.0.test.contrasts.0.b',
      { encoding: 'binary', workers: 2, batchSize: 1000 },
      'my.json, claim H1: Expected `test.contrasts[0].a` and `test.contrasts[0].b` to be different treatments, got {"encoding":"binary"',
    ],
    [
      'claims.0.test.beside',
      [{ a: { workers: 2 }, b: { workers: 4 }, metric: 'bytes', claim: { fasterBy: [0, null] } }],
      'my.json, claim H1: Expected `test.beside[0].claim` to be one of `lessBy`',
    ],
    [
      'claims.1.test.claim',
      { fasterBy: [0, null] },
      'my.json, claim H2: Expected `test.claim` to be one of `lessBy`, `moreBy` or `ratio` for the spread of insertMs, got `fasterBy`',
    ],
    ['claims.1.test.b', { workers: 2 }, 'my.json, claim H2: Expected `test.b` to name `batchSize` as `test.a` does'],
    [
      'claims.2.test.where',
      { encoding: 'text' },
      'my.json, claim H3: Expected `test.where` not to name `encoding`, whose levels are compared',
    ],
    [
      'claims.2.test.expected',
      'csv',
      'my.json, claim H3: Expected `test.expected` to be a level of `encoding` ("text" | "binary"), got "csv"',
    ],
    [
      'claims.3.test.by',
      'encoding',
      'my.json, claim H4: Expected `test.by` to be another factor than `test.of`, got encoding twice',
    ],
    [
      'claims.7.test.of',
      'dispatch',
      'my.json, claim H8: Expected `test.of` to be a factor of numbers, whose levels rise or fall, got dispatch',
    ],
    [
      'claims.7.test.between',
      ['text', 'csv'],
      'my.json, claim H8: Expected `test.between[1]` to be a level of `encoding` ("text" | "binary"), got "csv"',
    ],
    [
      'claims.7.test.between',
      ['text', 'text'],
      'my.json, claim H8: Expected `test.between` to be two levels of `encoding`, got "text" twice',
    ],
    [
      'claims.8.test.to',
      { encoding: 'binary', workers: 2, batchSize: 1000 },
      'my.json, claim H9: Expected `test.from` and `test.to` to be different treatments',
    ],
    ['claims.9.test.a', { workers: 2 }, 'my.json, claim H10: Expected `test.a` to name `batchSize` as `test.b` does'],
    [
      'claims.10.test.measured.0.b',
      { workers: 2 },
      'my.json, claim H11: Expected `test.measured[0].b` to name `batchSize` as `test.measured[0].a` does',
    ],
    [
      'claims.3.test.claim',
      { lessBy: [2, null] },
      'my.json, claim H4: Expected `test.claim` to be less by under 1, got [2,null]',
    ],
    [
      'claims.4.test.to',
      { encoding: 'binary', workers: 2, batchSize: 1000 },
      'my.json, claim H5: Expected `test.from` and `test.to` to be different treatments',
    ],
    [
      'claims.4.test.effect.metric',
      'walBytes',
      'my.json, claim H5: Expected `test.effect.claim` to be one of `lessBy`',
    ],
    [
      'claims.4.test.relieved',
      [{ dispatch: 'queue' }],
      'my.json, claim H5: Expected `test.relieved[0]` to differ from `fixed`, got the same levels',
    ],
    [
      'claims.4.test.relieved',
      [{ workers: 1 }],
      'my.json, claim H5: Expected `test.relieved[0]` to name other factors than `test.from` and `test.to`, got workers',
    ],
    [
      'claims.5.test.settings',
      [{ workers: 1 }, { encoding: 'text' }],
      'my.json, claim H6: Expected `test.settings[1]` not to name `encoding`, whose levels are compared',
    ],
    [
      'claims.6.test.where',
      { workers: 2 },
      'my.json, claim H7: Expected `test.where` not to name `workers`, whose levels are compared',
    ],
  ])('readClaims refuses a meaning: %s %j', (path, value, message) => {
    expect(refusal(changed(path, value))).toContain(message)
  })

  it.each(['toString', 'valueOf', '__proto__'])('readClaims refuses a key that every object has: %s', (key) => {
    const text = JSON.stringify(ownClaims).replace(
      '"claims":',
      `"claims":[{"${key}":false},{"${key}":false}],"others":`,
    )
    expect(() => readClaims(write(text))).toThrow(`my.json: no key may be called "${key}"`)
  })

  it('readClaims names every mistake, one a line', () => {
    const two = changed('claims.0.test.contrasts.0.claim', { lessBy: [2, null] }) as typeof ownClaims
    const lines = refusal({ ...two, claims: [...two.claims, { ...two.claims[6]!, id: 'H1' }] }).split('\n')
    expect(lines).toHaveLength(2)
    expect(lines.every((line) => line.startsWith('my.json, claim H1: Expected '))).toBe(true)
    expect(() => checkClaims({ claims: [] }, 'mine')).toThrow('mine: Expected `claims` to be a list')
  })
})

describe('claims.schema.json', () => {
  const schema = JSON.parse(readFileSync(join(projectRoot, 'src', 'claims', 'claims.schema.json'), 'utf8')) as {
    readonly definitions: {
      readonly metric: { readonly enum: readonly string[] }
      readonly factor: { readonly enum: readonly string[] }
      readonly selection: { readonly properties: Readonly<Record<string, unknown>> }
    }
  }

  /** A factor's levels, as the schema has to say them. */
  function levelSchema(entry: FactorEntry): object {
    switch (entry.kind) {
      case 'count': {
        const description = `a whole number from ${entry.from}: ${entry.summary}`
        return { type: 'integer', minimum: entry.from, description }
      }
      case 'limit': {
        const description = `a whole number from ${entry.from}, or null: ${entry.summary}`
        return { type: ['integer', 'null'], minimum: entry.from, description }
      }
      case 'choice':
        return { enum: entry.levels, description: `one of ${entry.levels.join(', ')}: ${entry.summary}` }
      case 'switch':
        return { type: 'boolean', description: `true or false: ${entry.summary}` }
      case 'spelled':
        return { type: 'string', minLength: 1, description: `a text, ${entry.usage}: ${entry.summary}` }
      default:
        return { type: 'string', minLength: 1, description: `the name of one: ${entry.summary}` }
    }
  }

  it('names the metrics, the factors and their levels that there are', () => {
    const { metric, factor, selection } = schema.definitions
    expect(metric.enum).toEqual(Object.keys(metrics))
    expect(factor.enum).toEqual(Object.keys(factors))
    const levels = Object.entries(factors).map(([name, entry]) => [name, levelSchema(entry)])
    expect(selection.properties).toEqual(Object.fromEntries(levels))
  })

  it('is found by editors from data/claims.json', () => {
    const { $schema } = JSON.parse(readFileSync(join(projectRoot, 'data', 'claims.json'), 'utf8')) as {
      $schema: string
    }
    expect(join(projectRoot, 'data', $schema)).toBe(join(projectRoot, 'src', 'claims', 'claims.schema.json'))
  })
})
