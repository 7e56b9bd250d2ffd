/** JSON as it may stand in a script: no `<` that could end the script or open a comment. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}

/**
 * JavaScript as it may stand in a script: what would end the script or open a comment is only found
 * in its strings and regular expressions.
 */
export function scriptSource(source: string): string {
  return source.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--')
}

/**
 * The plain text of a table, or of any HTML: one line for each row or block, cells separated by
 * ` | `.
 */
export function textOfHtml(html: string): string {
  const text = html
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<\/t[hd]>\s*(?=<t[hd])/gi, ' | ')
    .replace(/<br\s*\/?>|<\/(?:tr|caption|p|div|h\d|li|thead|tbody|table)>/gi, '\n')
    .replace(/<[^>]*>/g, '')
  return decodeEntities(text)
    .replaceAll('\u00a0', ' ')
    .replace(/ *\n[ \n]*/g, '\n')
    .trim()
}

/**
 * Decodes the entities of HTML in a text: those by number and those by a name that tables and
 * figures use; others stay as they are.
 */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (entity, code, name) =>
    code ? String.fromCodePoint(Number(code)) : (named[name] ?? entity),
  )
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  times: '×',
  minus: '−',
  ndash: '–',
}
