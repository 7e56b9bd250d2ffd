const carriageReturn = 13

/** Reason why a file is refused whose lines end in CR, as old Macintosh programs wrote them. */
export const endsInCarriageReturns =
  "the lines end in CR alone: write them with LF or CRLF, such as by tr '\\r' '\\n' < old.csv > new.csv"

/**
 * Whether a file's text without a newline, as it seems one line, is several that end in CR: it has
 * one before its last byte, outside quotes where fields may be quoted.
 */
export function hasCarriageReturns(text: Buffer, quote: string | null): boolean {
  const mark = quote?.charCodeAt(0)
  let isQuoted = false
  for (let at = 0; at < text.length - 1; at++) {
    if (text[at] === mark) isQuoted = !isQuoted
    else if (text[at] === carriageReturn && !isQuoted) return true
  }
  return false
}
