import { unknownName } from './names.js'

/** Range of a number; any finite number where no bound is given. */
export interface NumberRange {
  readonly from?: number
  readonly to?: number
  /** Not this number itself. */
  readonly above?: number
  /** Not this number itself. */
  readonly below?: number
  /** Added to the message: why the bound is where it is. */
  readonly why?: string
}

/**
 * Returns the value when it is a finite number in the range; throws `RangeError` naming the option
 * otherwise.
 */
export function checkedNumber(name: string, value: unknown, range: NumberRange = {}): number {
  if (typeof value === 'number' && Number.isFinite(value) && isWithin(value, range)) return value
  throw outOfRange(name, rangeWords(range) === '' ? 'finite number' : 'number', range, value)
}

/**
 * Returns the value when it is a whole number in the range; throws `RangeError` naming the option
 * otherwise.
 */
export function checkedInteger(name: string, value: unknown, range: NumberRange = {}): number {
  if (isInteger(value, range)) return value
  throw outOfRange(name, 'whole number', range, value)
}

/**
 * Returns the whole number that a text of digits is, when it lies in the range; throws `RangeError`
 * naming the option otherwise.
 */
export function integerOf(name: string, text: string, range: NumberRange = {}): number {
  return checkedInteger(name, /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : text, range)
}

/** Whether a value is a whole number in the range, not too large to be exact. */
export function isInteger(value: unknown, range: NumberRange = {}): value is number {
  return Number.isSafeInteger(value) && isWithin(value as number, range)
}

/** Requirements on a list of numbers: their range, and how many there must be at least. */
export interface NumbersRange extends NumberRange {
  /**
   * @default 1
   */
  readonly least?: number
}

/**
 * Returns the values when they are a list of finite numbers in the range, not empty unless `least`
 * allows it; throws `TypeError` for what is no list of numbers and `RangeError` for the rest.
 */
export function checkedNumbers(
  name: string,
  values: readonly number[],
  { least = 1, ...range }: NumbersRange = {},
): readonly number[] {
  if (!Array.isArray(values) && !ArrayBuffer.isView(values)) {
    throw new TypeError(`Expected \`${name}\` to be a list of numbers, got ${inMessage(values)}`)
  }
  if (values.length < least) {
    throw new RangeError(
      `Expected \`${name}\` to hold at least ${least} ${least === 1 ? 'number' : 'numbers'}, got ${values.length}`,
    )
  }
  for (let index = 0; index < values.length; index++) {
    const value: unknown = values[index]
    if (typeof value !== 'number') {
      throw new TypeError(`Expected \`${name}\` to hold numbers only, got ${inMessage(value)} at index ${index}`)
    }
    if (!Number.isFinite(value)) {
      throw new RangeError(`Expected \`${name}\` to hold finite numbers only, got ${value} at index ${index}`)
    }
    if (!isWithin(value, range)) {
      throw new RangeError(
        `Expected \`${name}\` to hold numbers${rangeWords(range)} only, got ${value} at index ${index}`,
      )
    }
  }
  return values
}

/** Returns the value when it is one of the choices; throws `RangeError` listing them otherwise. */
export function checkedChoice<T extends string | number>(name: string, value: unknown, choices: readonly T[]): T {
  if ((choices as readonly unknown[]).includes(value)) return value as T
  throw new RangeError(`Expected \`${name}\` to be one of ${choices.join(', ')}, got ${inMessage(value)}`)
}

function isWithin(value: number, { from, to, above, below }: NumberRange): boolean {
  return (
    (from === undefined || value >= from) &&
    (to === undefined || value <= to) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  )
}

function outOfRange(name: string, kind: string, range: NumberRange, value: unknown): RangeError {
  const why = range.why === undefined ? '' : `, ${range.why}`
  return new RangeError(`Expected \`${name}\` to be a ${kind}${rangeWords(range)}${why}, got ${inMessage(value)}`)
}

/** " from 1 to 20", " between 0 and 1"; empty for a range without bounds. */
function rangeWords({ from, to, above, below }: NumberRange): string {
  if (above !== undefined && below !== undefined) return ` between ${above} and ${below}`
  const lower = from !== undefined ? ` from ${from}` : above !== undefined ? ` above ${above}` : ''
  return `${lower}${to !== undefined ? ` to ${to}` : below !== undefined ? ` below ${below}` : ''}`
}

/** Characters of a value that a message shows at most. */
const maxShown = 200

/** Characters that nobody sees or tells from a space, but for the space itself. */
const invisible = /(?! )[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu

/**
 * A value as a message shows what was got: the beginning of a long one, and what nobody sees by its
 * code point, such as `<U+00A0>`.
 */
export function inMessage(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value)
  const text = (JSON.stringify(value) ?? typeof value).replace(
    invisible,
    (character) => `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`,
  )
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text
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
