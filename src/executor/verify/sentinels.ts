import { dayMs, epochMs } from '../records/epoch.js'

/**
 * Sentinels that the hash of a record takes for null: values that no data holds by chance. The
 * nulls of a record are counted in its first seed as well, so that a null and its sentinel differ
 * in any case. The integer lies outside the ranges of `int2` and `bool`.
 */
export const sentinels = {
  integer: 0x6e75_6c6c,
  /**
   * Hashed in place of a null of type `float4` or `float8`; a number that 32 bits hold exactly, so
   * that it is equal in both types.
   */
  float: 3 * 2 ** -101,
  text: 'copylab: null',
  uuid: '6e756c6c-6e75-4c6c-8e75-6c6c6e756c6c',
  timestamp: '0001-02-03T04:05:06.789Z',
} as const

/** Days from 2000-01-01 to the sentinel of a date. */
export const sentinelDay = Math.floor((Date.parse(sentinels.timestamp) - epochMs) / dayMs)

/**
 * First year of timestamps whose span since 4714-11-24 BC is not hashed: soon after it, 64 bits do
 * not hold the microseconds of the span.
 */
export const spanEndYear = 280_000

/** The seed of a record's first column when the record holds no null. */
export const firstSeed = 0x636f_7079
