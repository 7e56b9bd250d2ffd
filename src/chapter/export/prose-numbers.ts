import { numericTokens } from '../../analysis/text/numeric-tokens.js'
import type { QuotedNumber } from '../../analysis/text/phrase.js'
import { type Attributes, type Document, type Element, textOf } from './ast.js'

/** A number in the text's prose. */
export interface ProseNumber {
  /** The number without its sign and its unit: see `numericTokens`. */
  readonly text: string
  /** The sentence that it stands in. */
  readonly sentence: string
}

/**
 * The numbers of a document's prose, in order: of paragraphs, lists, headings and captions; not of
 * tables, code, formulas, raw text, addresses and citations.
 */
export function proseNumbers(document: Pick<Document, 'blocks'>): ProseNumber[] {
  return proseTexts(document.blocks).flatMap((text) =>
    numericTokens(text).map((token) => ({ text: token.text, sentence: sentenceAt(text, token.at) })),
  )
}

/**
 * The numbers of a document's prose whose text, without its sign, equals that of none of `numbers`.
 */
export function unquotedNumbers(
  document: Pick<Document, 'blocks'>,
  numbers: readonly Pick<QuotedNumber, 'text'>[],
): ProseNumber[] {
  const known = new Set(numbers.map(({ text }) => text.replace(/^[+−-]/, '')))
  return proseNumbers(document).filter(({ text }) => !known.has(text))
}

/** Stands for what is no prose within a text, so that a number next to it stays one. */
const gap = '\ufffc'

/** The texts of paragraphs, headings and captions. */
function proseTexts(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(proseTexts)
  if (typeof node !== 'object' || node === null || !('t' in node)) return []
  const { t, c } = node as Element
  switch (t) {
    case 'Para':
    case 'Plain':
      return [inlineText(c), ...notesOf(c)]
    case 'Header': {
      const [, , inlines] = c as [number, Attributes, Element[]]
      return [inlineText(inlines), ...notesOf(inlines)]
    }
    case 'Table':
    case 'Figure': {
      const [, caption] = c as [Attributes, [unknown, Element[]]]
      return proseTexts(caption[1])
    }
    case 'CodeBlock':
    case 'RawBlock':
      return []
    default:
      return proseTexts(c)
  }
}

function inlineText(node: unknown): string {
  if (Array.isArray(node)) return node.map(inlineText).join('')
  if (typeof node !== 'object' || node === null || !('t' in node)) return ''
  const element = node as Element
  switch (element.t) {
    case 'Code':
    case 'Math':
    case 'RawInline':
    case 'Cite':
    case 'Note':
      return gap
    case 'Link':
    case 'Image': {
      const [[, classes], text] = element.c as [Attributes, Element[]]
      return classes.includes('uri') || classes.includes('email') ? gap : inlineText(text)
    }
    case 'Str':
    case 'Space':
    case 'SoftBreak':
    case 'LineBreak':
      return textOf(element)
    default:
      return inlineText(element.c)
  }
}

function notesOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(notesOf)
  if (typeof node !== 'object' || node === null || !('t' in node)) return []
  const { t, c } = node as Element
  return t === 'Note' ? proseTexts(c) : notesOf(c)
}

function sentenceAt(text: string, at: number): string {
  const ends = [...text.matchAll(/[.?!](?=\s)/g)].map(({ index }) => index + 1)
  const from = ends.filter((end) => end <= at).at(-1) ?? 0
  const to = ends.find((end) => end > at) ?? text.length
  return text.slice(from, to).replaceAll(gap, '…').trim()
}
