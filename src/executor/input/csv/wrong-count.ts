import { delimiters } from './syntax/delimiters.js'

/**
 * Returns the error of a record that has another number of fields than expected; it names the
 * delimiter by which the record would have as many, or the mark of a comment.
 */
export function wrongCount(record: string, fields: number, expected: number, delimiter: string): Error {
  const other = expected > 1 && delimiters.find((own) => own !== delimiter && record.split(own).length === expected)
  const remedy = other
    ? `: it has as many with \`delimiter: ${JSON.stringify(other).replaceAll('"', "'")}\``
    : record.startsWith('#')
      ? ": state `comment: '#'` where such lines are none"
      : ''
  return new Error(`expected ${expected} fields, got ${fields}${remedy}`)
}
