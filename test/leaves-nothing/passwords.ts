import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Where passwords are looked for. */
export interface Places {
  readonly checkout: string
  /** The folder for temporary files. */
  readonly temporary: string
  /** Files that did not change since then are not read. */
  readonly sinceMs: number
}

/**
 * Names each file that holds a password, of a server of copylab's own or of the tests, and each
 * process that shows one in its command line; and each password's own file that others may read.
 */
export function writtenPasswords({ checkout, temporary, sinceMs }: Places): string[] {
  const servers = join(checkout, 'data', 'servers')
  const own = filesBelow(servers).filter((path) => /\/slot-\d+\/[^/]+\/password$/.test(path))
  const secrets = [...own.map((path) => readFileSync(path, 'utf8').trim()), ...testPasswords(checkout)]
  const open = own.filter((path) => (statSync(path).mode & 0o077) !== 0)
  const written = [join(checkout, 'data'), join(checkout, 'dist'), temporary]
    .flatMap(filesBelow)
    .filter((path) => !own.includes(path) && (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= sinceMs)
    .filter((path) => holds(path, secrets))
  return [
    ...open.map((path) => `a password that others may read: ${relative(checkout, path)}`),
    ...written.map((path) => `a password in ${relative(checkout, path)}`),
    ...commandLines().flatMap(({ pid, line }) =>
      secrets.some((secret) => line.includes(secret)) ? [`a password in the command line of process ${pid}`] : [],
    ),
  ]
}

/** The passwords that the tests of a checkout give, as far as they are told from ordinary words. */
export function testPasswords(checkout: string): string[] {
  const given = /(?:password['"]?\s*[:=]\s*|mark = |as \w+ password )['"`]([^'"`\n]{6,})['"`]/gi
  const files = filesBelow(join(checkout, 'test')).filter((path) => path.endsWith('.ts') && !/node_modules/.test(path))
  const found = files.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(given)].map(([, password]) => password!),
  )
  return [...new Set(found.filter((password) => /[^a-z]/.test(password) && !/[${}]/.test(password)))]
}

function holds(path: string, secrets: readonly string[]): boolean {
  try {
    const content = readFileSync(path)
    return secrets.some((secret) => content.includes(secret))
  } catch {
    return false
  }
}

function commandLines(): { readonly pid: string; readonly line: string }[] {
  if (process.platform !== 'linux') return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    try {
      return { pid, line: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }
    } catch {
      return []
    }
  })
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
  } catch {
    return []
  }
}
