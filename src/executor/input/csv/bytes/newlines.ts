const newline = 10

/** Counts the newlines in the bytes. */
export function newlinesIn(bytes: Buffer): number {
  let newlines = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) newlines++
  return newlines
}
