/** A number as it stands in a text, without its sign and its unit. */
export interface NumericToken {
  /** "4.4", "717,000", "10K". */
  readonly text: string
  /** Where it begins in the text. */
  readonly at: number
}

/**
 * Digits with thousands separators and decimals, and a K for thousands. Alternatives before the
 * second are what is passed over: versions of three parts and more, and years of works in
 * parentheses ("Hsu 1984)").
 */
const grammar =
  /\d+(?:\.\d+){2,}|(?<=\p{Lu}\p{L}+ )(?:1[89]|20)\d\d(?=[);])|(?<!\p{L}-)(?<![\p{L}\p{N}_])(?<number>(?:\d+(?:,\d{3}(?!\d))*(?:\.\d+)?|\.\d+)(?:K(?![\p{L}\p{N}]))?)/gu

/**
 * The numbers of a text, in order. A number begins with a digit that no letter stands before: names
 * such as C1, UTF-8 and v20.20.2 hold none. Signs and per cent signs are no part of it, nor are
 * letters of a unit ("128MB" is 128) but for a K alone. A range is two numbers, a date three.
 */
export function numericTokens(text: string): NumericToken[] {
  return [...text.matchAll(grammar)].flatMap(({ groups, index }) =>
    groups?.number === undefined ? [] : [{ text: groups.number, at: index }],
  )
}

/** The number that a token stands for: 10,000 for "10K". */
export function tokenValue(token: string): number {
  const value = Number(token.replace(/[,K]/g, ''))
  return token.endsWith('K') ? value * 1000 : value
}
