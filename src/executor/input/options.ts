import type { OnBadRecord } from './input.js'

/** Throws a RangeError unless the value is an integer of at least `least`. */
export function checkInteger(name: string, value: unknown, least: number): void {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return
  const kind = least === 1 ? 'a positive integer' : `an integer of at least ${least}`
  throw new RangeError(
    `Expected \`${name}\` to be ${kind}, got ${typeof value === 'number' ? value : JSON.stringify(value)}`,
  )
}

/** Throws a TypeError unless the value is a policy for bad records. */
export function checkOnBadRecord(value: unknown): asserts value is OnBadRecord {
  if (value === 'stop' || value === 'skip') return
  throw new TypeError(`Expected \`onBadRecord\` to be 'stop' or 'skip', got ${JSON.stringify(value)}`)
}
