/** A number as written in a text, without its sign and its unit. */
export interface NumericToken {
  /** The number as written: "4.4", "717,000", "10K". */
  readonly text: string
  /** Position of its first character in the text. */
  readonly at: number
}

/**
 * Grammar of numbers: digits with thousands separators and decimals, and a K for thousands. The
 * alternatives before the second one match text that is skipped: versions of three parts and more,
 * and years of works in parentheses ("Hsu 1984)").
 */
const grammar =
  /\d+(?:\.\d+){2,}|(?<=\p{Lu}\p{L}+ )(?:1[89]|20)\d\d(?=[);])|(?<!\p{L}-)(?<![\p{L}\p{N}_])(?<number>(?:\d+(?:,\d{3}(?!\d))*(?:\.\d+)?|\.\d+)(?:K(?![\p{L}\p{N}]))?)/gu

/**
 * Finds the numbers of a text, in order. A number begins with a digit that follows no letter: names
 * such as C1, UTF-8 and v20.20.2 hold none. Signs and per cent signs are no part of it, nor are
 * letters of a unit ("128MB" is 128) except a single K. A range is two numbers, a date three.
 */
export function numericTokens(text: string): NumericToken[] {
  return [...text.matchAll(grammar)].flatMap(({ groups, index }) =>
    groups?.number === undefined ? [] : [{ text: groups.number, at: index }],
  )
}

/** Returns the value of a token: 10,000 for "10K". */
export function tokenValue(token: string): number {
  const value = Number(token.replace(/[,K]/g, ''))
  return token.endsWith('K') ? value * 1000 : value
}
