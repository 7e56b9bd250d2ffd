/** Returns the values when they are a non-empty list of finite numbers; throws `TypeError` or `RangeError` saying what was got. */
export function checkedValues(name: string, values: readonly number[], least = 1): readonly number[] {
  if (!Array.isArray(values) && !ArrayBuffer.isView(values)) {
    throw new TypeError(`Expected \`${name}\` to be a list of numbers, got ${describe(values)}`)
  }
  if (values.length < least) {
    throw new RangeError(
      `Expected \`${name}\` to hold at least ${least} ${least === 1 ? 'number' : 'numbers'}, got ${values.length}`,
    )
  }
  for (let index = 0; index < values.length; index++) {
    const value: unknown = values[index]
    if (typeof value !== 'number') {
      throw new TypeError(`Expected \`${name}\` to hold numbers only, got ${describe(value)} at index ${index}`)
    }
    if (!Number.isFinite(value)) {
      throw new RangeError(`Expected \`${name}\` to hold finite numbers only, got ${value} at index ${index}`)
    }
  }
  return values
}

/** Returns the values when they are, beside that, all above zero; throws `RangeError` otherwise. */
export function checkedPositive(name: string, values: readonly number[], least = 1): readonly number[] {
  const index = checkedValues(name, values, least).findIndex((value) => value <= 0)
  if (index >= 0)
    throw new RangeError(`Expected \`${name}\` to hold numbers above 0 only, got ${values[index]} at index ${index}`)
  return values
}

/** Returns a number that lies strictly between `above` and `below`; throws `RangeError` otherwise. */
export function checkedBetween(name: string, value: number, above: number, below: number): number {
  if (typeof value === 'number' && value > above && value < below) return value
  throw new RangeError(`Expected \`${name}\` to be a number between ${above} and ${below}, got ${describe(value)}`)
}

function describe(value: unknown): string {
  return typeof value === 'number' || value === undefined ? String(value) : (JSON.stringify(value) ?? typeof value)
}
