import type { Contradiction } from './decide-columns.js'
import type { Place } from './evidence/place.js'

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

/** "all but 2 of 9,999 values are int4: a.csv:12 "n/a", b.csv:3 "?"" */
export function contradictionText({ type, count, places }: Contradiction, values: number): string {
  const shown = places.slice(0, 3).map(placeText).join(', ')
  const more = count > Math.min(3, places.length) ? ' and others' : ''
  return `all but ${count.toLocaleString('en-US')} of ${values.toLocaleString('en-US')} values are ${type}: ${shown}${more}`
}

/** "1 file", "12 files" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}
