import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { presets } from '../../src/cli/start/presets.js'
import { declaredParameters } from '../../src/entries/chapter.js'
import { parseNotebook } from '../../src/notebook/file/notebook-file.js'
import { packageRoot } from '../../src/project.js'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'copylab init ')))
})
afterEach(() => rmSync(folder, { recursive: true }))

function init(...args: readonly string[]) {
  const command = [join(packageRoot, 'dist', 'cli.js'), 'init', ...args]
  return spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
}

const read = (...file: readonly string[]): string => readFileSync(join(folder, ...file), 'utf8')
const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => {
        const path = join(parentPath, name)
        return [relative(folder, path), readFileSync(path, 'utf8')]
      }),
  )

test('copylab init makes a folder to work in, and says so line by line', () => {
  const { status, stdout, stderr } = init('My thesis')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout.split('\n').slice(0, 5)).toEqual([
    `wrote      package.json: depends on copylab file:${relative(join(folder, 'My thesis'), packageRoot)}`,
    'wrote      .gitignore: what git need not keep',
    'wrote      data/claims.json: the claims that `npx copylab claims` judges',
    "wrote      notebooks/worker-analysis.ipynb: the chapter, with the quick preset's parameters",
    'wrote      notebooks/references.bib: the works that it cites',
  ])
  expect(stdout).toContain("\nNext:\n  cd 'My thesis'\n  npm install\n  npx copylab start")
  expect(JSON.parse(read('My thesis', 'package.json'))).toEqual({
    name: 'my-thesis',
    private: true,
    type: 'module',
    dependencies: { copylab: `file:${relative(join(folder, 'My thesis'), packageRoot)}` },
  })
  const { $schema, ...claims } = JSON.parse(read('My thesis', 'data', 'claims.json'))
  const { $schema: _, ...shipped } = JSON.parse(readFileSync(join(packageRoot, 'data', 'claims.json'), 'utf8'))
  expect(claims).toEqual(shipped)
  expect($schema).toBe('../node_modules/copylab/dist/claims/claims.schema.json')
  expect(read('My thesis', '.gitignore')).toContain('/data/servers/\n')
})

test("copylab init's notebook has the quick preset's parameters, and nothing of another machine", () => {
  init('.')
  const notebook = parseNotebook(read('notebooks', 'worker-analysis.ipynb'))
  const own = { input: 'flights', csvOptions: {}, table: {}, claims: 'data/claims.json' }
  expect(declaredParameters(notebook)).toEqual({ ...presets.quick, ...own })
  for (const cell of notebook.cells) {
    if (cell.cell_type === 'code') expect([cell.outputs, cell.execution_count]).toEqual([[], null])
    expect(cell.source).not.toMatch(/`reference`|'reference'|npm run|npm start/)
  }
})

test('copylab init run again leaves everything as it is', () => {
  init('.')
  writeFileSync(join(folder, 'notebooks', 'worker-analysis.ipynb'), 'changed')
  const before = contents()
  const { status, stdout } = init('.')
  expect(status).toBe(0)
  expect(stdout.match(/^left .*: as it is$/gm)).toHaveLength(5)
  expect(contents()).toEqual(before)
})

test('copylab init completes a package.json and a .gitignore, and changes nothing that stands there', () => {
  const given = { name: 'mine', type: 'commonjs', dependencies: { left: '1.0.0' }, odd: [1] }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(given, null, '\t'))
  writeFileSync(join(folder, '.gitignore'), '/node_modules\n*.log')
  const { stdout } = init('.')
  const copylab = `file:${relative(folder, packageRoot)}`
  expect(stdout).toContain(`completed  package.json: depends on copylab ${copylab} now\ncompleted  .gitignore: added `)
  expect(read('package.json')).toBe(
    `${JSON.stringify({ ...given, dependencies: { left: '1.0.0', copylab } }, null, '\t')}\n`,
  )
  expect(read('.gitignore')).toBe(
    '/node_modules\n*.log\n.ipynb_checkpoints/\n/data/digests/\n/data/flights/\n/data/servers/\n/data/out/\n/.venv/\n',
  )
})

test('copylab init asks for copylab as the project asks for it that it is called from', () => {
  writeFileSync(join(folder, 'package.json'), '{ "devDependencies": { "copylab": "file:packed/copylab.tgz" } }')
  init('next')
  expect(JSON.parse(read('next', 'package.json')).dependencies).toEqual({ copylab: 'file:../packed/copylab.tgz' })
})

describe('copylab init refuses', () => {
  test("copylab's own checkout", () => {
    const { status, stderr } = init(packageRoot)
    expect(status).toBe(1)
    expect(stderr).toBe(`copylab: Expected another folder than copylab's own, which has all of this: ${packageRoot}\n`)
  })

  test('a file in the place of a folder', () => {
    writeFileSync(join(folder, 'thesis'), '')
    const { status, stderr } = init('thesis')
    expect(status).toBe(1)
    expect(stderr).toBe(`copylab: ${join(folder, 'thesis')} cannot be written, a file has its name: remove that file\n`)
  })

  test.each([
    ['[1]', 'it holds [1]'],
    ['{ // mine\n}', 'JSON'],
    ['{ "dependencies": 5 }', 'its dependencies are 5'],
  ])('a package.json that is not an object with dependencies, before anything is written: %s', (text, why) => {
    writeFileSync(join(folder, 'package.json'), text)
    const { status, stderr } = init('.')
    expect(status).toBe(1)
    expect(stderr).toContain(`copylab: Expected ${join(folder, 'package.json')} to hold a JSON object (`)
    expect(stderr).toContain(why)
    expect(stderr).toMatch(/\): correct or remove it\n$/)
    expect(contents()).toEqual({ 'package.json': text })
  })

  test.each(['package.json', '.gitignore', 'data/claims.json'])('a folder that has the name of %s', (name) => {
    mkdirSync(join(folder, name), { recursive: true })
    const { status, stderr } = init('.')
    expect(status).toBe(1)
    expect(stderr).toBe(`copylab: Expected ${join(folder, name)} to be a file: move what has its name\n`)
  })

  test('nothing of a .gitignore with line ends of Windows: what is added has them too', () => {
    writeFileSync(join(folder, '.gitignore'), 'mine\r\n')
    expect(init('.').status).toBe(0)
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toMatch(/^(?:[^\r\n]+\r\n)+$/)
  })

  test.skipIf(process.getuid?.() === 0)('a folder that may not be written, which never is so for root', () => {
    mkdirSync(join(folder, 'locked'), { mode: 0o555 })
    const { status, stderr } = init('locked')
    expect(status).toBe(1)
    expect(stderr).toMatch(/locked.*package\.json cannot be written, you may not write there: make it writable for you/)
  })
})
