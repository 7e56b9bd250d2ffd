import { passwordMask, passwordsIn, passwordsOf } from '../passwords.js'
import type { Json } from './file/json.js'
import type { CodeCell, Notebook } from './file/notebook-file.js'

/**
 * A notebook that is safe to write: the passwords that it gives, and those of this process's
 * environment, are masked everywhere in it, in code and outputs alike.
 */
export function withoutPasswords(notebook: Notebook): Notebook {
  const mask = notebookMask(notebook)
  const clean = (value: Json): Json => {
    if (typeof value === 'string') return mask(value)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(clean)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, clean(member)]))
  }
  return clean(notebook as unknown as Json) as unknown as Notebook
}

/**
 * Returns a function that masks in a text the passwords that a notebook gives and those of this
 * process's environment.
 */
export function notebookMask(notebook: Notebook): (text: string) => string {
  const given = stringsOf(notebook as unknown as Json).flatMap(passwordsIn)
  return passwordMask([...given, ...passwordsOf(process.env)])
}

/** Whether a cell's own code holds a password. */
export function holdsPassword({ source }: Pick<CodeCell, 'source'>): boolean {
  return passwordMask(passwordsOf(process.env))(source) !== source
}

function stringsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsOf)
}
