import { oncePer } from '../../once-per.js'
import type { Metric } from '../../study/metric.js'
import {
  blockOfLook,
  type ExcludableFinding,
  type Preregistration,
  type StopRule,
} from '../../study/preregistration.js'
import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { sameTreatment } from '../../study/treatment.js'
import { sequentialLevels } from '../statistics/group-sequential.js'
import {
  autovacuumInTrial,
  checkpointInTrial,
  clockDrift,
  stolenTime,
  swapping,
} from '../validity/disturbed/disturbances.js'
import type { StudyFinding } from '../validity/study-finding.js'

/**
 * Returns the plan's preregistration of this contrast; null where it is not the study's primary
 * one.
 */
export function preregisteredFor(study: Study, a: Treatment, b: Treatment, metric: Metric): Preregistration | null {
  const { preregistration } = study.plan
  if (!preregistration) return null
  const { primary } = preregistration
  const isPrimary = sameTreatment(primary.a, a) && sameTreatment(primary.b, b) && primary.metric === metric
  return isPrimary ? preregistration : null
}

/** For each of `excludableFindings`, how the trials are found that a plan may exclude by it. */
const excluding: { readonly [code in ExcludableFinding]: (study: Study) => readonly StudyFinding[] } = {
  // What falls into a trial that asked for none before it belongs to its treatment.
  'checkpoint-in-trial': (study) => checkpointInTrial(study).filter(({ checkpoints }) => checkpoints === 'between'),
  'autovacuum-in-trial': autovacuumInTrial,
  steal: stolenTime,
  swap: swapping,
  'clock-drift': clockDrift,
}

/**
 * Returns the trials that the plan's exclusion rules leave out of comparisons, by their numbers,
 * with the reason.
 */
export const excludedTrials = oncePer((study: Study): ReadonlyMap<number, string> => {
  const reasons = new Map<number, string>()
  for (const code of study.plan.preregistration?.exclude ?? []) {
    for (const { trials } of excluding[code](study)) for (const trial of trials) reasons.set(trial, code)
  }
  return reasons
})

/**
 * Returns the number of the look that a rule takes after a block, from 1; null where it takes none.
 */
export function lookAfter(rule: StopRule, block: number): number | null {
  for (let look = 1; look <= rule.looks; look++) if (blockOfLook(rule, look) === block) return look
  return null
}

/**
 * Returns the confidence level of an interval after n blocks of a study that may end early: that of
 * the look taken there, or of the next one. Intervals at these levels hold at all looks together
 * with the level of the preregistration (repeated confidence intervals, Jennison & Turnbull 1989).
 */
export function levelAfter({ level, stop }: Preregistration, blocks: number): number {
  if (!stop) return level
  const levels = sequentialLevels({ looks: stop.looks, bound: stop.bound, level })
  const next = levels.findIndex((_, k) => blockOfLook(stop, k + 1) >= blocks)
  return levels[next < 0 ? levels.length - 1 : next]!
}

/** Counts the blocks that were begun, without the warm-up. */
export function blocksBegun(study: Study): number {
  return study.trials.reduce((most, { block }) => Math.max(most, block), 0)
}
