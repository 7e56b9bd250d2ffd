import { escapeMarkdown } from '../../format.js'

/** A number that a text quotes. */
export interface QuotedNumber {
  /** Name of the number, words with dots between: `c1.estimate`. */
  readonly name: string
  /** The number as written in the text: "4.4", "717,000", "10K". */
  readonly text: string
  /** The number before it was rounded, in the text's unit: 4.42 for "4.4" per cent. */
  readonly value: number
  /** Meaning of the number, in words. */
  readonly meaning: string
}

/** A text and the numbers that it quotes. */
export interface Phrase {
  readonly text: string
  readonly numbers: readonly QuotedNumber[]
  /** The text in Markdown, where its words have marks; otherwise absent. */
  readonly markdown?: string
}

/** A part of a phrase: plain words, a number, or another phrase. */
export type Fragment = string | QuotedNumber | Phrase

/**
 * Builds a phrase from a tagged template: its text is that of the template, its numbers are those
 * of its parts. Marks of Markdown in the template are marks; a text or a number that is put into it
 * is text, whatever it contains.
 */
export function phrase(words: TemplateStringsArray, ...parts: readonly Fragment[]): Phrase {
  let isCode = false
  const fragments = words.flatMap((word, k): Fragment[] => {
    if ((word.split('`').length - 1) % 2 === 1) isCode = !isCode
    const written = { text: word, numbers: [], markdown: word }
    return k < parts.length ? [written, isCode ? asCode(parts[k]!) : parts[k]!] : [written]
  })
  return concatenated(fragments)
}

/**
 * Returns a part for use between backticks, where a backslash stands for itself and a backtick
 * would end the code.
 */
function asCode(part: Fragment): Phrase {
  const words = phraseOf(part)
  return { ...words, markdown: words.text.replaceAll('`', "'").replace(/\s+/g, ' ') }
}

/** Returns the text of a phrase in Markdown. */
export function markdownOf({ text, markdown = escapeMarkdown(text) }: Phrase): string {
  return markdown
}

/** Joins parts with a separator. */
export function joined(parts: readonly Fragment[], between: string): Phrase {
  return concatenated(parts.flatMap((part, k) => (k === 0 ? [part] : [between, part])))
}

/** Joins parts as a list: "a", "a and b", "a, b and c". */
export function listed(parts: readonly Fragment[]): Phrase {
  const last = parts.at(-1)
  return parts.length < 2 ? joined(parts, '') : phrase`${joined(parts.slice(0, -1), ', ')} and ${last!}`
}

/** Returns a phrase whose numbers' names have a prefix: `lower` becomes `slowdown.lower`. */
export function prefixed(name: string, part: Fragment): Phrase {
  const words = phraseOf(part)
  return { ...words, numbers: words.numbers.map((number) => ({ ...number, name: `${name}.${number.name}` })) }
}

/**
 * Returns a phrase whose numbers' meanings have a subject before them: "2 workers vs 4 at 10K:
 * blocks".
 */
export function describedAs(subject: string, part: Fragment): Phrase {
  const words = phraseOf(part)
  return { ...words, numbers: words.numbers.map((number) => ({ ...number, meaning: `${subject}: ${number.meaning}` })) }
}

function phraseOf(part: Fragment): Phrase {
  if (typeof part === 'string') return { text: part, numbers: [] }
  return 'numbers' in part ? part : { text: part.text, numbers: [part] }
}

function concatenated(parts: readonly Fragment[]): Phrase {
  const phrases = parts.map(phraseOf)
  const text = phrases.map((one) => one.text).join('')
  const numbers = phrases.flatMap((one) => one.numbers)
  const markdown = phrases.map(markdownOf).join('')
  return markdown === escapeMarkdown(text) ? { text, numbers } : { text, numbers, markdown }
}
