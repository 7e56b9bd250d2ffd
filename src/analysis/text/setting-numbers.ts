import { shortCount } from '../../study/treatment.js'
import type { QuotedNumber } from './phrase.js'
import { quoted, quotedShare } from './quoted.js'

/**
 * Values that were set, such as a notebook's parameters: numbers among others, in lists and
 * records.
 */
export type MentionedValues =
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly MentionedValues[]
  | { readonly [name: string]: MentionedValues }

/**
 * Returns the numbers among values that were set, by their names, in the forms that texts write
 * them; the members of a list are counted.
 */
export function settingsNumbers(settings: MentionedValues, name = ''): QuotedNumber[] {
  if (typeof settings === 'number') return settingNumbers(name, settings)
  if (typeof settings !== 'object' || settings === null) return []
  const members: readonly (readonly [string, MentionedValues])[] = Array.isArray(settings)
    ? settings.map((member: MentionedValues, k) => [String(k + 1), member] as const)
    : Object.entries(settings)
  return members.flatMap(([key, member]) => settingsNumbers(member, name === '' ? key : `${name}.${key}`))
}

/**
 * Returns the forms of a number that was set: "10,000"; "10K" as `.short`; four digits without a
 * separator, "2001", as `.plain`; a share as `.percent` too. Empty for a value that is not finite.
 */
function settingNumbers(name: string, value: number): QuotedNumber[] {
  if (!Number.isFinite(value)) return []
  const meaning = inWords(name)
  const text = value.toLocaleString('en-US', { maximumFractionDigits: 6 })
  const short = shortCount(value)
  return [
    quoted(name, value, text, meaning),
    ...(Number.isInteger(value) && short !== text ? [quoted(`${name}.short`, value, short, meaning)] : []),
    ...(Number.isInteger(value) && value >= 1000 && value < 10_000
      ? [quoted(`${name}.plain`, value, String(value), meaning)]
      : []),
    ...(value > 0 && value < 1 ? [quotedShare(`${name}.percent`, value, meaning)] : []),
  ]
}

/** Writes a name in words: "params, confirm blocks" for `params.confirmBlocks`. */
function inWords(name: string): string {
  return name.replaceAll('.', ', ').replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
