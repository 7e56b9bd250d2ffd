import { type Phrase, phrase } from '../text/phrase.js'
import { countedThings } from '../text/quoted.js'
import { percentPhrase } from '../text/sentence.js'
import type { Basis } from './replicates.js'
import type { VarianceComponents } from './variance-components.js'

/** Writes what an interval rests on: "24 blocks", "24 blocks in 6 sessions". */
export function basisPhrase({ blocks, sessions }: Basis, meaning = 'blocks', thing = 'block'): Phrase {
  const counted = countedThings('blocks', blocks, thing, meaning)
  return sessions === null ? counted : phrase`${counted} in ${countedThings('sessions', sessions, 'session')}`
}

/** Writes what an interval rests on as text: "24 blocks in 6 sessions". */
export function basisText(basis: Basis): string {
  return basisPhrase(basis).text
}

/**
 * Ends the name of an interval in the subtitle of a figure: " of the means of sessions"; empty for
 * a study that is not in sessions.
 */
export function ofSessionsText(isInSessions: boolean): string {
  return isInSessions ? ' of the means of sessions' : ''
}

/** Names what is replicated: "block", "session". */
export function replicateNoun({ sessions }: Pick<Basis, 'sessions'>): 'block' | 'session' {
  return sessions === null ? 'block' : 'session'
}

/**
 * Writes how a ratio varies: "between sessions the ratio varies by 0.8 %, within them by 2.1 %,
 * which leaves 41 % of the variance of its mean between sessions".
 */
export function componentsPhrase({ betweenSd, withinSd, shareBetween }: VarianceComponents): Phrase {
  const between = percentPhrase('betweenSd', betweenSd, 'standard deviation of the log ratio between sessions')
  const within = percentPhrase('withinSd', withinSd, 'standard deviation of the log ratio within sessions')
  const varies = phrase`between sessions the ratio varies by ${between}, within them by ${within}`
  if (shareBetween === null) return varies
  const share = percentPhrase(
    'shareBetween',
    shareBetween,
    'share of the variance of the mean that is between sessions',
  )
  return phrase`${varies}, so that ${share} of the variance of its mean lies between sessions`
}
