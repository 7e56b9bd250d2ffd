import { bestSet } from '../../analysis/compare/best-set.js'
import type { Study } from '../../study/study.js'
import {
  type Factor,
  factorEntry,
  factorNames,
  type Level,
  type Selection,
  varyingFactors,
} from '../../study/treatment.js'
import type { StatedRule } from '../claims.js'
import { worseThanBest } from './best-set.js'
import { type ClaimTest, type Evidence, levelsAt, noEstimate, treatmentsIn, varyAlone } from './judged.js'

/**
 * Whether the best level of a factor depends on the setting: supported when no level is among the best in every setting, equivalent when one is, and within
 * the margin of the best everywhere. The settings share the error rate (Bonferroni).
 */
export function ruleTest({ over, by, metric }: StatedRule, { studies, fixed, margin }: Evidence): ClaimTest | null {
  const held = levelsNamed(fixed, (factor) => factor !== over && !by.includes(factor))
  const settings = studies
    .flatMap((study) => settingsOf(study, held, { over, by }))
    // A setting of several studies is judged by the first.
    .filter((one, k, all) => all.findIndex((other) => sameSetting(other, one, by)) === k)
  if (settings.length < 2) return null
  return {
    study: [...new Set(settings.map(({ study }) => study.plan.name))].join(', '),
    judgeAt(level) {
      const each = 1 - (1 - level) / settings.length
      const sets = settings.map(({ study, where }) => bestSet(study, over, { where, metric, level: each }))
      const blocks = Math.min(...sets.map((set) => set.blocks))
      const found = settings.map(({ study, at }, k) => ({
        study: study.plan.name,
        at,
        best: sets[k]!.best?.map(({ treatment }): Level => treatment[over]) ?? null,
      }))
      if (found.some(({ best }) => best === null)) {
        const few = { kind: 'rule', settings: found, everywhere: null } as const
        return { verdict: 'undecided', ...noEstimate, blocks, found: few }
      }
      const common = found[0]!.best!.filter((one) => found.every(({ best }) => best!.includes(one)))
      const everywhere = common.map((one) => {
        const own = sets.map(({ best }) => best!.find(({ treatment }) => treatment[over] === one)!)
        return { level: one, atMost: Math.max(...own.map(({ toBestOther }) => worseThanBest(toBestOther, metric))) }
      })
      const suffices = everywhere.some(({ atMost }) => atMost <= margin)
      return {
        verdict: everywhere.length === 0 ? 'supported' : suffices ? 'equivalent' : 'undecided',
        ...noEstimate,
        blocks,
        found: { kind: 'rule', settings: found, everywhere },
      }
    },
  }
}

interface Setting {
  readonly study: Study
  /** The levels that make the setting, and those that are held in all of them. */
  readonly where: Selection
  /** The levels that tell it from others of its study. */
  readonly at: Selection
}

/** The settings for which a study has levels enough. */
function settingsOf(study: Study, held: Selection, { over, by }: Pick<StatedRule, 'over' | 'by'>): Setting[] {
  const own = treatmentsIn(study, held)
  const wheres = own.map((one): Selection => ({ ...held, ...levelsAt(one, by) }))
  const named = varyingFactors(study.plan.treatments).filter((factor) => factor !== over)
  return wheres
    .filter((where, k) => wheres.findIndex((other) => by.every((factor) => other[factor] === where[factor])) === k)
    .flatMap((where) => {
      const treatments = treatmentsIn(study, where)
      if (treatments.length < leastLevels(over) || !varyAlone(treatments, over)) return []
      return [{ study, where, at: levelsAt(treatments[0]!, named) }]
    })
}

/** Two numbers have no inside in which a best one could lie. */
function leastLevels(over: Factor): number {
  return ['count', 'limit'].includes(factorEntry(over).kind) ? 3 : 2
}

function sameSetting(a: Setting, b: Setting, by: readonly Factor[]): boolean {
  return by.every((factor) => a.where[factor] === b.where[factor])
}

function levelsNamed(selection: Selection, isNamed: (factor: Factor) => boolean): Selection {
  const named = factorNames.filter((factor) => selection[factor] !== undefined && isNamed(factor))
  return Object.fromEntries(named.map((factor) => [factor, selection[factor]])) as Selection
}
