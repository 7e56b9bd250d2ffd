import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/project.js'
import { writeOrders } from '../fixtures/orders-folder.mjs'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab inspect '))
  writeOrders(join(folder, 'orders'), 240)
  mkdirSync(join(folder, 'open'))
  writeFileSync(join(folder, 'open', 'a.csv'), 'id;d\n1;03/04/2019\n2;05/06/2019\n')
  mkdirSync(join(folder, 'ragged'))
  writeFileSync(join(folder, 'ragged', 'a.csv'), 'a,b\n1,2\n3\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

function inspect(...args: readonly string[]) {
  const command = [join(packageRoot, 'dist', 'cli.js'), 'inspect', ...args]
  return spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
}

describe('copylab inspect', () => {
  test('prints what was found as sentences, as a call of csv() and as CREATE TABLE', () => {
    const { status, stdout } = inspect('orders')
    expect(status).toBe(0)
    expect(stdout).toContain('Fields are delimited by semicolons\n')
    expect(stdout).toContain("\ncsv('orders', {\n  columns: {\n    order_no: 'text',\n")
    expect(stdout).toContain('\nCREATE TABLE "orders" (\n  "order_no" text,\n')
  })

  test('--json prints it for programs', () => {
    const { status, stdout } = inspect('orders', '--json')
    expect(status).toBe(0)
    const { delimiter, quote, header, encoding, decimal, files, records, columns } = JSON.parse(stdout)
    expect({ delimiter, quote, header, encoding, decimal, files, records }).toEqual({
      delimiter: ';',
      quote: '"',
      header: true,
      encoding: 'utf-8',
      decimal: ',',
      files: 12,
      records: 240,
    })
    expect(columns[6]).toMatchObject({ name: 'paid', type: 'bool', nulls: 0, format: 'ja/nein', contradictions: [] })
  })

  test('--ddl and --code print one of them', () => {
    expect(inspect('orders', '--ddl').stdout).toMatch(/^CREATE TABLE [^;]*;\n$/)
    expect(inspect('orders', '--code').stdout).toMatch(/^csv\('orders', .*\}\)\n$/s)
  })

  test('ends with 1 for what the files leave open, until it is stated', () => {
    const { status, stdout } = inspect('open')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^The files leave open: dates such as "05\/06\/2019" .* \(--format "d=DD\/MM\/YYYY"\)\n$/)
    expect(JSON.parse(inspect('open', '--json').stdout).open).toHaveLength(1)
    expect(inspect('open', '--format', 'd=DD/MM/YYYY').status).toBe(0)
  })

  test('ends with 1 for records that do not fit, and names them', () => {
    const { status, stdout } = inspect('ragged')
    expect(status).toBe(1)
    expect(stdout).toContain('1 line: expected 2 fields, got 1, first in a.csv:3')
  })

  test('takes one file, and names by a pattern', () => {
    const one = JSON.parse(inspect(join('orders', 'orders-2026-07.csv.gz'), '--json').stdout)
    expect(one).toMatchObject({ files: 1, records: 20 })
    expect(JSON.parse(inspect('orders', '--pattern', '*.csv.gz', '--json').stdout)).toMatchObject({ files: 1 })
  })
})
