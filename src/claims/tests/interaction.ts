import { bestSet } from '../../analysis/compare/best-set.js'
import { interaction, interactionGrid } from '../../analysis/compare/interaction.js'
import { judge, sampleFloor } from '../../analysis/compare/verdict.js'
import { checkedClaim } from '../../study/claim.js'
import type { Level } from '../../study/treatment.js'
import type { StatedInteraction } from '../claims.js'
import type { ClaimTest, Evidence, LevelsAt } from './judged.js'

/**
 * Whether the effect of one factor depends on another as claimed. Where the claim is about the best levels too, every one of them at the highest level of
 * the other factor must lie above those at its lowest, or below.
 */
export function interactionTest(test: StatedInteraction, { studies, fixed, margin }: Evidence): ClaimTest | null {
  const { of, by, metric, claim, best } = test
  const { [of]: _of, [by]: _by, ...where } = fixed
  const study = studies.find((one) => interactionGrid(one, { of, by, where }) !== null)
  if (!study) return null
  const grid = interactionGrid(study, { of, by, where })!
  const { bounds: band } = checkedClaim(claim, metric)
  return {
    study: study.plan.name,
    judgeAt(level) {
      const found = interaction(study, { of, by, where, metric, level })
      const { estimate, blocks } = found
      const interval = blocks >= sampleFloor ? (estimate?.interval ?? null) : null
      const bestAt = (at: Level): LevelsAt => {
        if (best === undefined) return { at, best: null }
        const set = bestSet(study, of, { where: { ...where, [by]: at }, metric, level })
        return { at, best: (set.best ?? []).map(({ treatment }) => treatment[of]) }
      }
      const low = bestAt(grid.by[0]!)
      const high = bestAt(grid.by.at(-1)!)
      const depends = interval ? judge(interval, band, margin) : 'undecided'
      const moves = best === undefined || (best === 'rises' ? isAbove(high, low) : isAbove(low, high))
      return {
        verdict: depends === 'supported' && !moves ? 'undecided' : depends,
        estimate,
        scale: 'ratio',
        estimates: 1,
        band: { lower: band.lower, upper: band.upper },
        blocks,
        found: { kind: 'interaction', interaction: found, low, high },
      }
    },
  }
}

function isAbove({ best: upper }: LevelsAt, { best: lower }: LevelsAt): boolean {
  if (!upper?.length || !lower?.length) return false
  return Math.min(...upper.map(Number)) > Math.max(...lower.map(Number))
}
