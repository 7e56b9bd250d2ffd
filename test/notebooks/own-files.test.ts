import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chapterNotebook } from '../../src/cli/chapter.js'
import { nameOfFiles } from '../../src/cli/start/own-files.js'
import { presets } from '../../src/cli/start/presets.js'
import { checkDeclared } from '../../src/cli/start/start-command.js'
import { readStudy } from '../../src/entries/executor.js'
import { type Notebook, readNotebook } from '../../src/notebook/file/notebook-file.js'
import { parametersOf } from '../../src/notebook/parameters.js'
import { packageRoot } from '../../src/project.js'
import { studiesFolder } from '../../src/study/journal/journal.js'
import { writeOrders } from '../fixtures/orders-folder.mjs'

const name = `own-${process.pid}`
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab own files '))
  writeOrders(join(folder, 'orders'), 2_400)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
  rmSync(join(studiesFolder, `${name}-workers`), { recursive: true, force: true })
})

function start(...args: readonly string[]) {
  const few = ['--workers', '1,2', '--batch-sizes', '500', '--blocks', '2', '--out', join(folder, 'out')]
  const command = [join(packageRoot, 'dist', 'cli.js'), 'start', '--name', name, ...few, ...args]
  return spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
}

const executed = (): Promise<Notebook> => readNotebook(join(folder, 'out', 'worker-analysis.ipynb'))

function textOf({ cells }: Notebook, id: string): string {
  const cell = cells.find((one) => one.id === id)
  if (cell?.cell_type !== 'code') throw new Error(`The notebook has no code cell ${id}`)
  return cell.outputs.map((output) => ('data' in output ? String(output.data['text/plain']) : '')).join('\n')
}

describe('copylab start --input', () => {
  it('goes from a folder of files to a page about them, which says what was found and judges no claims', async () => {
    const { status, stderr, stdout } = start('--input', 'orders')
    expect(stderr).toContain('\nFields are delimited by semicolons\n')
    expect(stderr.indexOf('Fields are delimited')).toBeLessThan(stderr.indexOf('Cell 1 of'))
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/^Trials {4}10 verified, /m)
    expect(stdout).toMatch(/^1 worker vs 2 at 500: .* \(claim: more time[;)]/m)
    const notebook = await executed()
    expect(parametersOf(notebook)).toMatchObject({ input: join(folder, 'orders'), claims: 'none', records: 717_000 })
    expect(textOf(notebook, 'load')).toContain('the CSV files `orders`')
    expect(textOf(notebook, 'load')).toContain('- Numbers have the decimal mark ","')
    expect(textOf(notebook, 'context')).toContain('orders: 2,400 records in 12 files')
    expect(textOf(notebook, 'subject')).toBe('What is loaded: the records of `orders`.')
    for (const id of ['note-table', 'claims-table', 'arithmetic-sentences', 'memory'])
      expect(textOf(notebook, id)).toBe('')
    expect(textOf(notebook, 'conclusion')).toBe('')
    const page = readFileSync(join(folder, 'out', 'worker-analysis.html'), 'utf8')
    expect(page).toContain('<code>order_no</code> text')
    const study = readStudy(`${name}-workers`)
    expect(study.plan.preregistration?.primary).toMatchObject({ a: { workers: 1 }, b: { workers: 2 } })
    expect(study.trials.every(({ state }) => state === 'completed')).toBe(true)
  }, 120_000)

  it('states what its flags say of the files, and judges claims of your own', async () => {
    const test = {
      kind: 'contrasts',
      contrasts: [{ a: { workers: 2 }, b: { workers: 1 }, metric: 'totalMs', claim: { fasterBy: [0, null] } }],
    }
    const claims = { title: 'What our importer claims', claims: [{ id: 'H1', claim: 'two are faster', test }] }
    writeFileSync(join(folder, 'own.json'), JSON.stringify(claims))
    const stated = ['--delimiter', ';', '--decimal', ',', '--pattern', '*-0?.csv', '--primary-key', 'order_no']
    const { status } = start('--input', 'orders', ...stated, '--claims', 'own.json', '--records', '600')
    expect(status).toBe(0)
    const notebook = await executed()
    const csvOptions = { delimiter: ';', decimal: ',', pattern: '*-0?.csv', primaryKey: ['order_no'] }
    expect(parametersOf(notebook)).toMatchObject({ csvOptions, claims: join(folder, 'own.json'), records: 600 })
    expect(textOf(notebook, 'subject')).toContain('What our importer claims; the first of them: two are faster')
    expect(textOf(notebook, 'conclusion')).toContain('- H1, two are faster: ')
    expect(readStudy(`${name}-workers`).contexts.at(-1)!.input).toMatchObject({ records: 600, files: 8 })
  }, 120_000)

  it('hands on to a chapter about a table by statements, and keeps the page of before where a run fails', async () => {
    writeFileSync(
      join(folder, 'orders.sql'),
      `CREATE TABLE {table} (id bigserial PRIMARY KEY, order_no varchar(12), customer_id int, ordered_on date, shipped_at timestamp,
        qty int, price numeric(10, 2), paid text, note text, uid uuid, details json);
       CREATE INDEX by_customer ON {table} (customer_id)`,
    )
    const { status, stderr } = start('--input', 'orders', '--records', '600', '--ddl', 'orders.sql')
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('failed')])
    const notebook = await executed()
    expect(parametersOf(notebook)).toMatchObject({ table: { ddl: join(folder, 'orders.sql') } })
    expect(textOf(notebook, 'load')).toMatch(
      /each field is read as the type of its column in the table that is filled\.$/,
    )
    const { plan } = readStudy(`${name}-workers`)
    expect(plan.definition).toMatchObject({ source: { name: 'orders.sql' } })
    expect(plan.table!.columns.map((column) => `${column.name} ${column.declared ?? column.type}`).slice(0, 3)).toEqual(
      ['order_no varchar(12)', 'customer_id int4', 'ordered_on date'],
    )
    const [page, works] = ['worker-analysis.html', 'references.bib'].map((file) => join(folder, 'out', file)) as [
      string,
      string,
    ]
    expect(existsSync(works)).toBe(true)
    const before = readFileSync(page, 'utf8')
    const failing = start('--input', 'orders', '--records', '600', '--server', 'postgres://127.0.0.1:1/none', '--fresh')
    expect(failing.status).toBe(1)
    expect(failing.stderr).toContain('A cell failed')
    expect(readFileSync(page, 'utf8')).toBe(before)
    expect(existsSync(join(folder, 'out', 'worker-analysis-failed.html'))).toBe(true)
  }, 120_000)

  it.each([
    [['--name', 'my import!'], 'Expected `name` to be 1 to 40 letters'],
    [['--workers', '0,2'], 'Expected `workers` to be a whole number'],
    [['--workers', '2'], 'Expected `workers` to hold two counts to compare'],
  ])('refuses %j before it reads a file', (args, message) => {
    const { status, stderr } = start('--input', 'orders', ...args)
    expect(status).toBe(1)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('delimited')
  })

  it('refuses records that cannot be loaded before a kernel starts, with their lines', () => {
    writeFileSync(join(folder, 'bad.csv'), 'id,d\n1,2019-01-13\n2\n')
    const refused = start('--input', 'bad.csv')
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('bad.csv:3: expected 2 fields, got 1')
    expect(refused.stderr).not.toContain('kernel')
  })

  it('refuses what the files leave open before a kernel starts, with the option that decides it', () => {
    writeFileSync(join(folder, 'open.csv'), 'id;d\n1;03/04/2019\n2;05/06/2019\n')
    const { status, stderr } = start('--input', 'open.csv')
    expect(status).toBe(1)
    expect(stderr).toMatch(/The files leave open: dates such as .* \(--format "d=DD\/MM\/YYYY"\)/)
    expect(stderr).not.toContain('kernel')
  })
})

describe('checkDeclared', () => {
  it('refuses a notebook without the parameters, and says what to do', async () => {
    const notebook = await readNotebook(chapterNotebook)
    const parameters = { ...presets.quick, input: 'orders', csvOptions: {}, claims: 'none' }
    expect(() => checkDeclared(notebook, parameters)).not.toThrow()
    const earlier = notebook.cells.map((cell) =>
      cell.id === 'parameters' ? { ...cell, source: cell.source.replace(/^ *(input|claims):.*\n/gm, '') } : cell,
    )
    expect(() => checkDeclared({ ...notebook, cells: earlier }, presets.quick)).not.toThrow()
    expect(() => checkDeclared({ ...notebook, cells: earlier }, parameters)).toThrow(
      'worker-analysis.ipynb has no parameter `input`, `claims`: it is an earlier one; rename it',
    )
  })
})

describe('nameOfFiles', () => {
  it.each([
    ['orders', 'orders-quick'],
    ['./exports/Meine Bestellungen (2019).csv.gz', 'Meine-Bestellung-quick'],
    ['/', 'files-quick'],
    ['_.csv', 'files-quick'],
  ])('names studies of %s %s', (input, expected) => {
    expect(nameOfFiles(input, 'quick')).toBe(expected)
  })
})
