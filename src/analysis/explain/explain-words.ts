import { type Estimate, excludesZero, mapEstimate } from '../statistics/estimate.js'
import { formatNumber } from '../tables/tables.js'
import { describedAs, joined, type Phrase, phrase, prefixed } from '../text/phrase.js'
import { quoted, quotedCount } from '../text/quoted.js'
import { boundMeanings, contrastPhrase, differingLevels, intervalPhrase, percentPhrase } from '../text/sentence.js'
import { verbatim } from '../text/verbatim.js'
import { busyHostPhrase } from '../validity/disturbed/busy-host-words.js'
import { type Explanation, type LockShareChange, type Reason, reasonsOf } from './explain.js'
import { signedMs } from './wall-clock/signed-ms.js'

/**
 * States the change of the time by side, which answers "contention or client?", in milliseconds of
 * the wall clock: first what made the time longer or shorter as it became, the largest first, then
 * what went the other way.
 */
export function reasonWords(reason: Reason): Phrase {
  const { changeMs, contrast, busyHost } = reason
  if (!changeMs) return phrase`Contention or client? Not known; ${whyUnknown(reason)}`
  const direction = Math.sign(changeMs.value)
  const sides = reasonsOf(reason.sideContributions, busyHost)
    .filter(({ fromMs, toMs }) => fromMs !== 0 || toMs !== 0)
    .sort((a, b) => direction * (b.change.value - a.change.value))
  const listed = sides.map(({ side, label, change }) =>
    prefixed(`side.${side}`, phrase`${label} ${signedMs(change, `${label}, change per worker`)}`),
  )
  const unclear = changeMs.interval && !excludesZero(changeMs) ? ', not distinguishable from zero' : ''
  const busy = busyHost
    ? prefixed('busyHost', phrase`. Waits for a core are given as no reason: ${busyHostPhrase(busyHost, 'o')}`)
    : ''
  return describedAs(
    `from ${contrast}`,
    phrase`Contention or client? Of ${signedMs(changeMs, 'change of the total time')}${unclear}, per worker: ${joined(listed, '; ')}${busy}`,
  )
}

/** States the reason by itself, after the contrast that it is about. */
export function ownReasonWords(reason: Reason): Phrase {
  const { from, to, varying } = reason
  return phrase`From ${contrastPhrase({ a: from, b: to, varying }, 'to')}: ${reasonWords(reason)}`
}

/** States the levels of one treatment that distinguish it from the other: "2 workers", "4". */
function namedLevels({ from, to }: Pick<Explanation, 'from' | 'to'>, own: 'a' | 'b'): Phrase {
  const levels = differingLevels(from, to)
  return joined(
    levels.map((level) => phrase`${level.factor === 'batchSize' ? 'batches of ' : ''}${level[own]}`),
    ', ',
  )
}

/**
 * States the change of the share of lock waits: "Lock and LWLock waits took 3.1 % of the time in
 * COPY with 2 workers and 11 % with 4: +7.9 points [6.0, 9.8]".
 */
export function lockShareWords({ between, from, to, change }: LockShareChange): Phrase {
  const points = (hundredths: number): string => formatNumber(hundredths, 1)
  const grown = mapEstimate(change, (share) => share * 100)
  const known = change.interval && !excludesZero(change) ? ', which is not distinguishable from no change' : ''
  const shares = phrase`${percentPhrase('from', from, 'lock waits in COPY, before')} of the time in COPY with ${namedLevels(between, 'a')} and ${percentPhrase('to', to, 'lock waits in COPY, after')} with ${namedLevels(between, 'b')}`
  return phrase`Lock and LWLock waits took ${shares}: ${signedPhrase(grown, points, 'change of the share, in percentage points', ' points')}${known}`
}

/** States why no block can be used. */
export function whyUnknown({ excluded }: Pick<Reason, 'excluded'>): Phrase {
  const first = excluded[0]
  return first
    ? phrase`no block can be used (block ${quotedCount('unusedBlock', first.block, 'first block that cannot be used')}: ${verbatim('reason', first.reason, 'why')})`
    : phrase`no block has both treatments`
}

/** Writes an estimate with a plus sign above zero; its interval's bounds have none. */
function signedPhrase(change: Estimate, numberText: (value: number) => string, meaning: string, unit = ''): Phrase {
  const shown = numberText(change.value)
  const sign = change.value > 0 && /[1-9]/.test(shown) ? '+' : ''
  const bounds = intervalPhrase(
    change,
    (name, bound) => quoted(name, bound, numberText(bound), `${boundMeanings[name]}, ${meaning}`),
    '',
  )
  return phrase`${quoted('estimate', change.value, `${sign}${shown}`, meaning)}${unit}${bounds}`
}
