/** Milliseconds of a day. */
export const dayMs = 86_400_000

/** Microseconds of a day. */
export const dayMicros = dayMs * 1000

/** Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts dates and times. */
export const epochDays = 10_957

/** Milliseconds from 1970-01-01 to 2000-01-01 UTC. */
export const epochMs = epochDays * dayMs

/**
 * Days since 1970-01-01 of 4714-11-24 BC, where PostgreSQL's dates and timestamps begin, and of the
 * first day after each of them: 5874898-01-01 and 294277-01-01 (datatype/timestamp.h).
 */
export const firstDay = -2_440_588
export const endDays = { date: 2_145_042_906, timestamp: 106_762_940 } as const
