import { execFile, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '../../src/project.js'
import { unmaintained } from './unmaintained.js'

/** A project that copylab is installed in, from the file that `npm pack` makes. */
let folder: string
let packed: readonly string[]
const own = (): string => join(folder, 'node_modules', 'copylab')

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'copylab package ')))
  // `npm test` has built already, and other tests run what it built.
  const [{ filename, files }] = JSON.parse(await packInto(folder)) as [{ filename: string; files: { path: string }[] }]
  packed = files.map(({ path }) => path)
  await run('npm', ['init', '-y'])
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename)])
  // 600 packages: half a minute of two cores, and much longer where they have other work.
}, 900_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** `npm pack` of the checkout, but for the build, whose result other tests use meanwhile. */
async function packInto(destination: string): Promise<string> {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination]
  const before = checkout()
  try {
    await run('npm', ['run', 'prepack'], { cwd: projectRoot })
    return await run('npm', pack, { cwd: projectRoot })
  } finally {
    await run('npm', ['run', 'postpack'], { cwd: projectRoot })
    expect(checkout()).toEqual(before)
  }
}

/** What packing changes in the checkout, and has to put back. */
function checkout(): Record<string, string> {
  const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')
  const links = ['request', 'node-fetch'].map((name) => join('node_modules', name))
  const manifests = ['package.json', ...['danfojs-node', 'mathjs'].map((name) => `node_modules/${name}/package.json`)]
  return Object.fromEntries([
    ...links.map((path) => [path, readlinkSync(join(projectRoot, path))]),
    ...manifests.map((path) => [path, read(path)]),
  ])
}

async function run(
  command: string,
  args: readonly string[],
  { cwd = folder, env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  // What npm tells the scripts that it runs, such as this test, is about the checkout.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|VITEST|NODE_ENV)/.test(name))
  const options = { cwd, env: { ...Object.fromEntries(inherited), ...env }, maxBuffer: 2 ** 26 }
  return (await promisify(execFile)(command, args, options)).stdout
}

/**
 * The files below a folder, by their paths from there, each with when it changed and its size on
 * disk.
 */
function filesIn(root: string): Map<string, { readonly changedMs: number; readonly bytes: number }> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return new Map(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      const { mtimeMs, blocks } = lstatSync(path)
      return [relative(root, path), { changedMs: mtimeMs, bytes: blocks * 512 }]
    }),
  )
}

test('the packed file holds what an installed copylab reads, and nothing of its tests and studies', () => {
  const ownFiles = packed.filter((path) => !path.startsWith('node_modules/'))
  const tops = new Set(ownFiles.map((path) => path.split('/')[0]))
  const expected = [
    'LICENSE',
    'README.md',
    'THIRD-PARTY.md',
    'data',
    'dist',
    'docker-compose.yml',
    'examples',
    'notebooks',
    'package.json',
  ]
  expect([...tops].sort()).toEqual(expected)
  expect(ownFiles.filter((path) => path.startsWith('data/'))).toEqual(['data/claims.json', 'data/reasons-claims.json'])
  const made = /\/(__pycache__|\.venv)\/|^examples\/loaders\/pgx\/load$/
  expect(ownFiles.filter((path) => made.test(path))).toEqual([])
})

test('npm install brings at most 350 MB, all of it from the registry or in the packed file, and no native TensorFlow', () => {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8')
  const { packages } = JSON.parse(lock) as {
    packages: Record<string, { name?: string; resolved?: string; inBundle?: boolean; version?: string }>
  }
  expect(lock).not.toContain('sheetjs.com')
  expect(packages['node_modules/copylab/node_modules/@tensorflow/tfjs-node']?.name).toBe('@tensorflow/tfjs-core')
  const hosts = Object.values(packages).flatMap(({ resolved }) =>
    /^https?:/.test(resolved ?? '') ? [new URL(resolved!).host] : [],
  )
  expect(new Set(hosts).size).toBeLessThanOrEqual(1)
  const files = filesIn(join(folder, 'node_modules'))
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0)
  expect(bytes / 2 ** 20).toBeLessThan(350)
  expect([...files.keys()].filter((path) => /(^|\/)(typescript|vitest|@biomejs|playwright-core)$/.test(path))).toEqual(
    [],
  )
})

test('nothing that nobody maintains is packed or installed, and npm finds nothing wrong, here and there', async () => {
  expect(unmaintained(readFileSync(join(folder, 'package-lock.json'), 'utf8'))).toEqual([])
  const bundle = packed.filter((path) => /^node_modules\/(request|node-fetch)\//.test(path))
  expect(bundle.sort()).toEqual([
    'node_modules/node-fetch/node-fetch.js',
    'node_modules/node-fetch/package.json',
    'node_modules/request/package.json',
    'node_modules/request/request.js',
  ])
  await run('npm', ['ls', '--all'])
  await run('npm', ['ls', '--all'], { cwd: projectRoot })
})

test('a notebook becomes a page with nothing that only documents need', async () => {
  expect(existsSync(join(folder, 'node_modules', 'pandoc-wasm'))).toBe(false)
  const script = `
import { notebookHtml, readNotebook } from 'copylab/chapter'
console.log(notebookHtml(await readNotebook('node_modules/copylab/notebooks/worker-analysis.ipynb')))`
  const page = await run('node', ['--input-type=module', '--eval', script])
  expect(page).toMatch(/^<!doctype html>/i)
  expect(page).toMatch(/<h1/)
})

test('npx copylab init and study work in the folder, and write nothing into the package', async () => {
  const before = filesIn(own())
  const told = await run('npx', ['copylab', 'init', '.'])
  expect(told).toMatch(/^left {7}package\.json: as it is\nwrote {6}\.gitignore/)
  const study = [
    'study',
    '--name',
    'n',
    '--records',
    '20000',
    '--workers',
    '1,2',
    '--batch-size',
    '5000',
    '--blocks',
    '1',
  ]
  expect(await run('npx', ['copylab', ...study])).toMatch(/^Written {3}data\/studies\/n\/\w+\.jsonl$/m)
  const [journal, ...others] = readdirSync(join(folder, 'data', 'studies', 'n')).filter((name) =>
    name.endsWith('.jsonl'),
  )
  expect(others).toEqual([])
  expect(readFileSync(join(folder, 'data', 'studies', 'n', journal!), 'utf8')).toContain('"completed"')
  expect(readdirSync(join(folder, 'data')).sort()).toEqual(['claims.json', 'flights', 'servers', 'studies'])
  expect(filesIn(own())).toEqual(before)
})

test('the examples of loaders, copied from the package, load in the folder', async (context) => {
  cpSync(join(own(), 'examples'), join(folder, 'examples'), { recursive: true })
  const loaders = JSON.parse(readFileSync(join(folder, 'examples', 'loaders', 'loaders.json'), 'utf8')) as {
    [name: string]: { args: string[] }
  }
  const scripts = Object.values(loaders).map(({ args }) => args[0]!)
  expect(scripts.filter((path) => !existsSync(join(folder, path)))).toEqual([])
  context.skip(spawnSync('psql', ['--version']).error !== undefined, 'psql was not found')
  const options = '--records 2000 --workers 2 --batch-size 500 --blocks 1 --warm-up-blocks 0'.split(' ')
  const by = ['--loaders', 'examples/loaders/loaders.json', '--loader', 'psql']
  await run('npx', ['copylab', 'study', '--name', 'by-psql', ...options, ...by])
  const trials = JSON.parse(await run('npx', ['copylab', 'trials', 'by-psql', '--json']))
  expect(trials).toMatchObject([{ loader: 'psql', state: 'completed' }])
})

test('a script below the folder reads its studies, and Danfo its frames', async () => {
  const script = `
import { readStudy } from 'copylab/executor'
import { readClaims, trialsFrame } from 'copylab/analysis'
const study = readStudy('n')
const frame = trialsFrame(study)
const workers = frame['workers']
console.log(JSON.stringify({
  git: study.contexts[0].git,
  shape: frame.shape,
  workers: [...workers.values].sort(),
  sum: frame.loc({ columns: ['workers', 'batchSize'] }).sum().values,
  tensor: [...frame.loc({ columns: ['workers', 'batchSize'] }).tensor.shape],
  claims: readClaims().claims.length,
}))`
  const below = join(folder, 'scripts')
  mkdirSync(below)
  const found = JSON.parse(await run('node', ['--input-type=module', '--eval', script], { cwd: below }))
  expect(found).toMatchObject({ git: null, workers: [1, 2], tensor: [2, 2] })
  expect(found.shape[0]).toBe(2)
  const claims = JSON.parse(readFileSync(join(folder, 'data', 'claims.json'), 'utf8')) as { claims: unknown[] }
  expect(found.claims).toBe(claims.claims.length)
})

test('npx copylab chapter names the one command that brings what documents need, where npm cannot bring it', async () => {
  const { devDependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  const env = { npm_config_registry: 'http://127.0.0.1:1', npm_config_fetch_retries: '0' }
  const told = await run('npx', ['copylab', 'chapter', '--as-is'], { env }).catch(
    (error: { stderr: string }) => error.stderr,
  )
  expect(told).toMatch(/copylab: npm could not install what documents need: /)
  const line = /run `(npm i --save-exact [^`]+)` in the project\n$/.exec(told)?.[1]
  expect(line).toContain(` pandoc-wasm@${devDependencies['pandoc-wasm']}`)
  expect(line).toContain(` playwright-core@${devDependencies['playwright-core']}`)
})
