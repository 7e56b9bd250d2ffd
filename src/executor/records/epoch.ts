/** Milliseconds of a day. */
export const dayMs = 86_400_000

/** Microseconds of a day. */
export const dayMicros = dayMs * 1000

/** Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts dates and times. */
export const epochDays = 10_957

/** Milliseconds from 1970-01-01 to 2000-01-01 UTC. */
export const epochMs = epochDays * dayMs
