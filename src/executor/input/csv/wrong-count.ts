/** Delimiters that other programs write. */
const delimiters = [',', ';', '\t', '|']

/**
 * Returns the error of a record that has another number of fields than expected; it names the
 * delimiter by which the record would have as many.
 */
export function wrongCount(record: string, fields: number, expected: number, delimiter: string): Error {
  const other = delimiters.find((own) => own !== delimiter && record.split(own).length === expected)
  const remedy = other === undefined ? '' : `: it has as many with \`delimiter: ${written(other)}\``
  return new Error(`expected ${expected} fields, got ${fields}${remedy}`)
}

function written(delimiter: string): string {
  return delimiter === '\t' ? "'\\t'" : `'${delimiter}'`
}
