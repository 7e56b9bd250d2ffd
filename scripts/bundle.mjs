/**
 * Makes copylab ready to be packed with danfojs-node and all that it needs, and puts back what was
 * there: `npm pack` runs `node scripts/bundle.mjs ready` before and `node scripts/bundle.mjs restore`
 * after.
 *
 * npm takes `overrides` from the project that is installed alone. Where copylab is a dependency,
 * danfojs-node would bring what the checkout replaces: a spreadsheet library from a web server, a
 * native TensorFlow, and HTTP clients that nobody maintains. So it is bundled, and each package in
 * the bundle has to ask for what it gets; what stands in the checkout by a link is packed as a copy.
 * Only for the time of packing: npm overrides nothing in a bundle, and would call the checkout's
 * packages invalid.
 */

import {
  cpSync,
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { placesOf, readManifest, root } from './packages.mjs'

/** What is packed of packages that bring builds for browsers, source maps and tests as well. */
const needed = {
  '@tensorflow/tfjs-node': ['dist', '!dist/**/*.map', '!dist/**/*_test.*', '!dist/tf-core*', '!dist/miniprogram'],
  mathjs: ['lib/cjs', 'types', 'number.cjs', 'LICENSE', 'NOTICE'],
  xlsx: ['xlsx.js', 'dist/cpexcel.js', 'types/index.d.ts', 'LICENSE'],
}

const bundled = 'danfojs-node'

/** What was there before: the manifests and the links, by their places. */
const keptFile = join(root, 'node_modules', '.copylab-bundle.json')

// A pack that was broken off left the bundle ready.
restore()
if (process.argv[2] === 'ready') ready()

function ready() {
  const { overrides } = readManifest('')
  const places = placesOf([bundled])
  const links = places.filter((place) => lstatSync(join(root, place)).isSymbolicLink())
  const kept = {
    links: Object.fromEntries(links.map((place) => [place, readlinkSync(join(root, place))])),
    manifests: Object.fromEntries(['', ...places].map((place) => [place, readFileSync(manifestOf(place), 'utf8')])),
  }
  writeFileSync(keptFile, JSON.stringify(kept))
  for (const place of links) {
    cpSync(join(root, place), draftOf(place), { recursive: true, dereference: true })
    rmSync(join(root, place))
    renameSync(draftOf(place), join(root, place))
  }
  const change = (place, changes) => {
    const manifest = JSON.parse(kept.manifests[place])
    write(manifestOf(place), `${JSON.stringify({ ...manifest, ...changes(manifest) }, null, 2)}\n`)
  }
  for (const place of places) {
    change(place, ({ files, dependencies = {} }) => ({
      files: needed[place.slice('node_modules/'.length)] ?? files,
      dependencies: Object.fromEntries(
        Object.entries(dependencies).map(([name, range]) => [name, overrides[bundled][name] ?? range]),
      ),
    }))
  }
  change('', () => ({ bundleDependencies: [bundled] }))
}

function restore() {
  if (!existsSync(keptFile)) return
  const { links, manifests } = JSON.parse(readFileSync(keptFile, 'utf8'))
  for (const [place, text] of Object.entries(manifests))
    if (existsSync(manifestOf(place))) write(manifestOf(place), text)
  for (const [place, target] of Object.entries(links)) {
    rmSync(join(root, place), { recursive: true, force: true })
    symlinkSync(target, join(root, place))
  }
  rmSync(keptFile)
}

function draftOf(place) {
  return `${join(root, place)}.draft`
}

function manifestOf(place) {
  return join(root, place, 'package.json')
}

/** Writes a new file: the one that is there may be linked to those of other folders. */
function write(path, text) {
  writeFileSync(`${path}.draft`, text)
  renameSync(`${path}.draft`, path)
}
