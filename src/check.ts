import { unknownName } from './names.js'

/** Range of a whole number. */
export interface IntegerRange {
  readonly from: number
  /** Upper bound, included. @default no upper bound */
  readonly to?: number
  /** Reason for the bounds, which is added to the message. */
  readonly why?: string
}

/** Throws `RangeError` naming the option unless the value is a whole number in the range. */
export function checkInteger(name: string, value: unknown, { from, to, why }: IntegerRange): void {
  const within = typeof value === 'number' && Number.isSafeInteger(value) && value >= from
  if (within && (to === undefined || value <= to)) return
  const range = to === undefined ? `from ${from}` : `from ${from} to ${to}`
  throw new RangeError(
    `Expected \`${name}\` to be a whole number ${range}${why ? `, ${why}` : ''}, got ${typeof value === 'number' ? value : JSON.stringify(value)}`,
  )
}

/** The names of an object's fields: the compiler refuses a list that lacks one. */
export type NamesOf<T> = { readonly [Name in keyof T]-?: true }

/**
 * Throws `TypeError` for options that a function does not know, naming the nearest one that it
 * does; `of` is the option that they are given in, where they are given in one.
 */
export function checkOptions<T extends object>(options: T, names: NamesOf<T>, of?: string): void {
  if (typeof options !== 'object' || options === null) {
    const whose = of === undefined ? 'options' : `\`${of}\``
    throw new TypeError(`Expected ${whose} to be an object, got ${options === null ? 'null' : typeof options}`)
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const expected = of === undefined ? 'options' : `\`${of}\` to have options`
  checkNames(
    given.map(([name]) => name),
    Object.keys(names),
    expected,
  )
}

/** Returns options whose names are all known; throws `TypeError` otherwise, like `checkOptions`. */
export function checkedOptions<T extends object>(options: T, names: NamesOf<T>, of?: string): T {
  checkOptions(options, names, of)
  return options
}

/**
 * Throws `TypeError` for the first name that is not known, saying what was expected, "options", and
 * which known one is the nearest.
 */
export function checkNames(given: readonly string[], known: readonly string[], expected: string): void {
  const unknown = given.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new TypeError(unknownName(unknown, known, expected))
}
