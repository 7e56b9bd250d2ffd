import type { QuotedNumber } from '../../analysis/text/phrase.js'

const digits = ['Zero', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine']

/**
 * The name of a number's macro: TeX takes letters alone, so `c1.lower` is `\clCOneLower`; `1.3` is
 * `\clOnexThree`, which `13` is not.
 */
export function macroName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const letters = words.map((word) =>
    `${word[0]!.toUpperCase()}${word.slice(1)}`.replace(/\d/g, (digit) => digits[Number(digit)]!),
  )
  const apart = (k: number): string => (k > 0 && /\d$/.test(words[k - 1]!) && /^\d/.test(words[k]!) ? 'x' : '')
  return `\\cl${letters.map((word, k) => `${apart(k)}${word}`).join('')}`
}

/**
 * A collector of numbers that gives each a name of its own: `add` puts a prefix before their names.
 * A number that is stated twice under one name is one; of those that differ, the later names end in
 * a number, and so do names that would give one macro.
 */
export function numberCollector(): {
  readonly numbers: readonly QuotedNumber[]
  readonly add: (prefix: string, numbers: readonly QuotedNumber[]) => void
} {
  const byMacro = new Map<string, QuotedNumber>()
  const numbers: QuotedNumber[] = []
  const add = (prefix: string, given: readonly QuotedNumber[]): void => {
    for (const number of given) {
      const wanted = `${prefix}${number.name}`
      const isKnown = (name: string): boolean => {
        const known = byMacro.get(macroName(name))
        return known?.name === name && known.text === number.text
      }
      let name = wanted
      for (let n = 2; byMacro.has(macroName(name)) && !isKnown(name); n++) name = `${wanted}.${n}`
      if (isKnown(name)) continue
      const named = { ...number, name }
      byMacro.set(macroName(name), named)
      numbers.push(named)
    }
  }
  return { numbers, add }
}

/**
 * A TeX file that defines a macro for each number, for a text that would quote them. Throws
 * `RangeError` where two names give one macro.
 */
export function numbersTex(numbers: readonly QuotedNumber[]): string {
  const named = new Map<string, QuotedNumber>()
  for (const number of numbers) {
    const macro = macroName(number.name)
    const before = named.get(macro)
    if (before && before.name !== number.name)
      throw new RangeError(`Expected numbers whose macros differ, got ${before.name} and ${number.name}, both ${macro}`)
    named.set(macro, number)
  }
  const lines = [...named].map(
    ([macro, { text, meaning }]) => `\\newcommand{${macro}}{${texNumber(text)}}% ${meaning.replace(/\s+/g, ' ')}`,
  )
  return [
    '% The numbers of the chapter, one macro each. Made from the journals of its studies: do not edit.',
    ...lines,
    '',
  ].join('\n')
}

function texNumber(text: string): string {
  return text.replace(/%/g, '\\%').replace(/−/g, '$-$')
}
