import { isByProgram } from '../../study/treatment.js'
import { basisPhrase } from '../replicates/basis-words.js'
import { type Estimate, mapEstimate } from '../statistics/estimate.js'
import { formatNumber } from '../tables/tables.js'
import { describedAs, joined, type Phrase, phrase, prefixed } from '../text/phrase.js'
import { clocksPhrase } from '../text/program-clock.js'
import { countedThings, quoted, quotedCount } from '../text/quoted.js'
import { boundMeanings, intervalPhrase, percentPhrase, treatmentPhrase } from '../text/sentence.js'
import { verbatim } from '../text/verbatim.js'
import type { SpentTime, TimeSpent } from './time-spent.js'

/**
 * States where the time went under one treatment: the whole with its activities, the sides that it
 * belongs to, and the client's own work.
 */
export function timeSpentWords(spent: TimeSpent): Phrase[] {
  const { at, varying, wall, totalMs } = spent
  const treatment = treatmentPhrase(at, varying)
  if (!totalMs)
    return [
      describedAs(treatment.text, phrase`${treatment}: no block can be used, so where the time went is not known`),
    ]
  const sentences = wall ? [wholePhrase(spent, treatment), sidesPhrase(spent)] : [unreadPhrase(spent, treatment)]
  return [...sentences, clientPhrase(spent)].map((one) => describedAs(treatment.text, one))
}

const seconds = (value: number): string =>
  formatNumber(value, value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 3)

/** Writes an amount with its unit and its interval: "2.00 s (95 % CI 1.94 to 2.07)". */
export function inSeconds(name: string, ms: Estimate, unit: string, meaning: string): Phrase {
  const { value, interval } = mapEstimate(ms, (one) => one / 1000)
  const bounds = intervalPhrase(
    { interval },
    (bound, at) => quoted(bound, at, seconds(at), `${boundMeanings[bound]}, ${meaning}`),
    '',
  )
  return prefixed(name, phrase`${quoted('estimate', value, seconds(value), meaning)} ${unit}${bounds}`)
}

function wholePhrase(spent: TimeSpent, treatment: Phrase): Phrase {
  const { at, wall, totalMs, activities, readBlocks, readSessions, clocks } = spent
  const whole = inSeconds('wall', wall!, 'worker-seconds', 'worker-seconds in all')
  const total = inSeconds('total', totalMs!, 's', 'total time, seconds')
  const workers = countedThings('workers', at.workers, 'worker')
  const [first, ...others] = bySize(activities).filter(({ share }) => share >= 0.01)
  const parts = first
    ? phrase`: ${sharePhrase('activity', first)}${joined(
        others.map((one) => phrase`, ${sharePhrase('activity', one)}`),
        '',
      )}`
    : ''
  const basis = basisPhrase({ blocks: readBlocks, sessions: readSessions })
  const whose = isByProgram(at) ? 'its backends' : workers
  return phrase`${treatment} took ${total}; of ${whose} that is ${whole}, ${basis}${parts}${clocksPhrase(clocks)}`
}

function sidesPhrase({ sides, cpuKnown }: TimeSpent): Phrase {
  const proc = cpuKnown
    ? ''
    : "; running and queueing for a core cannot be distinguished, because /proc of the server's host could not be read"
  return phrase`Whose time it was: ${joined(
    bySize(sides).map((one) => sharePhrase('side', one)),
    ', ',
  )}${proc}`
}

function unreadPhrase(spent: TimeSpent, treatment: Phrase): Phrase {
  const { totalMs, unread, clocks } = spent
  const total = inSeconds('total', totalMs!, 's', 'total time, seconds')
  const why = verbatim('reason', unread.join('; ') || 'no reason was given', 'why')
  return phrase`${treatment} took ${total}, ${basisPhrase(spent)}; what the workers waited for was not read: ${why}${clocksPhrase(clocks)}`
}

function clientPhrase({ at, client, clientThreads, programCpu }: TimeSpent): Phrase {
  if (isByProgram(at)) {
    return programCpu === null
      ? phrase`What the program itself did is not known, and neither is its CPU time`
      : phrase`The program itself used ${inSeconds('program.cpu', programCpu, 's', 'CPU time of the program, seconds')} of CPU time; what it did with it is not known`
  }
  if (at.source === 'prepared') return phrase`The client had prepared all records before the clock started`
  const parts = client.map(
    (one) => phrase`${one.label} ${inSeconds(`client.${one.work}`, one.ms, 's', `${one.label}, seconds`)}`,
  )
  const share = percentPhrase(
    'client.share',
    client.reduce((sum, one) => sum + one.share, 0),
    "share of the client's time that is its own work",
  )
  const whose =
    clientThreads === 1
      ? phrase`its one thread's time`
      : phrase`the time of its ${quotedCount('threads', clientThreads, "client's threads")} threads`
  return phrase`The client's own work, part of which runs in parallel with the backends': ${joined(parts, ', ')}; together ${share} of ${whose}`
}

function sharePhrase(
  kind: 'activity' | 'side',
  one: SpentTime & { readonly activity?: string; readonly side: string },
): Phrase {
  const name = `${kind}.${one.activity ?? one.side}`
  return phrase`${one.label} ${percentPhrase(name, Math.max(0, one.share), `${one.label}, share of the worker-seconds`)}`
}

function bySize<T extends SpentTime>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => b.share - a.share)
}
