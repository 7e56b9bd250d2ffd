import type { Parameters } from './declared-parameters.js'

type Plain = 'number' | 'string' | 'boolean'

/**
 * Values that a declared value allows in its place: one plain value of its type, or a list of them.
 */
interface Kind {
  readonly of: Plain
  readonly isList: boolean
}

/**
 * Checks values against those that a notebook declares. Throws `RangeError` for a name that is not
 * declared, listing those that are, and `TypeError` for a value of another kind. A list may be
 * empty. Where the declared value is null, an object, or an empty or mixed list, any value will do.
 */
export function checkParameters(declared: Parameters, parameters: Parameters): void {
  for (const [name, value] of Object.entries(parameters)) {
    const kind = kindOf(declaredValue(declared, name))
    if (kind && !isOfKind(value, kind)) throw wrongKind(name, kind, value)
  }
}

/**
 * Reads texts such as `blocks=30`, `workers=1,2,4`, `name=mine` and `fresh=true` as values of the
 * declared kinds. Numbers may be written 717_000, lists with brackets; where any value will do, it
 * is read as JSON. Of several texts for one name the last counts. Throws as `checkParameters` does.
 */
export function parseParameters(declared: Parameters, assignments: readonly string[]): Parameters {
  const entries = assignments.map((assignment) => {
    const split = assignment.indexOf('=')
    if (split < 1) throw new TypeError(`Expected name=value, such as blocks=30, got ${JSON.stringify(assignment)}`)
    const name = assignment.slice(0, split).trim()
    const text = assignment.slice(split + 1)
    const kind = kindOf(declaredValue(declared, name))
    return [name, kind ? parsedValue(name, kind, text) : parsedJson(name, text)]
  })
  return Object.fromEntries(entries)
}

function declaredValue(declared: Parameters, name: string): unknown {
  if (Object.hasOwn(declared, name)) return declared[name]
  throw new RangeError(
    `Expected the name of a parameter (${Object.keys(declared).join(', ')}), got ${JSON.stringify(name)}`,
  )
}

function kindOf(value: unknown): Kind | null {
  const isList = Array.isArray(value)
  const [of, ...others] = new Set((isList ? value : [value]).map(plainType))
  return of && others.length === 0 ? { of, isList } : null
}

function plainType(value: unknown): Plain | null {
  if (typeof value === 'number') return Number.isFinite(value) ? 'number' : null
  return typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'boolean' : null
}

function isOfKind(value: unknown, { of, isList }: Kind): boolean {
  if (!isList) return plainType(value) === of
  return Array.isArray(value) && value.every((item) => plainType(item) === of)
}

function parsedValue(name: string, kind: Kind, text: string): unknown {
  const values = (kind.isList ? listItems(text) : [text]).map(readers[kind.of])
  if (values.includes(null)) throw wrongKind(name, kind, text)
  return kind.isList ? values : values[0]
}

const readers: { readonly [K in Plain]: (text: string) => number | string | boolean | null } = {
  number: (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text.replace(/(?<=\d)_(?=\d)/g, ''))
    return Number.isFinite(value) ? value : null
  },
  string: (text) => text,
  boolean: (text) => ({ true: true, false: false })[text.trim()] ?? null,
}

/** The items of "1, 2" and "[1, 2]", without quotes around them. */
function listItems(text: string): string[] {
  const inside = text.trim().replace(/^\[(.*)\]$/s, '$1')
  if (inside.trim() === '') return []
  return inside.split(',').map((item) => item.trim().replace(/^(["'])(.*)\1$/s, '$2'))
}

function parsedJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TypeError(`Expected \`${name}\` to be JSON, got ${JSON.stringify(text)}`, { cause })
  }
}

const examples: { readonly [K in Plain]: { readonly one: string; readonly list: string } } = {
  number: { one: 'a number, such as 30', list: 'a list of numbers, such as 1,2,4' },
  string: { one: 'a string', list: 'a list of strings, such as a,b' },
  boolean: { one: 'a boolean, true or false', list: 'a list of booleans, such as true,false' },
}

function wrongKind(name: string, { of, isList }: Kind, value: unknown): TypeError {
  const wanted = examples[of][isList ? 'list' : 'one']
  return new TypeError(`Expected \`${name}\` to be ${wanted}, got ${JSON.stringify(value) ?? String(value)}`)
}
