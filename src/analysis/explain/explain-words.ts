import { basisPhrase } from '../replicates/basis-words.js'
import { type Estimate, excludesZero, mapEstimate, negateEstimate } from '../statistics/estimate.js'
import { formatNumber } from '../tables/tables.js'
import { describedAs, joined, type Phrase, phrase, prefixed, type QuotedNumber } from '../text/phrase.js'
import { clocksPhrase } from '../text/program-clock.js'
import { quoted, quotedCount } from '../text/quoted.js'
import {
  boundMeanings,
  contrastPhrase,
  differingLevels,
  intervalPhrase,
  measuredPhrase,
  percentPhrase,
} from '../text/sentence.js'
import { verbatim } from '../text/verbatim.js'
import { busyHostPhrase } from '../validity/disturbed/busy-host-words.js'
import {
  type ActivityChange,
  type Explanation,
  type LockShareChange,
  type Reason,
  reasonsOf,
  type SideChange,
  type TimeChange,
} from './explain.js'

/** States what changed and by how much: the whole, then the activities that changed most. */
export function explanationWords(explanation: Explanation): Phrase {
  const { from, to, varying, wall, activities, cpuKnown, busyHost, clocks } = explanation
  const contrast = contrastPhrase({ a: from, b: to, varying }, 'to')
  if (!wall) return phrase`From ${contrast}: where the time went is not known; ${whyUnknown(explanation)}`
  const inSeconds = secondsFor(wall, activities)
  const basis = phrase`${basisPhrase(explanation)}${wall.change.interval ? '' : ', which gives no interval'}`
  const whole = phrase`From ${contrast} the workers' time ${wallPhrase(wall, inSeconds)}, ${basis}`
  const proc = cpuKnown
    ? ''
    : "; running and queueing for a core cannot be distinguished, because /proc of the server's host could not be read"
  return describedAs(
    `from ${contrast.text}`,
    phrase`${whole}; ${activitiesPhrase(reasonsOf(activities, busyHost), wall, inSeconds)}${proc}${clocksPhrase(clocks)}`,
  )
}

/**
 * States the changes by side, which answers "contention or client?": whether the time that was lost
 * or saved is the server's, the machine's or the client's.
 */
export function reasonWords(reason: Reason): Phrase {
  const { wall, contrast, busyHost } = reason
  if (!wall) return phrase`Contention or client? Not known; ${whyUnknown(reason)}`
  const sides = reasonsOf(reason.sides, busyHost)
  const inSeconds = secondsFor(wall, reason.sides)
  const [first, ...others] = bySize(sides)
  const rest = others.map((one) => changePhrase(one, inSeconds))
  const path = prefixed(`side.${first!.side}`, pathPhrase(first!, reason, inSeconds))
  const answer = phrase`${certaintyText(first!, sides)} ${changePhrase(first!, inSeconds)} worker-seconds (${path}); ${joined(rest, ', ')}`
  const busy = busyHost
    ? prefixed('busyHost', phrase`. Waits for a core are given as no reason: ${busyHostPhrase(busyHost, 'o')}`)
    : ''
  return describedAs(`from ${contrast}`, phrase`Contention or client? ${answer}${busy}`)
}

/** States the reason by itself, after the contrast that it is about. */
export function ownReasonWords(reason: Reason): Phrase {
  const { from, to, varying } = reason
  return phrase`From ${contrastPhrase({ a: from, b: to, varying }, 'to')}: ${reasonWords(reason)}`
}

/** States the amounts that something changed between: "0.4 with 2 workers, 1.5 with 4". */
function pathPhrase(
  { fromMs, toMs }: TimeChange,
  between: Pick<Explanation, 'from' | 'to'>,
  inSeconds: InSeconds,
): Phrase {
  const amount = (name: 'from' | 'to', ms: number): QuotedNumber =>
    quoted(name, ms / 1000, inSeconds(ms / 1000), `worker-seconds ${name === 'from' ? 'before' : 'after'}`)
  return phrase`${amount('from', fromMs)} with ${namedLevels(between, 'a')}, ${amount('to', toMs)} with ${namedLevels(between, 'b')}`
}

/** States the levels of one treatment that distinguish it from the other: "2 workers", "4". */
function namedLevels({ from, to }: Pick<Explanation, 'from' | 'to'>, own: 'a' | 'b'): Phrase {
  const levels = differingLevels(from, to)
  return joined(
    levels.map((level) => phrase`${level.factor === 'batchSize' ? 'batches of ' : ''}${level[own]}`),
    ', ',
  )
}

function certaintyText(first: TimeChange, sides: readonly TimeChange[]): string {
  if (!first.change.interval) return 'One block cannot decide; the largest change is'
  if (excludesZero(first.change)) return isMostOf(first, sides) ? 'Mostly' : 'First of all'
  return sides.some(({ change }) => excludesZero(change))
    ? 'The largest change is not distinguishable from zero:'
    : 'Neither is distinguishable from zero; the largest change is'
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

function whyUnknown({ excluded }: Pick<Reason, 'excluded'>): Phrase {
  const first = excluded[0]
  return first
    ? phrase`no block can be used (block ${quotedCount('unusedBlock', first.block, 'first block that cannot be used')}: ${verbatim('reason', first.reason, 'why')})`
    : phrase`no block has both treatments`
}

/** Writes a number of seconds. */
type InSeconds = (seconds: number) => string

/**
 * Returns a writer of seconds, in as many decimals as give the largest change two significant
 * digits or more.
 */
function secondsFor(wall: TimeChange, parts: readonly TimeChange[]): InSeconds {
  const sizes = [wall, ...parts].map(({ change }) => Math.abs(change.value) / 1000)
  const largest = Math.max(...sizes)
  const decimals =
    largest >= 100 ? 0 : largest >= 1 || largest === 0 ? 1 : Math.min(3, 1 - Math.floor(Math.log10(largest)))
  return (seconds) => formatNumber(seconds, decimals)
}

const inUnit = (change: Estimate): Estimate => mapEstimate(change, (ms) => ms / 1000)

function wallPhrase({ fromMs, toMs, change }: TimeChange, inSeconds: InSeconds): Phrase {
  const seconds = (name: 'from' | 'to', ms: number): QuotedNumber =>
    quoted(name, ms / 1000, inSeconds(ms / 1000), 'worker-seconds in all')
  const path = phrase`from ${seconds('from', fromMs)} to ${seconds('to', toMs)} worker-seconds`
  const unit = 'change of the worker-seconds'
  if (change.interval && !excludesZero(change)) {
    return phrase`went ${path}, a change of ${signedPhrase(inUnit(change), inSeconds, unit)} that is not distinguishable from zero`
  }
  if (change.value === 0) return phrase`stayed at ${seconds('from', fromMs)} worker-seconds`
  const size = inUnit(change.value < 0 ? negateEstimate(change) : change)
  return phrase`${change.value > 0 ? 'grew' : 'fell'} ${path}, by ${measuredPhrase(size, inSeconds, unit, '')}`
}

function activitiesPhrase(changes: readonly ActivityChange[], wall: TimeChange, inSeconds: InSeconds): Phrase {
  const [first, second] = bySize(changes)
  if (!first!.change.interval) return phrase`the largest change is ${changePhrase(first!, inSeconds)}`
  const [known, next] = bySize(changes.filter(({ change }) => excludesZero(change)))
  if (!known) {
    return phrase`no activity's change is distinguishable from zero, the largest is ${changePhrase(first!, inSeconds)}`
  }
  if (known !== first) {
    return phrase`the largest change, ${changePhrase(first!, inSeconds)}, is not distinguishable from zero; the largest that is distinguishable is ${changePhrase(known, inSeconds)}`
  }
  const most = excludesZero(wall.change) && (known.shareOfChange ?? 0) > 0.5 && isMostOf(known, changes)
  const also = next && next === second ? phrase`; next is ${changePhrase(next, inSeconds)}` : ''
  return phrase`${most ? 'most of it' : 'the largest change'} is ${changePhrase(known, inSeconds)}${also}`
}

/** Returns whether one change is more than half of all changes in its direction. */
function isMostOf(one: TimeChange, all: readonly TimeChange[]): boolean {
  const direction = Math.sign(one.change.value)
  const sameWay = all.reduce((sum, { change }) => sum + Math.max(0, direction * change.value), 0)
  return Math.abs(one.change.value) > sameWay / 2
}

function bySize<T extends TimeChange>(changes: readonly T[]): T[] {
  return [...changes].sort((a, b) => Math.abs(b.change.value) - Math.abs(a.change.value))
}

function changePhrase(changed: ActivityChange | SideChange, inSeconds: InSeconds): Phrase {
  const { label, change } = changed
  const name = 'activity' in changed ? `activity.${changed.activity}` : `side.${changed.side}`
  return prefixed(name, phrase`${label}: ${signedPhrase(inUnit(change), inSeconds, `${label}, worker-seconds`)}`)
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
