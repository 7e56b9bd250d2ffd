const newline = 10
const carriageReturn = 13

/** Reason why a file is refused whose lines end in CR, as old Macintosh programs wrote them. */
export const endsInCarriageReturns =
  "the lines end in CR alone: write them with LF or CRLF, such as by tr '\\r' '\\n' < old.csv > new.csv"

/** Reason why a record is refused whose line ends in CR CR LF, as Python writes on Windows. */
export const endsInTwoCarriageReturns =
  "its line ends in CR CR LF: write line ends once, such as by tr -d '\\r' < old.csv > new.csv"

/**
 * Whether a file that seems to be one line is several that end in CR: one stands before its last
 * byte, outside quotes where fields may be quoted, and no newline follows it.
 */
export function hasCarriageReturns(text: Buffer, quote: string | null): boolean {
  const mark = quote?.charCodeAt(0)
  let isQuoted = false
  for (let at = 0; at < text.length - 1; at++) {
    if (text[at] === mark) isQuoted = !isQuoted
    else if (text[at] === carriageReturn && text[at + 1] !== newline && !isQuoted) return true
  }
  return false
}
