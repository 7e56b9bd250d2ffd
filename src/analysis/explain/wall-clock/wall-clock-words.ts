import { basisPhrase } from '../../replicates/basis-words.js'
import { excludesZero } from '../../statistics/estimate.js'
import { formatNumber } from '../../tables/tables.js'
import { describedAs, joined, listed, type Phrase, phrase, prefixed, type QuotedNumber } from '../../text/phrase.js'
import { clocksPhrase } from '../../text/program-clock.js'
import { quoted } from '../../text/quoted.js'
import { contrastPhrase, measuredPhrase } from '../../text/sentence.js'
import { verbatim } from '../../text/verbatim.js'
import { busyHostPhrase } from '../../validity/disturbed/busy-host-words.js'
import type { Explanation } from '../explain.js'
import { whyUnknown } from '../explain-words.js'
import { signedMs, signedWhole, wholeMs } from './signed-ms.js'
import type { DemandPart, TimeFactor } from './time-identity.js'

/** Number of contributions that are named. */
const namedContributions = 3

/**
 * States the change of the wall clock, then as CPU demand and utilisation: "From 2 workers to 4 at
 * 10K the time went from 1,228 to 1,276 ms, +48 ms (95 % CI 21 to 74), 30 blocks; …".
 */
export function wallClockWords(explanation: Explanation): Phrase {
  const { from, to, varying, changeMs, totalMs, identity, identityMissing, clocks } = explanation
  const contrast = contrastPhrase({ a: from, b: to, varying }, 'to')
  if (!changeMs || !totalMs) {
    return phrase`From ${contrast}: where the time went is not known; ${whyUnknown(explanation)}`
  }
  const total = (name: 'from' | 'to'): QuotedNumber =>
    quoted(name, totalMs[name], wholeMs(totalMs[name]), `total time ${name === 'from' ? 'before' : 'after'}, in ms`)
  const noInterval = changeMs.interval ? '' : ', which gives no interval'
  const unclear = changeMs.interval && !excludesZero(changeMs) ? ', not distinguishable from zero' : ''
  const change = phrase`the time went from ${total('from')} to ${total('to')} ms, ${signedMs(changeMs, 'change of the total time')}${unclear}, ${basisPhrase(explanation)}${noInterval}`
  const host = identity
    ? phrase`: ${prefixed('demand', factorPhrase(identity.demand, 'CPU demand'))}${partsPhrase(identity.parts)}, and ${prefixed('utilisation', factorPhrase(identity.utilisation, 'use of the cores'))}`
    : phrase`; CPU demand and use of the cores are not known: ${verbatim('identity', identityMissing ?? '', 'why')}`
  return describedAs(`from ${contrast.text}`, phrase`From ${contrast} ${change}${host}${clocksPhrase(clocks)}`)
}

/**
 * States the largest contributions, without waits for a core while others used the host's cores:
 * "Per worker: running −293 ms (95 % CI −298 to −288), …".
 */
export function contributionsWords({ contrast, contributions, cpuKnown, level, busyHost }: Explanation): Phrase {
  const largest = contributions
    .filter(({ name }) => !(busyHost && name === 'queueing'))
    .sort((a, b) => Math.abs(b.perWorkerMs) - Math.abs(a.perWorkerMs))
    .slice(0, namedContributions)
  const parts = largest.map(({ name, label, perWorkerMs, lower, upper }) => {
    const interval = lower === null || upper === null ? null : { level, lower, upper }
    const change = signedMs({ value: perWorkerMs, interval, n: 0 }, `${label}, change per worker`)
    return prefixed(`contribution.${name}`, phrase`${label} ${change}`)
  })
  const proc = cpuKnown ? '' : "; running includes queueing, because /proc of the server's host could not be read"
  const busy = busyHost
    ? prefixed('busyHost', phrase`. Waits for a core are given as no reason: ${busyHostPhrase(busyHost, 'o')}`)
    : ''
  return describedAs(`from ${contrast}`, phrase`Per worker, the largest contributions: ${listed(parts)}${proc}${busy}`)
}

/** States a factor of the time: "CPU demand × 1.16 (95 % CI 1.13 to 1.18), which is +181 ms". */
function factorPhrase({ ratio, ms }: TimeFactor, label: string): Phrase {
  const times = measuredPhrase(ratio, (value) => formatNumber(value, 2), `ratio of the ${label}`, '')
  return phrase`${label} × ${times}, which is ${quoted('ms', ms.value, signedWhole(ms.value), `part of the change by ${label}, in ms`)} ms`
}

/** Writes whose CPU time it is: " (client +27, backends +148, others +7)". */
function partsPhrase(parts: readonly DemandPart[]): Phrase {
  if (parts.length === 0) return phrase``
  const listed = parts.map(
    ({ name, ms }) =>
      phrase`${name} ${quoted(`part.${name}`, ms.value, signedWhole(ms.value), `part of the change by the CPU time of ${name}, in ms`)}`,
  )
  return phrase` (${joined(listed, ', ')})`
}
