import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { inMessage } from '../../check.js'
import { dependencyOn, packageRoot, projectRoot } from '../../project.js'
import { writeWhole } from '../../writable.js'
import { type Placed, placed } from './place.js'

const claimsFile = join('data', 'claims.json')
const ignoreFile = '.gitignore'
const manifestFile = 'package.json'

/**
 * Lines of `.gitignore` for files that need not be kept: they are installed, or made again when
 * they are missing.
 */
const ignored = [
  'node_modules/',
  '.ipynb_checkpoints/',
  '# What copylab makes for itself, and what it writes for you; data/studies/ is what was measured',
  '/data/digests/',
  '/data/flights/',
  '/data/servers/',
  '/data/out/',
  '# JupyterLab, where `npx copylab lab` found none',
  '/.venv/',
]

/** Gives a project a file of the claims that its studies are tested against, unless it is there. */
export async function placeClaims(folder: string): Promise<Placed> {
  return placed(folder, claimsFile, 'the claims that `npx copylab claims` judges', () =>
    readFileSync(join(packageRoot, claimsFile), 'utf8').replace(
      '"../src/claims/claims.schema.json"',
      '"../node_modules/copylab/dist/claims/claims.schema.json"',
    ),
  )
}

/** Gives a project a `.gitignore`, or the one that is there the lines that it lacks. */
export async function placeIgnore(folder: string): Promise<Placed> {
  const path = join(folder, ignoreFile)
  if (!existsSync(path)) {
    return placed(folder, ignoreFile, 'what git need not keep', () => `${ignored.join('\n')}\n`)
  }
  const given = textOf(path)
  const bare = (line: string): string => line.trim().replace(/^\/|\/$/g, '')
  const there = new Set(given.split('\n').map(bare))
  const lacking = ignored.filter((line) => !line.startsWith('#') && !there.has(bare(line)))
  if (lacking.length === 0) return { did: 'left', file: ignoreFile, what: 'as it is' }
  const end = given.includes('\r\n') ? '\r\n' : '\n'
  const before = given === '' || given.endsWith('\n') ? given : `${given}${end}`
  writeWhole(path, `${before}${lacking.map((line) => `${line}${end}`).join('')}`)
  return { did: 'completed', file: ignoreFile, what: `added ${lacking.join(', ')}` }
}

/**
 * Gives a project a `package.json` that depends on copylab, or the one that is there that
 * dependency. Throws `RangeError` for one that is no JSON object.
 */
export async function placeManifest(folder: string): Promise<Placed> {
  const path = join(folder, manifestFile)
  if (!existsSync(path)) {
    const manifest = { name: nameOf(folder), private: true, type: 'module', dependencies: { copylab: asked(folder) } }
    return placed(folder, manifestFile, `depends on copylab ${asked(folder)}`, () => json(manifest))
  }
  const text = textOf(path)
  const manifest = parsed(text, path)
  if (dependencyOn('copylab', folder) !== null) return { did: 'left', file: manifestFile, what: 'as it is' }
  const dependencies = { ...(manifest.dependencies as object | undefined), copylab: asked(folder) }
  const indent = /^[{\s]*?\n([ \t]+)"/.exec(text)?.[1] ?? '  '
  writeWhole(path, json({ ...manifest, dependencies }, indent))
  return { did: 'completed', file: manifestFile, what: `depends on copylab ${asked(folder)} now` }
}

/**
 * The version of copylab that a project in a folder depends on: this one, written as in the project
 * that installed it.
 */
function asked(folder: string): string {
  const spec = dependencyOn('copylab', projectRoot)
  if (spec?.startsWith('file:')) return `file:${fromFolder(folder, resolve(projectRoot, spec.slice('file:'.length)))}`
  if (spec !== null) return spec
  if (!packageRoot.split(sep).includes('node_modules')) return `file:${fromFolder(folder, packageRoot)}`
  const file = installedFrom()
  if (file !== null) return `file:${fromFolder(folder, file)}`
  return (JSON.parse(readFileSync(join(packageRoot, manifestFile), 'utf8')) as { version: string }).version
}

/**
 * The packed file that copylab was installed from, as npm notes it in `node_modules`; null where it
 * came from a registry or nothing is noted.
 */
function installedFrom(): string | null {
  const modules = packageRoot.slice(0, packageRoot.lastIndexOf(`${sep}node_modules${sep}`))
  try {
    const { packages } = JSON.parse(readFileSync(join(modules, 'node_modules', '.package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly resolved?: string }>>
    }
    const from = packages['node_modules/copylab']?.resolved
    return from?.startsWith('file:') ? resolve(modules, from.slice('file:'.length)) : null
  } catch {
    return null
  }
}

const fromFolder = (folder: string, path: string): string => relative(folder, path).split(sep).join('/')

/** A folder's name as npm takes it. */
function nameOf(folder: string): string {
  return (
    basename(folder)
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'measurements'
  )
}

/** Content of a file that is there. Throws `RangeError` where something else has its name. */
function textOf(path: string): string {
  if (!statSync(path).isFile()) throw new RangeError(`Expected ${path} to be a file: move what has its name`)
  return readFileSync(path, 'utf8')
}

function parsed(text: string, path: string): Record<string, unknown> {
  const refuse = (why: string): never => {
    throw new RangeError(`Expected ${path} to hold a JSON object (${why}): correct or remove it`)
  }
  let manifest: unknown
  try {
    // npm takes a byte order mark, too.
    manifest = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return refuse((error as Error).message)
  }
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject(manifest)) return refuse(`it holds ${inMessage(manifest)}`)
  const { dependencies = {} } = manifest as Record<string, unknown>
  if (!isObject(dependencies)) return refuse(`its dependencies are ${inMessage(dependencies)}`)
  return manifest as Record<string, unknown>
}

function json(value: object, indent: string = '  '): string {
  return `${JSON.stringify(value, null, indent)}\n`
}
