import type { Study } from '../executor/types.js'
import { settingsChanged } from './findings/sessions.js'
import { blocksBegun, excludedTrials } from './registered.js'
import { listText } from './sentence.js'
import { counted } from './treatments.js'

/** The plan that was registered, and how what ran differs from it. Plain data. */
export interface Deviations {
  readonly study: string
  /** The hash that the journal carries since before the first trial. */
  readonly hash: string
  /** What was decided beforehand, in words; null for a study that registered nothing. */
  readonly registered: string | null
  /** One sentence for each deviation; empty for none. */
  readonly deviations: readonly string[]
}

/** What the plan of a study registers, and every way in which what ran differs from it: blocks, trials, sessions, exclusions. */
export function deviations(study: Study): Deviations {
  const { plan, trials, contexts, stopped } = study
  const { registration } = plan
  const blocks = blocksBegun(study)
  const failed = trials.filter(({ state, phase }) => state === 'failed' && phase !== 'warm-up')
  const left = excludedTrials(study)
  const found = [
    ...(blocks < plan.blocks && !stopped ? [`${blocks} of ${counted(plan.blocks, 'planned block')} were begun`] : []),
    ...(failed.length > 0
      ? [`${counted(failed.length, 'trial')} failed (${listText(failed.map(({ trial }) => String(trial)))})`]
      : []),
    ...(contexts.length > 1 ? [`the study ran in ${contexts.length} sessions instead of one`] : []),
    ...(left.size > 0
      ? [
          `${counted(left.size, 'trial')} left out by the registered rules (${listText([...new Set(left.values())])}); every verdict is given with them put back too`,
        ]
      : []),
    ...settingsChanged(study).map(({ message }) => message),
  ]
  return { study: plan.name, hash: plan.hash, registered: registration && registeredText(study), deviations: found }
}

function registeredText({ plan, stopped }: Study): string {
  const { primary, level, margin, exclude, stop } = plan.registration!
  const percent = (share: number): string => `${Number((share * 100).toPrecision(4))} %`
  const claim = JSON.stringify(primary.claim)
  const rule = stop
    ? `${stop.looks} looks (${stop.bound}) in at most ${counted(stop.maxBlocks, 'block')}${stopped ? `, ended at look ${stopped.look}` : ''}`
    : `${counted(plan.blocks, 'block')}, no early end`
  return `primary contrast ${primary.metric}, ${primary.a.workers} against ${primary.b.workers} workers at ${primary.a.batchSize.toLocaleString('en-US')}, claim ${claim}; level ${percent(level)}, margin ${percent(margin)}; left out: ${exclude.length > 0 ? listText(exclude) : 'nothing'}; ${rule}; seed ${plan.seed}`
}
