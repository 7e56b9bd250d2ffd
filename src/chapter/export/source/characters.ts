/** Where a text stands: a cell by its id, or the title page. */
export interface Passage {
  readonly place: string
  readonly text: string
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are searched for
const unprintable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd-\uffff]|\p{Surrogate}/gu

/**
 * Replaces by `□` what no document may hold, in every text of a value: control characters and
 * halves of a pair of surrogates.
 */
export function printable<T>(value: T): T {
  return printed(value) as T
}

/**
 * Whether a text is free of what no document may hold: control characters and halves of a pair of
 * surrogates.
 */
export function isPrintable(text: string): boolean {
  return text.search(unprintable) < 0
}

function printed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\r\n?/g, '\n').replace(unprintable, '□')
  if (Array.isArray(value)) return value.map(printed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, printed(member)]))
}

/** Characters as a reader sees them, with the marks and joiners that belong to each. */
export function charactersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment)
}

/** Greatest number of characters of a place that are named one by one. */
const maxNamed = 12

/**
 * Lists characters by the place where they stand: "in the cell intro Ș (U+0218), ặ (U+1EB7); in the
 * title page …".
 */
export function charactersInPlaces(characters: ReadonlySet<string>, passages: readonly Passage[]): string {
  const places = passages.flatMap(({ place, text }) => {
    const found = [...new Set(charactersOf(text))].filter((character) => characters.has(character))
    if (found.length === 0) return []
    const more = found.length > maxNamed ? ` and ${found.length - maxNamed} more` : ''
    return [`in ${place} ${found.slice(0, maxNamed).map(characterName).join(', ')}${more}`]
  })
  return [...new Set(places)].join('; ')
}

function characterName(character: string): string {
  const codes = [...character].map((sign) => `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`)
  return `${/[\p{L}\p{N}\p{S}\p{P}]/u.test(character) ? `${character} ` : ''}(${codes.join(' ')})`
}
