import { inMessage } from '../../../check.js'

/**
 * Returns one or more results of a kind as a list. Throws `TypeError` for anything else, naming the
 * function that makes such results.
 */
export function resultsOf<T extends { readonly result: string }>(
  kind: T['result'],
  given: T | readonly T[],
  maker: string,
): readonly T[] {
  const list: readonly T[] = Array.isArray(given) ? given : [given]
  const isOther = (one: T): boolean => (one as Partial<T> | null | undefined)?.result !== kind
  if (!list.some(isOther)) return list
  throw new TypeError(`Expected one or more results of ${maker}, got ${inMessage(list.find(isOther))}`)
}
