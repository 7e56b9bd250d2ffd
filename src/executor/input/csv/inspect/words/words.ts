import type { StatedCsv } from '../../csv-options.js'
import type { Place } from '../columns/evidence/place.js'

/** "a tab", "semicolons" */
const delimiterNames: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
  ' ': 'spaces',
  ':': 'colons',
}

/** "semicolons", "the character \"^\"" */
export function delimiterText(delimiter: string): string {
  return delimiterNames[delimiter] ?? `the character ${JSON.stringify(delimiter)}`
}

/** `orders.csv:12 "n/a"` */
export function placeText({ file, line, text }: Place): string {
  return `${file}:${line} ${JSON.stringify(text)}`
}

/** "1 file", "12 files" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

/** Why nothing of the files can be loaded, and what to say where their first line is a record. */
export function noRecords(hasHeader: boolean, { header, columns }: Pick<StatedCsv, 'header' | 'columns'>): string {
  const isFound = hasHeader && header === null && columns === null
  return `The files hold no records${isFound ? ': where their first line is one, say `header: false` (--no-header)' : ''}`
}
