import { DatabaseError } from '../errors.js'

/**
 * Characters that a shell interprets within double quotes, or that would end a line of PostgreSQL's
 * own files, with their names.
 */
const signs: Readonly<Record<string, string>> = { '"': '"', '`': '`', $: '$', '\n': 'a line end', '\r': 'a line end' }

/**
 * Refuses a path that PostgreSQL's programs cannot use: they call each other through a shell, with
 * their paths within double quotes, so that a part of such a path would be run as a command. Throws
 * `DatabaseError`.
 */
export function refuseForShell(path: string): void {
  const found = [...new Set([...path].flatMap((sign) => signs[sign] ?? []))]
  if (found.length === 0) return
  throw new DatabaseError(
    `The embedded PostgreSQL cannot run in ${JSON.stringify(path)}: its programs hand their paths to a shell, which would read ${found.join(' and ')} in it as a command; move the project to a folder without such characters, or use url()`,
  )
}
