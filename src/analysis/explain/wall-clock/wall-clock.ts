import type { Estimate } from '../../statistics/estimate.js'
import { mean } from '../../statistics/numerics/moments.js'
import { causeNames, causes } from '../causes/causes.js'
import { type Cause, judgeCauses, measureOf, type StudyChange } from '../causes/judge-causes.js'
import { type Contribution, contributionsOf, type SideContribution, sideContributions } from './contributions.js'
import { type TimeIdentity, timeIdentity } from './time-identity.js'
import { withinBlocks } from './within-blocks.js'

/** Change of a time between two treatments, what it consists of, and what it is caused by. */
export interface WallClock {
  /**
   * Change of the total time, to − from, in milliseconds of the wall clock: mean within blocks with
   * Student's t interval. Null without a block; then `identity` is null too, and `contributions` is
   * empty.
   */
  readonly changeMs: Estimate | null
  /** Mean total time under both treatments, in milliseconds. */
  readonly totalMs: { readonly from: number; readonly to: number } | null
  /**
   * The time as CPU demand ÷ (cores × utilisation); null where the CPU use of the server's host was
   * not read.
   */
  readonly identity: TimeIdentity | null
  /** Reason why `identity` is null. */
  readonly identityMissing: string | null
  /**
   * What each activity contributes to the change, in milliseconds per worker. Their values, added
   * in their order, are the value of `changeMs` to the last digit.
   */
  readonly contributions: readonly Contribution[]
  /** The contributions by side, each the sum of those of its activities. */
  readonly sideContributions: readonly SideContribution[]
  /**
   * Possible causes of the change, and what the interventions in all studies that were given show
   * of them.
   */
  readonly causes: readonly Cause[]
  /** Number of interventions that the studies hold, whether they count for a cause or not. */
  readonly interventions: number
}

/** The change of the wall clock of one study, and its causes over all. */
export function wallClock({ study, from, to }: StudyChange, changes: readonly StudyChange[], level: number): WallClock {
  const { blocks } = withinBlocks(study, [{ from, to }])
  const { states, tried } = judgeCauses(changes, level)
  const known = blocks.length > 0
  const identity = known ? timeIdentity(blocks, level) : 'no block has both treatments with their waits'
  const { change, contributions } = known ? contributionsOf(blocks, level) : { change: null, contributions: [] }
  return {
    changeMs: change,
    totalMs: known
      ? { from: mean(blocks.map(([a]) => a!.totalMs)), to: mean(blocks.map(([, b]) => b!.totalMs)) }
      : null,
    identity: typeof identity === 'string' ? null : identity,
    identityMissing: typeof identity === 'string' ? identity : null,
    contributions,
    sideContributions: known ? sideContributions(blocks, level) : [],
    causes: causeNames.map((name) => {
      const isMeasured = causes[name].measure.some((own) => contributions.some((one) => one.name === own))
      return {
        name,
        label: causes[name].label,
        meaning: causes[name].meaning,
        ...states.get(name)!,
        perWorkerMs: isMeasured ? mean(blocks.map(([a, b]) => measureOf(name, b!) - measureOf(name, a!))) : null,
      }
    }),
    interventions: tried,
  }
}
