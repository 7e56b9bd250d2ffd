/** A number that a text quotes. */
export interface QuotedNumber {
  /** Words with dots between: `c1.estimate`. */
  readonly name: string
  /** As it stands in the text: "4.4", "717,000", "10K". */
  readonly text: string
  /** The number behind the text, before it was rounded, in the text's unit: 4.42 behind "4.4" per cent. */
  readonly value: number
  /** What it is a number of, in words. */
  readonly meaning: string
}

/** Words, and the numbers that they quote. */
export interface Phrase {
  readonly text: string
  readonly numbers: readonly QuotedNumber[]
}

/** What a phrase is put together from: plain words, a number, another phrase. */
export type Part = string | QuotedNumber | Phrase

/** Tags a template whose numbers are to be known: its text is that of the template, its numbers are those of its parts. */
export function phrase(words: TemplateStringsArray, ...parts: readonly Part[]): Phrase {
  return concatenated(words.flatMap((word, k) => (k < parts.length ? [word, parts[k]!] : [word])))
}

/** Parts one after the other, with words between. */
export function joined(parts: readonly Part[], between: string): Phrase {
  return concatenated(parts.flatMap((part, k) => (k === 0 ? [part] : [between, part])))
}

/** "a", "a and b", "a, b and c". */
export function listed(parts: readonly Part[]): Phrase {
  const last = parts.at(-1)
  return parts.length < 2 ? joined(parts, '') : phrase`${joined(parts.slice(0, -1), ', ')} and ${last!}`
}

/** The same words, the names of their numbers behind a name: `lower` becomes `slowdown.lower`. */
export function under(name: string, part: Part): Phrase {
  const { text, numbers } = phraseOf(part)
  return { text, numbers: numbers.map((number) => ({ ...number, name: `${name}.${number.name}` })) }
}

/** The same words, what their numbers are numbers of: "2 workers vs 4 at 10K: blocks". */
export function about(subject: string, part: Part): Phrase {
  const { text, numbers } = phraseOf(part)
  return { text, numbers: numbers.map((number) => ({ ...number, meaning: `${subject}: ${number.meaning}` })) }
}

function phraseOf(part: Part): Phrase {
  if (typeof part === 'string') return { text: part, numbers: [] }
  return 'numbers' in part ? part : { text: part.text, numbers: [part] }
}

function concatenated(parts: readonly Part[]): Phrase {
  const phrases = parts.map(phraseOf)
  return { text: phrases.map(({ text }) => text).join(''), numbers: phrases.flatMap(({ numbers }) => numbers) }
}
