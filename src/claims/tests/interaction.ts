import { interaction, interactionGrid } from '../../analysis/compare/interaction.js'
import { replicateCount } from '../../analysis/replicates/replicates.js'
import { verdictParts } from '../../analysis/verdict/parts.js'
import { judge, minJudgedBlocks } from '../../analysis/verdict/verdict.js'
import { checkedClaim } from '../../study/claim.js'
import type { StatedInteraction } from '../claims.js'
import { type ClaimTest, type Evidence, marginOf } from './judged.js'

/** Tests whether the effect of one factor depends on another as claimed. */
export function interactionTest(test: StatedInteraction, evidence: Evidence): ClaimTest | null {
  const { of, by, metric, claim } = test
  const { [of]: _of, [by]: _by, ...where } = evidence.fixed
  const study = evidence.studies.find((one) => interactionGrid(one, { of, by, where }) !== null)
  if (!study) return null
  const { bounds: band } = checkedClaim(claim, metric)
  const found = interaction(study, { of, by, where, metric, level: evidence.level })
  const { estimate, blocks, sessions } = found
  const interval = replicateCount(found) >= minJudgedBlocks ? (estimate?.interval ?? null) : null
  const margin = marginOf(evidence, [study])
  return {
    study: study.plan.name,
    judged: {
      verdict: interval ? judge(interval, band, margin) : 'undecided',
      parts: verdictParts(interval, band, margin),
      margin,
      reproduced: null,
      estimate,
      scale: 'ratio',
      estimates: 1,
      band: { lower: band.lower, upper: band.upper },
      blocks,
      sessions,
      found: { kind: 'interaction', interaction: found },
    },
  }
}
