/**
 * Returns a text without the spaces at its ends that PostgreSQL's readers of values pass over:
 * those of C's `isspace`, no other ones of Unicode.
 */
export function withoutSpaces(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && isSpace(text.charCodeAt(from))) from++
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}
