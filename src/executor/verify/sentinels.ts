/**
 * What the hash of a record takes for a null: values that no data holds by chance. The nulls of a
 * record are counted in its first seed as well, so a null and its stand-in differ in any case.
 * Integers stand for themselves in `int2` and `bool`, outside whose ranges they lie.
 */
export const nullStandIns = {
  integer: 0x6e75_6c6c,
  /** Exact in 32 bits. */
  float: 3 * 2 ** -101,
  text: 'copylab: null',
  uuid: '6e756c6c-6e75-4c6c-8e75-6c6c6e756c6c',
  timestamp: '0001-02-03T04:05:06.789Z',
} as const

/** The seed of a record's first column when the record holds no null. */
export const firstSeed = 0x636f_7079
