import type pg from 'pg'
import { monotonicMs } from '../clock.js'

/**
 * Number of round trips of one reading, of which the shortest counts: its error is at most half its
 * length.
 */
const attempts = 4

/**
 * Offset to subtract from the server's clock (milliseconds since 1970) to get `monotonicMs`,
 * estimated from the shortest of a few round trips.
 */
export async function serverClockOffsetMs(control: pg.Client): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY
  let offset = 0
  for (let attempt = 0; attempt < attempts; attempt++) {
    const sent = monotonicMs()
    const { rows } = await control.query<{ ms: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
    )
    const answered = monotonicMs()
    if (answered - sent < shortest) {
      shortest = answered - sent
      offset = rows[0]!.ms - (sent + answered) / 2
    }
  }
  return offset
}
