/**
 * Makes the packages that are bundled with copylab ready to be packed, in `node_modules`; `npm pack`
 * runs it. npm takes `overrides` from the project that is installed alone, so that where copylab is
 * a dependency danfojs-node would fetch a spreadsheet library from a web server and a native
 * TensorFlow: it is bundled, with all that it needs, and has to ask for what it gets. May run any
 * number of times; `npm ci` undoes it.
 */

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is packed of packages that bring builds for browsers, source maps and tests as well. */
const needed = {
  '@tensorflow/tfjs-node': ['dist', '!dist/**/*.map', '!dist/**/*_test.*', '!dist/tf-core*', '!dist/miniprogram'],
  mathjs: ['lib/cjs', 'types', 'number.cjs', 'LICENSE', 'NOTICE'],
  xlsx: ['xlsx.js', 'dist/cpexcel.js', 'types/index.d.ts', 'LICENSE'],
}

const { overrides, bundleDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))

for (const name of bundleDependencies) {
  change(name, ({ dependencies }) => ({ dependencies: { ...dependencies, ...overrides[name] } }))
}
for (const [name, files] of Object.entries(needed)) change(name, () => ({ files }))

function change(name, changes) {
  const path = join('node_modules', name, 'package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  // A new file: the old one may be linked to those of other folders, and a folder that changes later
  // than npm's notes on node_modules has npm read the packages themselves.
  writeFileSync(`${path}.draft`, `${JSON.stringify({ ...manifest, ...changes(manifest) }, null, 2)}\n`)
  renameSync(`${path}.draft`, path)
}
