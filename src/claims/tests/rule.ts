import { fewestReplicates } from '../../analysis/replicates/replicates.js'
import type { Study } from '../../study/study.js'
import { type Factor, factorEntry, type Level, type Selection, varyingFactors } from '../../study/treatment.js'
import type { StatedRule } from '../claims.js'
import { worseThanBest } from './best-set.js'
import {
  type ClaimTest,
  claimedSet,
  type Evidence,
  type FoundSetting,
  levelsAt,
  marginOf,
  noEstimate,
  treatmentsIn,
  varyAlone,
} from './judged.js'

/**
 * Tests whether the best level of a factor depends on the setting: supported when no level is among
 * the best in every setting, equivalent when one is, and within the margin of the best everywhere.
 * A setting that no study measured leaves the verdict open. The settings share the error rate.
 */
export function ruleTest({ over, settings: stated, metric }: StatedRule, evidence: Evidence): ClaimTest | null {
  const settings = stated.map((levels): Setting | null => {
    const { [over]: _, ...where } = { ...evidence.fixed, ...levels }
    const study = evidence.studies.find((one) => {
      const own = treatmentsIn(one, where)
      return own.length >= minLevels(over) && varyAlone(own, over)
    })
    return study ? { study, where } : null
  })
  const measured = settings.filter((one) => one !== null)
  if (measured.length < 2) return null
  const sets = measured.map(({ study, where }) => claimedSet(study, over, where, metric, evidence))
  const found = settings.map((setting, k): FoundSetting => {
    if (!setting) return { study: null, at: stated[k]!, best: null }
    const { study, where } = setting
    const named = varyingFactors(study.plan.treatments).filter((factor) => factor !== over)
    const set = sets[measured.indexOf(setting)]!
    return {
      study: study.plan.name,
      at: levelsAt(treatmentsIn(study, where)[0]!, named),
      best: set.best?.map(({ treatment }): Level => treatment[over]) ?? null,
    }
  })
  const isFew = sets.some(({ best }) => best === null)
  const common = isFew ? [] : sets[0]!.best!.map(({ treatment }): Level => treatment[over]).filter(isInAll)
  const everywhere = common.map((level) => {
    const own = sets.map(({ best }) => best!.find(({ treatment }) => treatment[over] === level)!)
    return { level, atMost: Math.max(...own.map(({ toBestOther }) => worseThanBest(toBestOther, metric))) }
  })
  const margin = marginOf(
    evidence,
    measured.map(({ study }) => study),
  )
  const suffices = measured.length === settings.length && everywhere.some(({ atMost }) => atMost <= margin)
  return {
    study: [...new Set(measured.map(({ study }) => study.plan.name))].join(', '),
    judged: {
      ...noEstimate,
      verdict: isFew ? 'undecided' : everywhere.length === 0 ? 'supported' : suffices ? 'equivalent' : 'undecided',
      margin,
      ...fewestReplicates(sets),
      found: { kind: 'rule', settings: found, everywhere: isFew ? null : everywhere },
    },
  }

  function isInAll(level: Level): boolean {
    return sets.every(({ best }) => best!.some(({ treatment }) => treatment[over] === level))
  }
}

interface Setting {
  readonly study: Study
  /** The levels that make the setting, and those that are held in all of them. */
  readonly where: Selection
}

/**
 * Returns the smallest number of levels to compare: two numbers have no inside in which a best one
 * could lie.
 */
function minLevels(over: Factor): number {
  return ['count', 'limit'].includes(factorEntry(over).kind) ? 3 : 2
}
