import { withoutSpaces } from '../../../records/spaces.js'

/**
 * Reads the elements of a one-dimensional array as PostgreSQL writes it: `{1,2}`, `{"a b",NULL}`
 * (the manual, section 8.15.6). Null for an element that is `NULL` without quotes; the result is
 * null for text that is no such array.
 */
export function readArrayText(text: string): (string | null)[] | null {
  const body = /^\{(.*)\}$/s.exec(withoutSpaces(text))?.[1]
  if (body === undefined) return null
  if (withoutSpaces(body) === '') return []
  const elements: (string | null)[] = []
  let at = 0
  for (;;) {
    element.lastIndex = at
    const match = element.exec(body)
    if (match === null) return null
    const [whole, quoted, plain] = match
    if (quoted !== undefined) elements.push(quoted.replace(/\\(.)/gs, '$1'))
    else elements.push(/^null$/i.test(plain!) ? null : plain!.replace(/\\(.)/gs, '$1'))
    at += whole.length
    if (at === body.length) return elements
    if (body[at++] !== ',') return null
  }
}

/**
 * An element: between quotes any text, with a backslash before quotes and backslashes; without
 * quotes, no brace, quote or comma, and no space at its ends.
 */
const element =
  /[ \t-\r]*(?:"((?:[^"\\]|\\.)*)"|((?:[^ \t-\r,{}"\\]|\\.)(?:(?:[^,{}"\\]|\\.)*(?:[^ \t-\r,{}"\\]|\\.))?))[ \t-\r]*/sy

/** Returns why a text is no array that is read. */
export function arrayProblem(text: string): string {
  const given = withoutSpaces(text)
  if (given.startsWith('[')) return 'arrays with bounds are not read: their elements are counted from 1'
  if (/^\{\s*\{/.test(given)) return 'arrays of arrays are not read; take text'
  return 'arrays are read as {1,2} or {"a b",NULL}'
}
