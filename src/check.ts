/** What a whole number must be. */
export interface IntegerRange {
  readonly from: number
  /** No upper bound when absent. */
  readonly to?: number
  /** Added to the message: why the bound is where it is. */
  readonly why?: string
}

/** Throws `RangeError` naming the option unless the value is a whole number in the range. */
export function checkInteger(name: string, value: unknown, { from, to, why }: IntegerRange): void {
  const within = typeof value === 'number' && Number.isSafeInteger(value) && value >= from
  if (within && (to === undefined || value <= to)) return
  const range = to === undefined ? `from ${from}` : `from ${from} to ${to}`
  throw new RangeError(
    `Expected \`${name}\` to be a whole number ${range}${why ? `, ${why}` : ''}, got ${typeof value === 'number' ? value : JSON.stringify(value)}`,
  )
}
