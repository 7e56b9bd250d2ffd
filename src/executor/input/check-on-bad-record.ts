import type { OnBadRecord } from './input.js'

/** Throws a TypeError unless the value is a policy for bad records. */
export function checkOnBadRecord(value: unknown): asserts value is OnBadRecord {
  if (value === 'stop' || value === 'skip') return
  throw new TypeError(`Expected \`onBadRecord\` to be 'stop' or 'skip', got ${JSON.stringify(value)}`)
}
