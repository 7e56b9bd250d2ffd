/** The text between the marks of a name in a page. */
const between = (name: string): RegExp =>
  new RegExp(`(?<=<!-- ${name}:begin[^\\n]*-->\\n).*?(?=<!-- ${name}:end -->)`, 's')

/**
 * The text between the marks `<!-- name:begin … -->` and `<!-- name:end -->` of a page. Throws
 * `RangeError` for a page without them.
 */
export function readBlock(page: string, name: string): string {
  const found = between(name).exec(page)
  if (!found) throw new RangeError(`Expected the marks <!-- ${name}:begin --> and <!-- ${name}:end -->, each on a line`)
  return found[0]
}

/** The page with `text` between the marks of a name. Throws `RangeError` as `readBlock` does. */
export function withBlock(page: string, name: string, text: string): string {
  readBlock(page, name)
  return page.replace(between(name), () => text)
}

/** The names of all blocks that a page has marks for, in their order. */
export function blockNames(page: string): string[] {
  return [...page.matchAll(/<!-- ([\w-]+):begin\b/g)].map((match) => match[1]!)
}
