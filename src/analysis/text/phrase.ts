import { escapeMarkdown } from '../../format.js'

/** A number that a text quotes. */
export interface QuotedNumber {
  /** Words with dots between: `c1.estimate`. */
  readonly name: string
  /** As it stands in the text: "4.4", "717,000", "10K". */
  readonly text: string
  /**
   * The number behind the text, before it was rounded, in the text's unit: 4.42 behind "4.4" per
   * cent.
   */
  readonly value: number
  /** What it is a number of, in words. */
  readonly meaning: string
}

/** Words, and the numbers that they quote. */
export interface Phrase {
  readonly text: string
  readonly numbers: readonly QuotedNumber[]
  /** The text in Markdown, where its words have marks; else the text has none. */
  readonly markdown?: string
}

/** What a phrase is put together from: plain words, a number, another phrase. */
export type Fragment = string | QuotedNumber | Phrase

/**
 * Tags a template whose numbers are to be known: its text is that of the template, its numbers are
 * those of its parts. Marks of Markdown in the template are marks; a text or a number that is put
 * into it is text, whatever it holds.
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

/** What stands between backticks, where a backslash is one and a backtick would be the last. */
function asCode(part: Fragment): Phrase {
  const said = phraseOf(part)
  return { ...said, markdown: said.text.replaceAll('`', "'").replace(/\s+/g, ' ') }
}

/** What a phrase says, in Markdown. */
export function markdownOf({ text, markdown = escapeMarkdown(text) }: Phrase): string {
  return markdown
}

/** Parts one after the other, with words between. */
export function joined(parts: readonly Fragment[], between: string): Phrase {
  return concatenated(parts.flatMap((part, k) => (k === 0 ? [part] : [between, part])))
}

/** "a", "a and b", "a, b and c". */
export function listed(parts: readonly Fragment[]): Phrase {
  const last = parts.at(-1)
  return parts.length < 2 ? joined(parts, '') : phrase`${joined(parts.slice(0, -1), ', ')} and ${last!}`
}

/** The same words, the names of their numbers behind a name: `lower` becomes `slowdown.lower`. */
export function prefixed(name: string, part: Fragment): Phrase {
  const said = phraseOf(part)
  return { ...said, numbers: said.numbers.map((number) => ({ ...number, name: `${name}.${number.name}` })) }
}

/** The same words, what their numbers are numbers of: "2 workers vs 4 at 10K: blocks". */
export function describedAs(subject: string, part: Fragment): Phrase {
  const said = phraseOf(part)
  return { ...said, numbers: said.numbers.map((number) => ({ ...number, meaning: `${subject}: ${number.meaning}` })) }
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
