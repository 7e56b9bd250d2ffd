import { existsSync, readFileSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
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
  const given = readFileSync(path, 'utf8')
  const bare = (line: string): string => line.trim().replace(/^\/|\/$/g, '')
  const there = new Set(given.split('\n').map(bare))
  const lacking = ignored.filter((line) => !line.startsWith('#') && !there.has(bare(line)))
  if (lacking.length === 0) return { did: 'left', file: ignoreFile, what: 'as it is' }
  writeWhole(path, `${given}${given === '' || given.endsWith('\n') ? '' : '\n'}${lacking.join('\n')}\n`)
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
  const text = readFileSync(path, 'utf8')
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
  return (JSON.parse(readFileSync(join(packageRoot, manifestFile), 'utf8')) as { version: string }).version
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

function parsed(text: string, path: string): Record<string, unknown> {
  try {
    const manifest: unknown = JSON.parse(text)
    if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest))
      return manifest as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw new RangeError(`Expected ${path} to hold a JSON object: correct or remove it`)
}

function json(value: object, indent: string = '  '): string {
  return `${JSON.stringify(value, null, indent)}\n`
}
