import { replicateNoun } from '../../analysis/replicates/basis-words.js'
import { replicateCount } from '../../analysis/replicates/replicates.js'
import { describedAs, type Fragment, type Phrase, phrase, prefixed } from '../../analysis/text/phrase.js'
import { clocksPhrase, type ProgramClock } from '../../analysis/text/program-clock.js'
import { countedThings } from '../../analysis/text/quoted.js'
import { verbatim } from '../../analysis/text/verbatim.js'
import { minJudgedBlocks } from '../../analysis/verdict/verdict.js'
import { partsWords } from '../../analysis/verdict/verdict-words.js'
import type { Claims, StatedClaim } from '../claims.js'
import { comparisonsOf } from '../comparisons-of.js'
import type { ClaimVerdict, ClaimWord } from '../judge-claims.js'
import { foundWords } from './found-words.js'
import { comparedWords, expectedWords } from './stated-words.js'
import { testWords } from './test-words.js'

/** A claim as a table shows it, in words made from its test. */
export interface StatedClaimRow {
  readonly id: string
  readonly claim: string
  /** The comparison: "total time, 2 workers vs 4 at 10K". */
  readonly compared: string
  /** The finding that would support the claim: "5–15 % faster". */
  readonly expected: string
}

/** A verdict as a table shows it. */
export interface ClaimVerdictRow extends StatedClaimRow {
  /** The verdict, or the result of a claim that is not tested. */
  readonly word: ClaimWord
  readonly direction: ClaimVerdict['direction']
  readonly size: ClaimVerdict['size']
  readonly matters: ClaimVerdict['matters']
  /**
   * The finding: "3.7 % less time (95 % CI 1.7 to 5.7)", a set of levels; null where no study has
   * the trials that the test needs.
   */
  readonly found: string | null
  readonly blocks: number
  /** The name of the test that judged; null where no study has the trials that it needs. */
  readonly test: string | null
}

/** Returns claims as a table shows them, in their order. */
export function statedClaimRows({ claims }: Pick<Claims, 'claims'>): StatedClaimRow[] {
  return claims.map(({ id, claim, test }) => ({
    id,
    claim,
    compared: comparedWords(test).text,
    expected: expectedWords(test).text,
  }))
}

/** Returns verdicts as a table shows them, in their order. */
export function claimVerdictRows(verdicts: readonly ClaimVerdict[]): ClaimVerdictRow[] {
  return verdicts.map(({ id, claim, stated, word, direction, size, matters, blocks, sessions, found }) => ({
    id,
    claim,
    compared: comparedWords(stated).text,
    expected: expectedWords(stated).text,
    word,
    direction,
    size,
    matters,
    found: found && foundWords(stated, found).text,
    blocks,
    test: found && testOf({ stated, found, sessions }).text,
  }))
}

/** States a claim and what it expects: "C1: 2 workers are faster than 4 at 10K (5–15 % faster)". */
export function statedClaimWords({ id, claim, test }: StatedClaim): Phrase {
  return phrase`${id}: ${verbatim('claim', claim, 'claimed')} (${prefixed('expected', expectedWords(test))})`
}

/** States a verdict: the claim, the verdict, the finding, the test, and how sure that is. */
export function claimVerdictWords(verdict: ClaimVerdict): Phrase {
  const { id, claim, stated, found } = verdict
  const words = verbatim('claim', claim, 'claimed')
  if (!found) {
    const needed = prefixed('compared', comparedWords(stated))
    return phrase`${id}, ${words}: ${verdict.word}, none of the studies has what its test needs (${needed})`
  }
  const few = replicateCount(verdict) < minJudgedBlocks ? `; too few ${replicateNoun(verdict)}s for a verdict` : ''
  const sentence = phrase`${id}, ${words}: ${verdict.word}${partsOf(verdict)}. ${foundWords(stated, found)} (${testOf({ stated, found, sessions: verdict.sessions })}${few}${clocksPhrase(clocksOf(verdict))}).`
  return describedAs(`claim ${id}`, sentence)
}

/** Writes the name of the test that judged, and what it is made of where that is not blocks. */
function testOf({
  stated,
  found,
  sessions,
}: Pick<ClaimVerdict, 'stated' | 'sessions'> & { readonly found: NonNullable<ClaimVerdict['found']> }): Phrase {
  const test = testWords(stated, found)
  return sessions === null ? test : phrase`${test}, over the means of ${countedThings('sessions', sessions, 'session')}`
}

/** What the times of programs are that load in what the verdict rests on, each once. */
function clocksOf(verdict: ClaimVerdict): readonly ProgramClock[] {
  const clocks = comparisonsOf(verdict).flatMap((comparison) => comparison.clocks)
  return clocks.filter(({ loader }, k) => clocks.findIndex((other) => other.loader === loader) === k)
}

/** Writes the parts of a verdict on one ratio, which follow it in parentheses. */
function partsOf({ direction, size, matters, margin }: ClaimVerdict): Fragment {
  return matters === null || margin === null ? '' : phrase` (${partsWords({ direction, size, matters }, margin)})`
}
