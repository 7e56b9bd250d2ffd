import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { varyingFactors } from '../../study/treatment.js'
import { blocksBegun, excludedTrials } from '../compare/registered.js'
import { bandOf } from '../compare/verdict.js'
import { about, listed, type Phrase, phrase, type QuotedNumber, under } from '../text/phrase.js'
import { countedThings, quotedCount, quotedPlace, quotedShare } from '../text/quoted.js'
import { claimPhrase, contrastPhrase, metricPhrase } from '../text/sentence.js'
import { takenOver } from '../text/taken-over.js'
import { settingsChanged } from './sessions.js'

/** The plan that was registered, and how what ran differs from it. Plain data. */
export interface Deviations {
  readonly study: string
  /** The hash that the journal carries since before the first trial. */
  readonly hash: string
  /** What was decided beforehand, in words; null for a study that registered nothing. */
  readonly registered: string | null
  /** One sentence for each deviation; empty for none. */
  readonly deviations: readonly string[]
  /** The numbers in `registered` and `deviations`. */
  readonly numbers: readonly QuotedNumber[]
}

/** What the plan of a study registers, and every way in which what ran differs from it: blocks, trials, sessions, exclusions. */
export function deviations(study: Study): Deviations {
  const { plan, trials, contexts, stopped } = study
  const { registration } = plan
  const blocks = blocksBegun(study)
  const failed = trials.filter(({ state, phase }) => state === 'failed' && phase !== 'warm-up')
  const left = excludedTrials(study)
  const found: Phrase[] = [
    ...(blocks < plan.blocks && !stopped
      ? [
          phrase`${quotedPlace('begun', blocks, 'blocks that were begun')} of ${countedThings('planned', plan.blocks, 'planned block')} were begun`,
        ]
      : []),
    ...(failed.length > 0
      ? [
          phrase`${countedThings('failed', failed.length, 'trial', 'trials that failed')} failed (${listed(failed.map(({ trial }, k) => quotedPlace(`failed.${k + 1}`, trial, 'number of a trial that failed')))})`,
        ]
      : []),
    ...(contexts.length > 1
      ? [phrase`the study ran in ${quotedPlace('sessions', contexts.length, 'sessions')} sessions instead of one`]
      : []),
    ...(left.size > 0
      ? [
          phrase`${countedThings('leftOut', left.size, 'trial', 'trials left out')} left out by the registered rules (${listed([...new Set(left.values())])}); every verdict is given with them put back too`,
        ]
      : []),
    ...settingsChanged(study).map(({ message, numbers }, k) => under(`settings.${k + 1}`, { text: message, numbers })),
  ]
  const registered = registration && about(`plan of ${plan.name}`, registeredPhrase(study))
  return {
    study: plan.name,
    hash: plan.hash,
    registered: registered?.text ?? null,
    deviations: found.map(({ text }) => text),
    numbers: [registered, ...found].flatMap((said) => said?.numbers ?? []),
  }
}

function registeredPhrase(study: Study): Phrase {
  const { plan, stopped } = study
  const { primary, level, margin, exclude, stop, claims } = plan.registration!
  const ended = stopped ? phrase`, ended at look ${quotedPlace('endedAt', stopped.look, 'look at which it ended')}` : ''
  const rule = stop
    ? phrase`${quotedPlace('looks', stop.looks, 'looks')} looks (${stop.bound}) in at most ${countedThings('blocks', stop.maxBlocks, 'block', 'blocks at most')}${ended}`
    : phrase`${countedThings('blocks', plan.blocks, 'block', 'planned blocks')}, no early end`
  const workers = (side: 'a' | 'b'): QuotedNumber => quotedPlace(`${side}.workers`, primary[side].workers, 'workers')
  const metric = primary.metric as Metric
  const isOfWorkers = varyingFactors([primary.a, primary.b]).join() === 'workers'
  const treatments = isOfWorkers
    ? phrase`${workers('a')} against ${workers('b')} workers at ${quotedCount('batchSize', primary.a.batchSize, 'records in a batch')}`
    : contrastPhrase(study, primary.a, primary.b, 'against')
  const file = claims
    ? phrase`, claim ${claims.primary} of the file with SHA-256 ${takenOver('digest', claims.digest, 'SHA-256 of the claims')}`
    : ''
  const contrast = phrase`primary contrast ${metricPhrase(metric)}, ${treatments}, ${claimPhrase(bandOf(primary.claim, metric))}${file}`
  const bounds = phrase`level ${quotedShare('level', level, 'confidence level')} %, margin ${quotedShare('margin', margin, 'largest difference that does not matter')} %`
  return phrase`${contrast}; ${bounds}; left out: ${exclude.length > 0 ? listed(exclude) : 'nothing'}; ${rule}; seed ${quotedPlace('seed', plan.seed, 'seed of the order')}`
}
