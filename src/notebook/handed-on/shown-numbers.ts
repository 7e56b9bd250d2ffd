import type { QuotedNumber } from '../../analysis/text/phrase.js'
import type { MimeBundle } from '../file/notebook-file.js'

/**
 * MIME type by which a cell hands on the numbers of what it shows to what is made of its notebook.
 */
export const numbersMime = 'application/vnd.copylab.numbers+json'

/**
 * The numbers of one thing that a cell shows: of a sentence, of a table's cells, of a figure's
 * title, of values that were set.
 */
export interface ShownNumbers {
  readonly of: 'sentence' | 'table' | 'figure' | 'settings'
  readonly numbers: readonly QuotedNumber[]
}

/** The part of a cell's output that holds its numbers; nothing where it has none. */
export function numbersData(shown: readonly ShownNumbers[]): Readonly<Record<string, unknown>> {
  return shown.some(({ numbers }) => numbers.length > 0) ? { [numbersMime]: shown } : {}
}

/**
 * The numbers of what an output shows, as `numbersData` stored them; none where it has none. What
 * else a notebook holds in their place is passed over.
 */
export function shownNumbers(data: MimeBundle): readonly ShownNumbers[] {
  return listIn(data).filter(isShownNumbers)
}

/** Numbers that a cell of an older notebook named by itself. */
export function namedNumbers(data: MimeBundle): readonly QuotedNumber[] {
  return listIn(data).filter(isQuotedNumber)
}

function listIn(data: MimeBundle): readonly unknown[] {
  const stored: unknown = data[numbersMime]
  return Array.isArray(stored) ? stored : []
}

function isShownNumbers(stored: unknown): stored is ShownNumbers {
  const { of, numbers } = fieldsOf(stored)
  return typeof of === 'string' && Array.isArray(numbers) && numbers.every(isQuotedNumber)
}

function isQuotedNumber(stored: unknown): stored is QuotedNumber {
  const { name, text, meaning } = fieldsOf(stored)
  return [name, text, meaning].every((field) => typeof field === 'string')
}

function fieldsOf(stored: unknown): Readonly<Record<string, unknown>> {
  return (typeof stored === 'object' && stored !== null ? stored : {}) as Readonly<Record<string, unknown>>
}
