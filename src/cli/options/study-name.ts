import { basename, resolve } from 'node:path'

/** Maximum length of a study's name. */
const maxLength = 40

/** What a study is named after where it has no name of its own. */
export interface NamedAfter {
  readonly like?: string
  readonly ddl?: string
  readonly input: string
}

/**
 * A study's name by that of its table, else of its input: "orders" for `public.orders`,
 * `./orders.sql` and a folder `orders`.
 */
export function studyNameOf({ like, ddl, input }: NamedAfter): string {
  if (like !== undefined) return nameOfText(like.slice(like.lastIndexOf('.') + 1), maxLength)
  return nameOfPath(ddl ?? input, maxLength)
}

/**
 * The beginning of a file's or folder's name, as a study may have it: at most `length` characters.
 */
export function nameOfPath(path: string, length: number): string {
  const [stem = ''] = basename(resolve(path)).split('.')
  return nameOfText(stem, length)
}

function nameOfText(text: string, length: number): string {
  const name = text.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return name.slice(0, length).replace(/-+$/, '') || 'files'
}
