import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csv, flights, type Input, inputNamed, inspected, synthetic } from '../../../src/entries/executor.js'
import { projectRoot } from '../../../src/project.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab named '))
  mkdirSync(join(folder, 'sales'))
  writeFileSync(join(folder, 'sales', 'a.csv'), 'id;price\n1;2,5\n2;3,5\n3;4,5\n')
  writeFileSync(join(folder, 'sales', 'b.txt'), 'no table at all\n')
  writeFileSync(join(folder, 'analyse.mjs'), 'export default ([id]) => [Number(id)]\n')
  writeFileSync(join(folder, 'strange.mjs'), 'export default 1\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

const described = async (...args: Parameters<typeof inputNamed>): Promise<Input> => inspected(inputNamed(...args))

describe('inputNamed', () => {
  it('gives the inputs that are named by a word, with their options', async () => {
    expect((await described('flights')).describe()).toEqual(flights().describe())
    expect((await described('flights', { records: 9, offset: 4, onBadRecord: 'skip' })).describe()).toEqual(
      flights({ records: 9, offset: 4, onBadRecord: 'skip' }).describe(),
    )
    expect((await described('flights', { records: 0, offset: 100 })).limit).toBe(2_999_900)
    expect((await described('synthetic', { records: 7 })).describe()).toEqual(synthetic({ records: 7 }).describe())
  })

  it('gives the files at a path, seen from the project, which are inspected', async () => {
    const path = join(folder, 'sales')
    const stated = { pattern: '*.csv', primaryKey: ['id'] }
    const own = await inspected(csv(path, { ...stated, pattern: /\.csv$/ }))
    for (const name of [path, relative(projectRoot, path)]) {
      const input = await described(name, { ...stated, records: 0 })
      expect(input.describe()).toEqual(own.describe())
      expect(input.limit).toBeNull()
    }
  })

  it('says so where fewer records are loaded than there are', async () => {
    const found = async (options: object) => (await described(join(folder, 'sales', 'a.csv'), options)).found
    expect(await found({ records: 2 })).toContain('Of 3 records, the first 2 are loaded')
    expect(await found({ records: 1, offset: 1 })).toContain('Of 3 records, after 1 record the next 1 are loaded')
    expect((await found({ records: 3 }))!.join()).not.toMatch(/loaded/)
  })

  it('imports the function that analyses records', async () => {
    const options = {
      columns: [{ name: 'id', type: 'int8' }],
      analyse: join(folder, 'analyse.mjs'),
      header: true,
    } as const
    expect((await described(join(folder, 'sales', 'a.csv'), options)).describe().analyse).toMatch(/^[0-9a-f]{12}$/)
    const strange = { ...options, analyse: join(folder, 'strange.mjs') }
    await expect(described(join(folder, 'sales', 'a.csv'), strange)).rejects.toThrow(
      'strange.mjs to export a function by default',
    )
  })

  it('refuses options that its input has not', () => {
    expect(() => inputNamed('flights', { decimal: ',' })).toThrow(
      'Expected `decimal` with CSV files as `input`, got flights',
    )
    expect(() => inputNamed('synthetic', { onBadRecord: 'skip' })).toThrow('Expected `onBadRecord` with CSV files')
    expect(() => inputNamed('sales', { decimals: ',' } as never)).toThrow('decimals')
    expect(() => inputNamed('')).toThrow('Expected `input` to be flights, synthetic or a path, got ""')
    expect(() => inputNamed('sales', { pattern: '' })).toThrow(
      "Expected `pattern` to be a RegExp, or names such as '*.csv.gz'",
    )
  })
})
