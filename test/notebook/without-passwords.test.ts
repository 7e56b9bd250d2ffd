import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { exportChapter, type NotebookRun, runNotebook, writeHtml } from '../../src/entries/chapter.js'
import { readNotebook, writeNotebook } from '../../src/notebook/file/notebook-file.js'
import { passwordMask, passwordsIn, passwordsOf } from '../../src/passwords.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-passwords-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => vi.stubEnv('PGPASSWORD', 'Env-MARK-1'))
afterEach(() => vi.unstubAllEnvs())

describe('passwordsIn', () => {
  test.each([
    ['postgres://u:s3cr%40t@h/db', ['s3cr%40t']],
    ['--server=postgresql://u:p@ss@h', ['p@ss', 'p']],
    ['postgres://:only@h/db', ['only']],
    ['postgres://u:a/b#c@h/db', ['a/b#c']],
    ['https://me:token123@registry/x', ['token123']],
    ['postgres://h/db?user=u&password=a%26b&sslmode=require', ['a%26b']],
    ['postgres://h/db?sslpassword=key', ['key']],
    ['host=db password=words user=u', ['words']],
    ["{ password: 'quoted' }", ['quoted']],
    ['{"dbPassword": "quoted", "x": 1}', ['quoted']],
    ["process.env.PGPASSWORD = 'set'", ['set']],
    ['a=postgres://u:one@h/x,postgres://u:two@h/x', ['one', 'two']],
  ])('finds those of %s', (text, found) => {
    expect(passwordsIn(text)).toEqual(expect.arrayContaining(found))
    expect(passwordMask([])(text)).not.toMatch(new RegExp(`[:=]\\s*["']?${found[0]!.replace(/[%/#]/g, '\\$&')}`))
  })

  test.each([
    'postgres://u@h:5432/db',
    'postgres://h:5432/db?application_name=a@b',
    'postgres://u:***@h/db',
    'http://127.0.0.1:8888/lab',
    'at 12:30 somebody@example.com wrote',
    'password: process.env.PGPASSWORD',
    'postgres://u:$PGPASSWORD@h/db',
    'pw=password_encryption=md5',
    'workers=1,2,4',
  ])('finds none in %s', (text) => {
    expect(passwordsIn(text)).toEqual([])
    expect(passwordMask([])(text)).toBe(text)
  })
})

test('passwordsOf reads the variables that hold passwords or addresses', () => {
  const environment = { PGPASSWORD: 'one', DATABASE_URL: 'postgres://u:two@h/x', MY_DB_PASSWORD: 'three', HOME: '/x' }
  expect(passwordsOf(environment)).toEqual(['one', 'two', 'three'])
})

test('passwordMask masks a known password in every way to write it, and no word of its own', () => {
  const mask = passwordMask(['a%22b%3C%2Fc'])
  expect(mask('a"b</c a%22b%3C%2Fc {"x":"a\\"b</c"} a&quot;b&lt;/c')).toBe('*** *** {"x":"***"} ***')
  expect(passwordMask(['postgres', 'abc'])('postgres://postgres:postgres@h abc')).toBe('postgres://postgres:***@h abc')
  expect(passwordMask(['four'])('fourteen four')).toBe('fourteen ***')
})

const cell = (id: string, source: string, ...tags: string[]) => ({
  cell_type: 'code',
  id,
  metadata: { tags },
  source,
  execution_count: null,
  outputs: [],
})

describe('what a notebook with passwords leaves', () => {
  const marks = ['Own-MARK', 'Given-MARK', 'Env-MARK', 'Named-MARK']
  let run: NotebookRun
  let path: string
  beforeAll(async () => {
    vi.stubEnv('PGPASSWORD', 'Env-MARK-1')
    path = join(folder, 'given.ipynb')
    const cells = [
      { cell_type: 'markdown', id: 'text', metadata: {}, source: '# A title\n\nA text' },
      cell('parameters', "const params = { anything: '', more: { list: [''] } }", 'parameters'),
      cell(
        'own',
        "const address = 'postgres://me:Own-MARK%211@h/db'\nconsole.log(address, decodeURIComponent(address))",
      ),
      cell(
        'shown',
        'console.log(new URL(params.anything).password, JSON.stringify(params)); const given = decodeURIComponent(new URL(params.anything).password)\nconsole.error(given)',
      ),
      cell(
        'rich',
        "import { display } from 'tslab'\ndisplay.html('<b>' + process.env.PGPASSWORD + '</b>')\ndisplay.raw('application/json', JSON.stringify({ deep: [given] }))",
      ),
      cell('broken', 'throw new Error([params.anything, decodeURIComponent(params.anything)].join(" or "))'),
    ]
    writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }))
    run = await runNotebook(path, {
      parameters: {
        anything: 'postgresql://u:Given-MARK%402@h/db',
        more: { list: ['x?password=Named-MARK3&y=1'] },
      },
    })
  })

  test('runNotebook masks them in code, parameters, outputs and errors, and tells of the cell that holds one', () => {
    expect(run.errors[0]?.message).toBe('postgresql://u:***@h/db or postgresql://u:***@h/db')
    for (const mark of marks) expect(JSON.stringify(run)).not.toContain(mark)
    expect(run.stderr).toContain('***')
    expect(JSON.stringify(run.notebook)).toContain('postgres://me:***@h/db')
    expect(run.passwordCells).toEqual([3])
  })

  test('nor are they in the executed notebook, the page and the chapter, as they run or as Jupyter saved them', async () => {
    const executed = join(folder, 'executed.ipynb')
    await writeNotebook(run.notebook, join(folder, 'broken.ipynb'))
    // A cell that failed is no chapter.
    const cells = run.notebook.cells.filter(({ id }) => id !== 'broken')
    await writeNotebook({ ...run.notebook, cells }, executed)
    await writeHtml(run.notebook, join(folder, 'executed.html'))
    // As Jupyter saves it: with whatever the cells hold.
    await writeHtml(await readNotebook(path), join(folder, 'saved.html'))
    await exportChapter(path, { to: ['tex', 'html'], out: join(folder, 'chapter'), code: 'appendix' })
    const written = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.(ipynb|html|tex)$/.test(name) && name !== 'given.ipynb',
    )
    expect(written.length).toBeGreaterThanOrEqual(5)
    for (const name of written) {
      const text = readFileSync(join(folder, name), 'utf8')
      for (const mark of marks) expect(text, name).not.toContain(mark)
    }
  })
})
