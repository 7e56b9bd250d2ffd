/**
 * Packs copylab, with danfojs-node and all that it needs, into one file for `npm i`:
 * `node scripts/package.mjs [folder]` writes it into the folder, by default the present one, and
 * prints what `npm pack --json` prints.
 *
 * npm takes `overrides` from the project that is installed alone. Where copylab is a dependency,
 * danfojs-node would bring what the checkout replaces: a spreadsheet library from a web server, a
 * native TensorFlow, and HTTP clients that nobody maintains. So it is bundled, ready, from a copy
 * in which it asks for what it gets. The checkout stays as it is.
 */

import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { placesOf, readManifest, root } from './packages.mjs'

const bundled = 'danfojs-node'

/** What is packed of packages that bring builds for browsers, source maps and tests as well. */
const needed = {
  '@tensorflow/tfjs-node': ['dist', '!dist/**/*.map', '!dist/**/*_test.*', '!dist/tf-core*', '!dist/miniprogram'],
  mathjs: ['lib/cjs', 'types', 'number.cjs', 'LICENSE', 'NOTICE'],
  xlsx: ['xlsx.js', 'dist/cpexcel.js', 'types/index.d.ts', 'LICENSE'],
}

const destination = resolve(process.argv[2] ?? '.')
const manifest = readManifest('')
const replaced = manifest.overrides[bundled]

const copy = mkdtempSync(join(tmpdir(), 'copylab-package-'))
try {
  const [{ files }] = JSON.parse(npm('pack', '--dry-run', '--json', '--ignore-scripts', root))
  for (const { path } of files) cpSync(join(root, path), join(copy, path))
  // What is about the checkout alone has no meaning where copylab is installed.
  const { workspaces, overrides, devDependencies, ...own } = manifest
  writeManifest('', { ...own, bundleDependencies: [bundled] })
  for (const place of placesOf([bundled])) copyPackage(place)
  process.stdout.write(npm('pack', '--json', '--ignore-scripts', '--pack-destination', destination, copy))
} finally {
  rmSync(copy, { recursive: true })
}

/** Copies a package without those in its `node_modules`, and has it ask for what stands there. */
function copyPackage(place) {
  const within = join(root, place, 'node_modules')
  const filter = (path) => path !== within
  cpSync(join(root, place), join(copy, place), { recursive: true, dereference: true, filter })
  const { name, dependencies = {}, files, ...rest } = readManifest(place)
  const asked = Object.entries(dependencies).map(([to, version]) => [to, replaced[to] ?? version])
  const packed = needed[place.slice('node_modules/'.length)] ?? files
  writeManifest(place, { name, ...rest, files: packed, dependencies: Object.fromEntries(asked) })
}

function writeManifest(place, content) {
  writeFileSync(join(copy, place, 'package.json'), `${JSON.stringify(content, null, 2)}\n`)
}

function npm(...args) {
  return execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })
}
