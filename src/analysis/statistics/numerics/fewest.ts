/**
 * Returns the smallest count from `from` to `most`, both whole, for which `isEnough` holds, where
 * it holds for all larger counts too; null where it does not hold for `most`. Found by halving.
 */
export function fewest(isEnough: (count: number) => boolean, from: number, most: number): number | null {
  if (!isEnough(most)) return null
  let tooFew = from - 1
  let enough = most
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (isEnough(middle)) enough = middle
    else tooFew = middle
  }
  return enough
}
