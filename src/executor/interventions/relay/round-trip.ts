import type pg from 'pg'
import { roundTripToleranceMs } from '../../../study/factors/round-trip.js'
import type { Treatment } from '../../../study/treatment.js'
import { monotonicMs } from '../../clock.js'
import { InterventionError } from '../../errors.js'
import type { Relay } from './relay.js'

/** A relay, and the time of a round trip to its server without it. */
export interface MeasuredRelay extends Relay {
  readonly directMs: number
}

/** Number of round trips that are timed. */
const roundTrips = 5
/** Time that one of them may take. */
const answerMs = 30_000

/** Returns the median time between a short statement and its answer, in milliseconds. */
export async function roundTripOf(client: pg.Client): Promise<number> {
  const times: number[] = []
  while (times.length < roundTrips) {
    const askedAt = monotonicMs()
    await client.query({ text: 'SELECT 1', query_timeout: answerMs } as pg.QueryConfig)
    times.push(monotonicMs() - askedAt)
  }
  return times.sort((a, b) => a - b)[Math.floor(roundTrips / 2)]!
}

/**
 * Throws `InterventionError` where the round trip that was measured is not longer than that without
 * a relay by what the treatment asks for, to 10 % and a millisecond. It may be longer, on a machine
 * that is busy: that is a finding of the study.
 */
export function checkRoundTrip(
  relay: MeasuredRelay | null,
  { roundTripMs }: Treatment,
  measuredMs: number | null,
): void {
  if (relay === null || roundTripMs === 0 || measuredMs === null) return
  const addedMs = measuredMs - relay.directMs
  if (addedMs >= roundTripMs - roundTripToleranceMs(roundTripMs)) return
  throw new InterventionError(
    `Expected round trips to take ${roundTripMs} ms more than the ${relay.directMs.toFixed(1)} ms without a relay, measured ${addedMs.toFixed(1)} ms more: measure while the time to the server is steady`,
  )
}
