import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/project.js'
import { unmaintained } from './unmaintained.js'

/** Imported by src/, and no dependency of its own. */
const othersDependencies: Readonly<Record<string, string>> = {
  '@tslab/typescript-for-tslab': 'types alone; the code is that of tslab, which asks for one version of it',
}

const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Record<
  'dependencies' | 'devDependencies' | 'peerDependencies' | 'overrides',
  Readonly<Record<string, string>>
> & { readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>> }

/** How a module of src/ asks for a package: by `import`, or by its path. */
const asking = [
  /(?:from|import) '([^'.#][^']*)'/g,
  /import\('([^'.#][^']*)'\)/g,
  /createRequire\([^()]*\)(?:\.resolve)?\('([^'.#][^']*)'\)/g,
  /import\.meta\.resolve\('([^'.#][^']*)'\)/g,
]

function importedPackages(): Set<string> {
  const source = join(projectRoot, 'src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.[jt]s$/.test(file))
  const specifiers = files.flatMap((file) => {
    const code = readFileSync(join(source, file), 'utf8').replace(/^ *(?:\*|\/\/|\/\*\*).*$/gm, '')
    return asking.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier]) => specifier!))
  })
  const nameOf = (specifier: string): string => /^(@[^/]+\/)?[^/]+/.exec(specifier)![0]
  return new Set(specifiers.filter((specifier) => !isBuiltin(specifier)).map(nameOf))
}

test('what src/ imports is a dependency, or an optional peer, and each of those is imported', () => {
  const imported = [...importedPackages()].filter((name) => !(name in othersDependencies))
  const asked = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]
  // Types of a package that the declarations in dist/ name: without them they would not compile.
  const types = asked.filter((name) => name.startsWith('@types/'))
  expect(types.filter((name) => !imported.includes(name.slice('@types/'.length)))).toEqual([])
  expect(imported.sort()).toEqual(asked.filter((name) => !types.includes(name)).sort())
  expect([...importedPackages()]).toEqual(expect.arrayContaining(Object.keys(othersDependencies)))
})

test('no package stands in two lists, but for optional peers, which the development installs in the same version', () => {
  const { dependencies, devDependencies, peerDependencies, peerDependenciesMeta } = manifest
  expect(Object.keys(dependencies).filter((name) => name in devDependencies || name in peerDependencies)).toEqual([])
  for (const [name, version] of Object.entries(peerDependencies)) {
    expect(devDependencies[name]).toBe(version)
    expect(peerDependenciesMeta[name]).toEqual({ optional: true })
  }
})

test('versions are exact', () => {
  const { dependencies, devDependencies } = manifest
  const { copylab, ...versions } = { ...dependencies, ...devDependencies }
  expect(copylab).toBe('file:.')
  for (const [name, version] of Object.entries(versions)) expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
})

test('nothing that nobody maintains is in the lock file', () => {
  expect(unmaintained(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'))).toEqual([])
})

test.each([
  ['request', '2.88.2'],
  ['tough-cookie', '2.5.0'],
  ['form-data', '2.3.3'],
  ['@tensorflow/tfjs-node/node_modules/node-fetch', '2.1.2'],
])('a lock file with %s %s is told', (name, version) => {
  const place = `node_modules/copylab/node_modules/${name}`
  const lock = JSON.stringify({ packages: { [place]: { version }, 'node_modules/form-data': { version: '4.0.6' } } })
  expect(unmaintained(lock)).toEqual([`${place} ${version}`])
})
