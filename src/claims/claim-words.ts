import { sampleFloor, type Verdict } from '../analysis/compare/verdict.js'
import { about, type Part, type Phrase, phrase, under } from '../analysis/text/phrase.js'
import { quotedP } from '../analysis/text/quoted.js'
import { takenOver } from '../analysis/text/taken-over.js'
import type { Claims, StatedClaim } from './claims.js'
import { foundWords, testWords } from './found-words.js'
import type { ClaimVerdict } from './judge-claims.js'
import { comparedWords, expectedWords } from './stated-words.js'

/** A claim as a table shows it, in words made from its test. */
export interface StatedClaimRow {
  readonly id: string
  readonly claim: string
  /** What is compared: "total time, 2 workers vs 4 at 10K". */
  readonly compared: string
  /** What must be found: "5–15 % faster". */
  readonly expected: string
}

/** A verdict as a table shows it. */
export interface ClaimVerdictRow extends StatedClaimRow {
  readonly verdict: Verdict
  readonly blocks: number
  /** The name of the test that judged; null where no study has what it needs. */
  readonly test: string | null
}

/** Claims as a table shows them, in their order. */
export function statedClaimRows({ claims }: Pick<Claims, 'claims'>): StatedClaimRow[] {
  return claims.map(({ id, claim, test }) => ({
    id,
    claim,
    compared: comparedWords(test).text,
    expected: expectedWords(test).text,
  }))
}

/** Verdicts as a table shows them, in their order. */
export function claimVerdictRows(verdicts: readonly ClaimVerdict[]): ClaimVerdictRow[] {
  return verdicts.map(({ id, claim, stated, verdict, blocks, found }) => ({
    id,
    claim,
    compared: comparedWords(stated).text,
    expected: expectedWords(stated).text,
    verdict,
    blocks,
    test: found && testWords(stated, found).text,
  }))
}

/** A claim and what it expects, in words: "C1: 2 workers are faster than 4 at 10K (5–15 % faster)". */
export function statedClaimWords({ id, claim, test }: StatedClaim): Phrase {
  return phrase`${id}: ${takenOver('claim', claim, 'claimed')} (${under('expected', expectedWords(test))})`
}

/** A verdict in words: the claim, the verdict, what was found, by which test, and how sure that is. */
export function claimVerdictWords(verdict: ClaimVerdict): Phrase {
  const { id, claim, stated, found } = verdict
  const words = takenOver('claim', claim, 'claimed')
  if (!found) {
    const needed = under('compared', comparedWords(stated))
    return phrase`${id}, ${words}: undecided, none of the studies has what its test needs (${needed})`
  }
  const sure = verdict.blocks < sampleFloor ? 'too few blocks' : errorRates(verdict)
  const said = phrase`${id}, ${words}: ${verdict.verdict}. ${foundWords(stated, found)} (${testWords(stated, found)}, ${sure}).`
  return about(`claim ${id}`, said)
}

function errorRates({ p, pAdjusted, primary }: ClaimVerdict): Part {
  if (p === null || pAdjusted === null) return 'no error rate below one half decides it'
  const own = phrase`p ${quotedP('p', p, 'smallest error rate that decides it')}`
  return primary ? own : phrase`${own}, adjusted ${quotedP('pAdjusted', pAdjusted, 'the same, adjusted (Holm)')}`
}
