/** Where the packages of this checkout are, found as Node.js finds them. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Returns the `package.json` of the package at a place, which is a path from the checkout. */
export function readManifest(place) {
  return JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8'))
}

/**
 * Returns the places of the named packages and of all that they need. What is optional, or asked of
 * whoever installs a package, counts where it is installed.
 */
export function placesOf(names) {
  const places = new Set()
  const add = (name, from, must) => {
    const place = placeFrom(name, from)
    if (place === null && must) throw new Error(`Expected the package ${name} in node_modules: run \`npm ci\``)
    if (place === null || places.has(place)) return
    places.add(place)
    const { dependencies, optionalDependencies = {}, peerDependencies } = readManifest(place)
    for (const needed of Object.keys(dependencies ?? {})) add(needed, place, !(needed in optionalDependencies))
    for (const offered of Object.keys({ ...optionalDependencies, ...peerDependencies })) add(offered, place, false)
  }
  for (const name of names) add(name, '', true)
  return [...places]
}

/** Returns where a package finds another: in its own `node_modules`, or in one above. */
function placeFrom(name, from) {
  const place = join(from, 'node_modules', name)
  if (existsSync(join(root, place))) return place
  return from === '' ? null : placeFrom(name, from.slice(0, Math.max(0, from.lastIndexOf('node_modules') - 1)))
}
