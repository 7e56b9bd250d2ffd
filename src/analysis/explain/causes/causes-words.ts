import { excludesZero } from '../../statistics/estimate.js'
import { describedAs, joined, listed, type Phrase, phrase, prefixed } from '../../text/phrase.js'
import { quoted, quotedCount, wholePercent } from '../../text/quoted.js'
import { verbatim } from '../../text/verbatim.js'
import type { TestedCauses } from '../explain.js'
import { signedMs, wholeMs } from '../wall-clock/signed-ms.js'
import type { Cause, Intervention } from './judge-causes.js'

/** Share of the largest measure from which a cause without a test is named. */
const namedShare = 0.1

/**
 * States what interventions show of the causes: which is the reason, which is not, which is open;
 * and which large ones none of them tested.
 */
export function causesWords({
  contrast,
  causes,
  interventions,
  changeMs,
  busyHost,
}: Omit<TestedCauses, 'result'>): readonly Phrase[] {
  if (!changeMs) return []
  const tested = causes.filter(({ state }) => state !== 'not-tested')
  const isChange = !changeMs.interval || excludesZero(changeMs)
  const direction = Math.sign(changeMs.value)
  const size = ({ perWorkerMs }: Cause): number => direction * (perWorkerMs ?? 0)
  const largest = Math.max(0, ...causes.map(size))
  const untested = causes
    .filter((cause) => cause.state === 'not-tested' && !(busyHost && cause.name === 'cores'))
    .filter((cause) => size(cause) > 0 && size(cause) >= namedShare * largest)
    .sort((a, b) => size(b) - size(a))
    .map((cause) => {
      const ms = quoted(
        'ms',
        cause.perWorkerMs!,
        wholeMs(Math.abs(cause.perWorkerMs!)),
        `${cause.label}, ms per worker`,
      )
      return prefixed(`cause.${cause.name}`, phrase`${cause.label} (${ms} ms)`)
    })
  const why =
    interventions === 0
      ? 'no intervention was measured'
      : phrase`none of ${quotedCount('interventions', interventions, 'interventions that were measured')} counts for them`
  const said = [
    ...tested.map((cause) => causePhrase(cause)),
    ...(untested.length > 0 && isChange ? [phrase`Not tested as a reason: ${listed(untested)}; ${why}`] : []),
  ]
  return said.map((one) => describedAs(`from ${contrast}`, one))
}

function causePhrase({ name, label, state, by }: Cause): Phrase {
  const answer = {
    confirmed: 'the reason, confirmed by intervention',
    refuted: 'not the reason, refuted by intervention',
    open: 'open whether it is the reason',
    'not-tested': 'not tested',
  }[state]
  const shown = by.map((one, k) => prefixed(`${k + 1}`, interventionPhrase(one)))
  return prefixed(`cause.${name}`, phrase`${capital(label)}: ${answer}. ${joined(shown, '; ')}`)
}

function interventionPhrase({ study, change, measure, before, after }: Intervention): Phrase {
  const where = phrase`${verbatim('change', change, 'changed levels')} in ${verbatim('study', study, 'study')}`
  const fell = wholePercent('fell', Math.min(1, measure.fell), 'share of its time that was taken away')
  return phrase`${where} took away ${fell} of it, and the change of the time went from ${prefixed('before', signedMs(before, 'change of the time before'))} to ${prefixed('after', signedMs(after, 'change of the time after'))}`
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1)
