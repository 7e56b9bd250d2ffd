import { type Basis, replicatesOf } from '../compare/basis.js'
import { type Phrase, phrase } from './phrase.js'
import { countedThings, quotedCount } from './quoted.js'

/** Writes what intervals rest on: "24 blocks"; in a study in sessions "24 blocks in 6 sessions". */
export function basisPhrase({ blocks, sessions }: Basis, meaning = 'blocks', thing = 'block'): Phrase {
  const counted = countedThings('blocks', blocks, thing, meaning)
  return sessions === null ? counted : phrase`${counted} in ${countedThings('sessions', sessions, 'session')}`
}

/**
 * Writes the number of replicates that a verdict needs: "a verdict needs at least 6 blocks", or
 * sessions where it rests on them.
 */
export function floorPhrase(minBlocks: number, { sessions }: Pick<Basis, 'sessions'>): Phrase {
  return phrase`a verdict needs at least ${countedThings('minBlocks', minBlocks, sessions === null ? 'block' : 'session', 'fewest replicates that a verdict is given for')}`
}

/**
 * Writes how many complete blocks there are where more are needed: "at least 6 complete blocks,
 * there are 3"; "at least 6 sessions with complete blocks, there are 3".
 */
export function neededPhrase(minBlocks: number, basis: Basis, meaning: string): Phrase {
  const there = replicatesOf(basis)
  const [thing, rest] = basis.sessions === null ? ['complete block', ''] : ['session', ' with complete blocks']
  const least = countedThings('minBlocks', minBlocks, thing!, meaning)
  return phrase`at least ${least}${rest!}, there ${there === 1 ? 'is' : 'are'} ${quotedCount('replicates', there, `${thing}s${rest}`)}`
}
