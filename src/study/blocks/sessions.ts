import { oncePer } from '../../once-per.js'
import type { Plan } from '../plan.js'
import type { Study } from '../study.js'
import { type Trial, trialsByBlock } from '../trial.js'
import { type PlannedPlace, sessionOf } from './schedule.js'

/**
 * Returns the index, from 0, of the session that a moment of a study belongs to: the last that had
 * begun.
 */
export function sessionAt({ contexts }: Pick<Study, 'contexts'>, startedAt: string): number {
  const begun = contexts.filter((context) => context.startedAt <= startedAt)
  return Math.max(0, begun.length - 1)
}

/** Groups places by the session that the plan runs their block in, in run order. */
export function bySession(plan: Pick<Plan, 'blocksPerSession'>, places: readonly PlannedPlace[]): PlannedPlace[][] {
  const groups = new Map<number, PlannedPlace[]>()
  for (const place of places) {
    const session = sessionOf(plan, place.block)
    groups.set(session, [...(groups.get(session) ?? []), place])
  }
  return [...groups.values()]
}

/** The trials of a journal, those that count apart from those that do not. */
export interface CountedTrials {
  readonly trials: readonly Trial[]
  /**
   * Trials of blocks that a session had begun when it broke off, and that another session ran again
   * from their beginning: never analysed. In a study in sessions each block is of one session.
   */
  readonly brokenOff: readonly Trial[]
}

/**
 * Separates the trials that count from those that do not: of each block of a study in sessions
 * those of the session count that completed the most of its places, of several the last; in other
 * studies all count.
 */
export function countedTrials(
  { blocksPerSession }: Pick<Plan, 'blocksPerSession'>,
  { contexts, trials }: Pick<Study, 'contexts' | 'trials'>,
): CountedTrials {
  if (blocksPerSession === null) return { trials, brokenOff: [] }
  const brokenOff = new Set<Trial>()
  for (const [block, inBlock] of trialsByBlock(trials)) {
    if (block === 0) continue
    const sessions = new Map<number, Trial[]>()
    for (const trial of inBlock) {
      const session = sessionAt({ contexts }, trial.startedAt)
      sessions.set(session, [...(sessions.get(session) ?? []), trial])
    }
    const kept = [...sessions.values()].reduce((most, own) => (completedIn(own) >= completedIn(most) ? own : most))
    for (const trial of inBlock) if (!kept.includes(trial)) brokenOff.add(trial)
  }
  return { trials: trials.filter((trial) => !brokenOff.has(trial)), brokenOff: [...brokenOff] }
}

const completedIn = (trials: readonly Trial[]): number => trials.filter(({ state }) => state === 'completed').length

/**
 * Returns the index, from 0, of the session of each block with a trial that is analysed; the first
 * of several, which only blocks of studies have that are not in sessions.
 */
export const sessionOfBlocks = oncePer((study: Pick<Study, 'contexts' | 'trials'>): ReadonlyMap<number, number> => {
  const begun = new Map<number, number>()
  for (const { block, phase, startedAt } of study.trials)
    if (phase !== 'warm-up' && !begun.has(block)) begun.set(block, sessionAt(study, startedAt))
  return begun
})
