import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What copylab and its tools keep in a checkout by design, ignored by git. */
const kept = [
  /^(.*\/)?node_modules\/$/,
  /^(bench\/)?dist\/$/,
  /^data\/(flights|servers|out)\/$/,
  /^\.venv\/$/,
  /^bench\/peers\/(bin|python\/\.venv)\/$/,
  /^(.*\/)?__pycache__\/$/,
]

/** What a slot of copylab's own servers keeps. */
const keptInSlots = /^(postgresql-\d+-.+|server\.log)$/

/**
 * Files of a checkout that are not as they were committed, each with git's word of it, `!!` for one
 * that is ignored, and a digest of what it holds.
 */
export type CheckoutState = ReadonlyMap<string, string>

/** Reads what a checkout holds other than what was committed, and than what is kept by design. */
export function stateOfCheckout(checkout: string): CheckoutState {
  const args = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--ignored=matching']
  const status = execFileSync('git', args, { cwd: checkout, encoding: 'utf8', maxBuffer: 2 ** 28 })
  const entries = status.split('\0').flatMap((entry) => (entry === '' ? [] : [[entry.slice(0, 2), entry.slice(3)]]))
  const own = entries.filter(([, path]) => !kept.some((pattern) => pattern.test(path!)))
  const inSlots = leftInSlots(checkout).map((path) => ['!!', path])
  return new Map([...own, ...inSlots].map(([word, path]) => [path!, `${word} ${digestOf(join(checkout, path!))}`]))
}

/** Names each file of a checkout that is new, changed or gone. */
export function leftFiles(before: CheckoutState, after: CheckoutState): string[] {
  const changed = [...after].filter(([path, digest]) => before.get(path) !== digest)
  const gone = [...before.keys()].filter((path) => !after.has(path))
  return [
    ...changed.map(([path, state]) => {
      const isNew = !before.has(path) && /^(\?\?|!!)/.test(state)
      return `${isNew ? 'new' : 'changed'} in the checkout: ${path}`
    }),
    ...gone.map((path) => `no longer in the checkout as it was: ${path}`),
  ]
}

/** Names each entry of the folder for temporary files. */
export function leftInTemporary(folder: string): string[] {
  return readdirSync(folder).map((name) => `temporary: ${name}`)
}

function leftInSlots(checkout: string): string[] {
  const servers = join('data', 'servers')
  return namesIn(join(checkout, servers)).flatMap((slot) =>
    namesIn(join(checkout, servers, slot))
      .filter((name) => !keptInSlots.test(name))
      .map((name) => join(servers, slot, name)),
  )
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function digestOf(path: string): string {
  try {
    if (lstatSync(path).isFile()) return createHash('sha1').update(readFileSync(path)).digest('hex')
    return lstatSync(path).isDirectory() ? 'folder' : 'other'
  } catch {
    return 'none'
  }
}
