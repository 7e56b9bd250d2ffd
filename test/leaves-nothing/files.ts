import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What copylab and its tools keep in a checkout by design, ignored by git. */
const kept = [
  /^(.*\/)?node_modules\/$/,
  /^(bench\/)?dist\/$/,
  /^data\/(digests|flights|servers|out)\/$/,
  /^\.venv\/$/,
  /^examples\/loaders\/pgx\/load$/,
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

/**
 * Reads what a checkout holds other than what was committed, and than what is kept by design; null
 * where git cannot tell, since there is none, or no repository of this user's.
 */
export function stateOfCheckout(checkout: string): CheckoutState | null {
  const status = statusOf(checkout)
  if (status === null) return null
  const entries = status.split('\0').flatMap((entry) => (entry === '' ? [] : [[entry.slice(0, 2), entry.slice(3)]]))
  const own = entries.filter(([, path]) => !kept.some((pattern) => pattern.test(path!)))
  const inSlots = leftInSlots(checkout).map((path) => ['!!', path])
  return new Map([...own, ...inSlots].map(([word, path]) => [path!, `${word} ${digestOf(join(checkout, path!))}`]))
}

function statusOf(checkout: string): string | null {
  const args = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--ignored=matching']
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const
    return execFileSync('git', args, { cwd: checkout, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: [...stdio] })
  } catch {
    return null
  }
}

/**
 * Whether a file may be that of whoever runs the tests, and not of the tests: a log or a report at
 * the top of the checkout.
 */
const isRunners = (path: string, state: string): boolean => /^(\?\?|!!)/.test(state) && !path.includes('/')

/** Names each file of a checkout that is new, changed or gone. */
export function leftFiles(before: CheckoutState, after: CheckoutState): string[] {
  const changed = [...after].filter(([path, state]) => before.get(path) !== state && !isRunners(path, state))
  const gone = [...before].flatMap(([path, state]) => (after.has(path) || isRunners(path, state) ? [] : [path]))
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
