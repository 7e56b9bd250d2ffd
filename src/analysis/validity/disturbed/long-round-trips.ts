import { roundTripToleranceMs } from '../../../study/factors/round-trip.js'
import type { Study } from '../../../study/study.js'
import { loadingTrials } from '../judged-trials.js'
import type { LongRoundTrips } from '../study-finding.js'

/**
 * Finds trials whose relay lengthened round trips by more than their treatment asks for, as on a
 * machine that is busy. The time of a round trip without a relay is the shortest found.
 */
export function longRoundTrips(study: Study): LongRoundTrips[] {
  const measured = loadingTrials(study).flatMap(({ trial, treatment, measuredRoundTripMs }) =>
    measuredRoundTripMs === null
      ? []
      : [{ trial, askedMs: treatment.roundTripMs, addedMs: measuredRoundTripMs - treatment.roundTripMs }],
  )
  const directMs = Math.min(...measured.map(({ addedMs }) => addedMs))
  const long = measured
    .map(({ addedMs, ...one }) => ({ ...one, excessMs: addedMs - directMs }))
    .filter(({ askedMs, excessMs }) => askedMs > 0 && excessMs > roundTripToleranceMs(askedMs))
  if (long.length === 0) return []
  return [
    {
      result: 'finding',
      code: 'long-round-trips',
      excessMs: Math.max(...long.map(({ excessMs }) => excessMs)),
      trials: long.map(({ trial }) => trial),
    },
  ]
}
