/** What the programs of Node.js have in common about files. */

import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The files of a folder, by name. */
export function filesOf(folder) {
  return readdirSync(folder)
    .sort()
    .map((name) => resolve(join(folder, name)))
}

/** Files in as many lists, balanced by size; no list is empty. */
export function sharesOf(files, workers) {
  const shares = Array.from({ length: Math.min(workers, files.length) }, () => ({ bytes: 0, files: [] }))
  const sized = files.map((file) => ({ file, bytes: statSync(file).size })).sort((a, b) => b.bytes - a.bytes)
  for (const { file, bytes } of sized) {
    const smallest = shares.reduce((a, b) => (b.bytes < a.bytes ? b : a))
    smallest.files.push(file)
    smallest.bytes += bytes
  }
  return shares.map((share) => share.files)
}
