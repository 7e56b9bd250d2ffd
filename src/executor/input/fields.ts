/**
 * Splits one raw record into its fields as RFC 4180 says: a field may stand between double quotes, where a delimiter or a newline is text and
 * two double quotes are one. Throws an Error for a quote that is never closed or for text behind a closing quote.
 */
export function splitFields(text: string, delimiter: string): string[] {
  if (!text.includes('"')) return text.split(delimiter)
  const fields: string[] = []
  let at = 0
  for (;;) {
    if (text[at] === '"') {
      const { value, end } = quotedField(text, at, fields.length)
      fields.push(value)
      at = end
      if (at < text.length && text[at] !== delimiter) {
        throw new Error(`field ${fields.length} has text behind its closing quote`)
      }
    } else {
      const end = text.indexOf(delimiter, at)
      fields.push(end < 0 ? text.slice(at) : text.slice(at, end))
      at = end < 0 ? text.length : end
    }
    if (at >= text.length) return fields
    at++
  }
}

function quotedField(text: string, start: number, index: number): { value: string; end: number } {
  let from = start + 1
  let value = ''
  for (;;) {
    const end = text.indexOf('"', from)
    if (end < 0) throw new Error(`field ${index + 1} has a quote that is never closed`)
    value += text.slice(from, end)
    if (text[end + 1] !== '"') return { value, end: end + 1 }
    value += '"'
    from = end + 2
  }
}
