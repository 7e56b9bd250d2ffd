import { percentText } from '../sentence.js'
import { type Estimate, excludesZero } from '../statistics/estimate.js'
import { formatNumber } from '../tables.js'
import { counted } from '../treatments.js'
import type { Explanation, LockShareChange, Side, TimeChange } from './explanation.js'

/** What each side's time is called. */
export const sideLabels: { readonly [S in Side]: string } = {
  work: 'work of the backends',
  server: 'waits in the server',
  machine: 'waits for a core',
  client: 'waits for the client and for other workers',
}

type Measured = Omit<Explanation, 'sentence' | 'reason'>
type Labelled = TimeChange & { readonly label: string; readonly shareOfChange: number | null }

/** What changed and by how much: the whole, then the activities that changed most. */
export function explanationSentence(measured: Measured): string {
  const { contrast, wall, activities, blocks, cpuKnown } = measured
  if (!wall) return `From ${contrast}: where the time went is not known; ${whyUnknown(measured)}`
  const inSeconds = secondsFor(wall, activities)
  const basis = `${counted(blocks, 'block')}${wall.change.interval ? '' : ', which gives no interval'}`
  const whole = `From ${contrast} the workers' time ${wallText(wall, inSeconds)}, ${basis}`
  const proc = cpuKnown
    ? ''
    : "; running and queueing for a core cannot be told apart, because /proc of the server's host could not be read"
  return `${whole}; ${activitiesText(activities, wall, inSeconds)}${proc}`
}

/** The same by sides: is the time that was lost or saved the server's, the machine's, the client's? */
export function reasonSentence(measured: Measured): string {
  const { wall, sides } = measured
  if (!wall) return `Contention or client? Not known; ${whyUnknown(measured)}`
  const inSeconds = secondsFor(wall, sides)
  const [first, ...others] = bySize(sides)
  const listed = others.map((one) => changeText(one, inSeconds)).join(', ')
  const text = `${changeText(first!, inSeconds)} worker-seconds; ${listed}`
  return `Contention or client? ${certaintyText(first!, sides)} ${text}`
}

function certaintyText(first: TimeChange, sides: readonly TimeChange[]): string {
  if (!first.change.interval) return 'One block cannot tell; the largest change is'
  if (excludesZero(first.change)) return isMostOf(first, sides) ? 'Mostly' : 'First of all'
  return sides.some(({ change }) => excludesZero(change))
    ? 'The largest change cannot be told from nothing:'
    : 'Neither can be told from nothing; the largest change is'
}

/** "Lock and LWLock waits took 3.1 % of the time in COPY with 2 workers and 11 % with 4: +7.9 points [6.0, 9.8]" */
export function lockSentence(
  { from, to, change }: Omit<LockShareChange, 'sentence'>,
  levels: readonly { readonly factor: string; readonly a: string; readonly b: string }[],
): string {
  const named = (own: 'a' | 'b'): string =>
    levels.map((level) => `${level.factor === 'batchSize' ? 'batches of ' : ''}${level[own]}`).join(', ')
  const percent = (share: number): string => `${percentText(share * 100)} %`
  const points = (share: number): string => formatNumber(share * 100, 1)
  const known = change.interval && !excludesZero(change) ? ', which cannot be told from no change' : ''
  return `Lock and LWLock waits took ${percent(from)} of the time in COPY with ${named('a')} and ${percent(to)} with ${named('b')}: ${signed(change.value, points)} points${bracketed(change, points)}${known}`
}

function whyUnknown({ excluded }: Measured): string {
  const first = excluded[0]
  return first ? `no block can be used (block ${first.block}: ${first.reason})` : 'no block has both treatments'
}

type InSeconds = (ms: number) => string

/** Seconds, in as many decimals as give the largest change two significant digits or more. */
function secondsFor(wall: TimeChange, parts: readonly TimeChange[]): InSeconds {
  const sizes = [wall, ...parts].map(({ change }) => Math.abs(change.value) / 1000)
  const largest = Math.max(...sizes)
  const decimals =
    largest >= 100 ? 0 : largest >= 1 || largest === 0 ? 1 : Math.min(3, 1 - Math.floor(Math.log10(largest)))
  return (ms) => formatNumber(ms / 1000, decimals)
}

function wallText({ fromMs, toMs, change }: TimeChange, inSeconds: InSeconds): string {
  const path = `from ${inSeconds(fromMs)} to ${inSeconds(toMs)} worker-seconds`
  if (change.interval && !excludesZero(change)) {
    return `went ${path}, a change of ${signedChange(change, inSeconds)} that cannot be told from nothing`
  }
  if (change.value === 0) return `stayed at ${inSeconds(fromMs)} worker-seconds`
  const size = change.value < 0 ? mirrored(change) : change
  return `${change.value > 0 ? 'grew' : 'fell'} ${path}, by ${inSeconds(size.value)}${bracketed(size, inSeconds)}`
}

function mirrored({ value, interval, n }: Estimate): Estimate {
  return { value: -value, interval: interval && { ...interval, lower: -interval.upper, upper: -interval.lower }, n }
}

function activitiesText(changes: readonly Labelled[], wall: TimeChange, inSeconds: InSeconds): string {
  const [first, second] = bySize(changes)
  if (!first!.change.interval) return `the largest change is ${changeText(first!, inSeconds)}`
  const [known, next] = bySize(changes.filter(({ change }) => excludesZero(change)))
  if (!known) {
    return `no activity's change can be told from nothing, the largest is ${changeText(first!, inSeconds)}`
  }
  if (known !== first) {
    return `the largest change, ${changeText(first!, inSeconds)}, cannot be told from nothing; the largest that can is ${changeText(known, inSeconds)}`
  }
  const most = excludesZero(wall.change) && (known.shareOfChange ?? 0) > 0.5 && isMostOf(known, changes)
  const also = next && next === second ? `; next is ${changeText(next, inSeconds)}` : ''
  return `${most ? 'most of it' : 'the largest change'} is ${changeText(known, inSeconds)}${also}`
}

/** Whether one change is more than half of all that went its way. */
function isMostOf(one: TimeChange, all: readonly TimeChange[]): boolean {
  const direction = Math.sign(one.change.value)
  const sameWay = all.reduce((sum, { change }) => sum + Math.max(0, direction * change.value), 0)
  return Math.abs(one.change.value) > sameWay / 2
}

function bySize<T extends TimeChange>(changes: readonly T[]): T[] {
  return [...changes].sort((a, b) => Math.abs(b.change.value) - Math.abs(a.change.value))
}

function changeText({ label, change }: Labelled, inSeconds: InSeconds): string {
  return `${label}: ${signedChange(change, inSeconds)}`
}

function signedChange(change: Estimate, inSeconds: InSeconds): string {
  return `${signed(change.value, inSeconds)}${bracketed(change, inSeconds)}`
}

function bracketed({ interval }: Estimate, text: (bound: number) => string): string {
  return interval ? ` [${text(interval.lower)}, ${text(interval.upper)}]` : ''
}

function signed(value: number, text: (value: number) => string): string {
  const shown = text(value)
  return `${value > 0 && /[1-9]/.test(shown) ? '+' : ''}${shown}`
}
