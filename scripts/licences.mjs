/**
 * Lists the packages that copylab brings, each with its version, its licence and its way here, and
 * names those with install scripts: `node scripts/licences.mjs`, with `--json` as one object.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { placesOf, readManifest, root } from './packages.mjs'

const { dependencies, peerDependencies } = readManifest('')
const bundled = new Set(placesOf(['danfojs-node']))
const installed = new Set(placesOf(Object.keys(dependencies)))
const way = (place) => (bundled.has(place) ? 'bundled' : installed.has(place) ? 'installed' : 'for documents')

const packages = [...new Set([...installed, ...placesOf(Object.keys(peerDependencies))])]
  .map((place) => {
    const { name, version, ...manifest } = readManifest(place)
    return { name, version, licence: licenceOf(place, manifest), way: way(place) }
  })
  .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const installScripts = Object.entries(lock.packages)
  .filter(([, { hasInstallScript }]) => hasInstallScript)
  .map(([place]) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length))

if (process.argv.includes('--json')) console.log(JSON.stringify({ packages, installScripts }, null, 2))
else {
  const widthOf = (field) => Math.max(...packages.map((entry) => entry[field].length)) + 2
  const columns = ['licence', 'way', 'name', 'version'].map((field) => [field, widthOf(field)])
  for (const entry of packages) {
    console.log(
      columns
        .map(([field, width]) => entry[field].padEnd(width))
        .join('')
        .trimEnd(),
    )
  }
  console.log(`\n${packages.length} packages. Install scripts: ${installScripts.join(', ')}`)
}

/** Returns the licence that a package states, or, where its manifest is silent, the title of its text. */
function licenceOf(place, { license, licenses }) {
  const stated = license ?? licenses?.map(({ type }) => type).join(' OR ')
  if (stated !== undefined) return typeof stated === 'string' ? stated : stated.type
  const text = readdirSync(join(root, place)).find((file) => /^licen[cs]e/i.test(file))
  return text === undefined
    ? 'none'
    : readFileSync(join(root, place, text), 'utf8')
        .trim()
        .split('\n')[0]
}
