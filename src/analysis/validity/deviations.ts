import { failedPlaces, repeatedTrials } from '../../study/blocks/attempts.js'
import { type Disturbance, disturbedBlocks } from '../../study/blocks/disturbed.js'
import { plannedSessions } from '../../study/blocks/schedule.js'
import { sessionAt, sessionOfBlocks } from '../../study/blocks/sessions.js'
import type { Preregistration } from '../../study/preregistration.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import { type Factor, varyingFactors } from '../../study/treatment.js'
import { type Trial, trialsByBlock } from '../../study/trial.js'
import { blocksBegun, excludedTrials } from '../compare/preregistration.js'
import { settingsChanged } from './sessions.js'
import type { ChangedSession, Reload } from './study-finding.js'

/** The preregistration of a study, and when the study ended. */
export interface PreregisteredPlan {
  readonly preregistration: Preregistration
  /** The factors that vary in the study. */
  readonly varying: readonly Factor[]
  readonly blocks: number
  /** Seed of the order within the blocks. */
  readonly seed: number
  /** The look at which the study ended before its last block; null where it did not. */
  readonly endedAt: number | null
}

/** One difference between the plan and the trials that ran. */
export type Deviation =
  | { readonly kind: 'blocks'; readonly begun: number; readonly planned: number }
  /**
   * Failed trials, by their numbers in run order: `failed` are those whose place in the plan no
   * completed trial holds, `repeated` are those that were run again.
   */
  | { readonly kind: 'failed' | 'repeated'; readonly trials: readonly number[] }
  /** More sessions than planned: one, or those of a plan in sessions. */
  | { readonly kind: 'sessions'; readonly sessions: number; readonly planned: number }
  /**
   * Trials of a block that a session broke off in, and which do not count: those of session
   * `counted`, from 1, do.
   */
  | {
      readonly kind: 'broken-off'
      readonly block: number
      readonly session: number
      readonly counted: number
      readonly trials: number
    }
  /** `reasons` are the findings for which the trials are left out. */
  | { readonly kind: 'left-out'; readonly trials: number; readonly reasons: readonly string[] }
  /**
   * Left out by the rule for every study, whatever is preregistered: `trials` are the numbers of
   * those that were disturbed, in these blocks, by `reasons`.
   */
  | {
      readonly kind: 'disturbed'
      readonly blocks: readonly number[]
      readonly trials: readonly number[]
      readonly reasons: readonly Disturbance[]
    }
  | { readonly kind: 'settings'; readonly finding: ChangedSession | Reload }

/** The preregistered plan, and how the trials that ran differ from it. Plain data. */
export interface Deviations {
  readonly result: 'deviations'
  readonly study: string
  /** Hash of the plan, which the journal holds since before the first trial. */
  readonly hash: string
  /** The preregistration; null for a study that preregistered nothing. */
  readonly preregistered: PreregisteredPlan | null
  /** The differences; empty for none. */
  readonly deviations: readonly Deviation[]
}

/**
 * Lists every difference between the preregistered plan of a study and the trials that ran: blocks,
 * trials, sessions, exclusions.
 */
export function deviations(study: Study): Deviations {
  checkedStudy(study)
  const { plan, contexts, stopped } = study
  const { name, hash, preregistration, seed } = plan
  const begun = blocksBegun(study)
  const planned = plannedSessions(plan)
  const failed = failedPlaces(study).flatMap(({ failures }) => failures)
  const repeated = repeatedTrials(study)
  const left = excludedTrials(study)
  const found: Deviation[] = [
    ...(begun < plan.blocks && !stopped ? [{ kind: 'blocks', begun, planned: plan.blocks } as const] : []),
    ...(failed.length > 0 ? [{ kind: 'failed', trials: numbersOf(failed) } as const] : []),
    ...(repeated.length > 0 ? [{ kind: 'repeated', trials: numbersOf(repeated) } as const] : []),
    ...(contexts.length > planned ? [{ kind: 'sessions', sessions: contexts.length, planned } as const] : []),
    ...brokenOff(study),
    ...(left.size > 0 ? [{ kind: 'left-out', trials: left.size, reasons: [...new Set(left.values())] } as const] : []),
    ...disturbed(study),
    ...settingsChanged(study).map((finding) => ({ kind: 'settings', finding }) as const),
  ]
  return {
    result: 'deviations',
    study: name,
    hash,
    preregistered: preregistration && {
      preregistration,
      varying: varyingFactors(plan.treatments),
      blocks: plan.blocks,
      seed,
      endedAt: stopped?.look ?? null,
    },
    deviations: found,
  }
}

function numbersOf(trials: readonly Trial[]): number[] {
  return trials.map(({ trial }) => trial).sort((a, b) => a - b)
}

/** Lists the blocks that a session broke off in, by the session. */
function brokenOff(study: Study): Deviation[] {
  const counted = sessionOfBlocks(study)
  return [...trialsByBlock(study.brokenOff)].flatMap(([block, trials]) => {
    const sessions = trials.map(({ startedAt }) => sessionAt(study, startedAt))
    return [...new Set(sessions)].map((session) => ({
      kind: 'broken-off' as const,
      block,
      session: session + 1,
      counted: counted.get(block)! + 1,
      trials: sessions.filter((own) => own === session).length,
    }))
  })
}

function disturbed(study: Study): Deviation[] {
  const blocks = disturbedBlocks(study)
  if (blocks.size === 0) return []
  const own = [...blocks.values()].flat()
  const reasons = [...new Set(own.map(({ reason }) => reason))]
  return [{ kind: 'disturbed', blocks: [...blocks.keys()], trials: own.map(({ trial }) => trial), reasons }]
}
