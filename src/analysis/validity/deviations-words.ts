import { checkedClaim } from '../../study/claim.js'
import { metrics } from '../../study/metric.js'
import { varyingFactors } from '../../study/treatment.js'
import { claimPhrase } from '../text/claim-words.js'
import { describedAs, listed, type Phrase, phrase, type QuotedNumber } from '../text/phrase.js'
import { countedThings, quotedCount, quotedPlace, quotedShare } from '../text/quoted.js'
import { contrastPhrase, metricPhrase } from '../text/sentence.js'
import { verbatim } from '../text/verbatim.js'
import type { Deviation, Deviations, PreregisteredPlan } from './deviations.js'
import { findingWords } from './finding-words.js'

/**
 * States a plan in sentences that stand by themselves: its preregistration, and each way in which
 * what ran differs from it, or that none does.
 */
export function planSentences(found: Deviations): readonly Phrase[] {
  const differing = found.deviations.map(deviationWords)
  return [
    phrase`Preregistered before the first trial (plan \`${found.hash}\`): ${preregisteredWords(found)}`,
    ...(differing.length > 0 ? differing : [phrase`What ran does not differ from it.`]),
  ]
}

/** States the preregistration; says so where nothing was preregistered. */
export function preregisteredWords({ study, preregistered }: Deviations): Phrase {
  if (!preregistered) return phrase`nothing was preregistered, so this study explores`
  return describedAs(`plan of ${study}`, planPhrase(preregistered))
}

function planPhrase({ preregistration, varying, blocks, seed, endedAt }: PreregisteredPlan): Phrase {
  const { primary, level, margin, exclude, stop, claims } = preregistration
  const { metric } = primary
  const ended =
    endedAt === null ? '' : phrase`, ended at look ${quotedPlace('endedAt', endedAt, 'look at which it ended')}`
  const rule = stop
    ? phrase`${quotedPlace('looks', stop.looks, 'looks')} looks (${stop.bound}) in at most ${countedThings('blocks', stop.maxBlocks, 'block', 'blocks at most')}${ended}`
    : phrase`${countedThings('blocks', blocks, 'block', 'planned blocks')}, no early end`
  const workers = (side: 'a' | 'b'): QuotedNumber => quotedPlace(`${side}.workers`, primary[side].workers, 'workers')
  const claimed = claimPhrase(checkedClaim(primary.claim, metric).bounds, metrics[metric])
  const isOfWorkers = varyingFactors([primary.a, primary.b]).join() === 'workers'
  const treatments = isOfWorkers
    ? phrase`${workers('a')} against ${workers('b')} workers at ${quotedCount('batchSize', primary.a.batchSize, 'records in a batch')}`
    : contrastPhrase({ ...primary, varying }, 'against')
  const file = claims
    ? phrase`, claim ${claims.primary} of the file with SHA-256 ${verbatim('digest', claims.digest, 'SHA-256 of the claims')}`
    : ''
  const contrast = phrase`primary contrast ${metricPhrase(metric)}, ${treatments}, ${claimed}${file}`
  const bounds = phrase`level ${quotedShare('level', level, 'confidence level')} %, margin ${quotedShare('margin', margin, 'largest difference that does not matter')} %`
  return phrase`${contrast}; ${bounds}; left out: ${exclude.length > 0 ? listed(exclude) : 'nothing'}; ${rule}; seed ${quotedPlace('seed', seed, 'seed of the order')}`
}

/** States one difference between the plan and the trials that ran. */
export function deviationWords(deviation: Deviation): Phrase {
  switch (deviation.kind) {
    case 'blocks':
      return phrase`${quotedPlace('begun', deviation.begun, 'blocks that were begun')} of ${countedThings('planned', deviation.planned, 'planned block')} were begun`
    case 'failed':
    case 'repeated': {
      const { kind, trials } = deviation
      const named = trials.map((trial, k) => quotedPlace(`${kind}.${k + 1}`, trial, 'number of a trial that failed'))
      const again = kind === 'repeated' ? (trials.length === 1 ? ' and was run again' : ' and were run again') : ''
      return phrase`${countedThings(kind, trials.length, 'trial', 'trials that failed')} failed${again} (${listed(named)})`
    }
    case 'sessions':
      return phrase`the study ran in ${quotedPlace('sessions', deviation.sessions, 'sessions')} sessions instead of ${deviation.planned === 1 ? 'one' : quotedPlace('plannedSessions', deviation.planned, 'planned sessions')}`
    case 'broken-off': {
      const { block, session, counted, trials } = deviation
      const left = countedThings('brokenOff', trials, 'trial', 'trials of a block that a session broke off in')
      const of = phrase`${left} of block ${quotedPlace('block', block, 'number of a block')} ${trials === 1 ? 'was' : 'were'} left out`
      const [own, other] = [
        quotedPlace('session', session, 'number of a session'),
        quotedPlace('counted', counted, 'number of a session'),
      ]
      return counted > session
        ? phrase`${of}: session ${own} broke off in it, and session ${other} ran it again`
        : phrase`${of}: session ${own} broke off in it, and session ${other} had run more of it`
    }
    case 'left-out':
      return phrase`${countedThings('leftOut', deviation.trials, 'trial', 'trials left out')} left out by the preregistered rules (${listed(deviation.reasons)}); every verdict is given with them put back too`
    case 'disturbed': {
      const { blocks, trials, reasons } = deviation
      const named = trials.map((trial, k) => quotedPlace(`disturbed.${k + 1}`, trial, 'number of a trial'))
      const left = countedThings('disturbedBlocks', blocks.length, 'block', 'blocks left out for disturbed trials')
      return phrase`${left} left out of every analysis, as in any study (${listed(reasons)}: ${trials.length === 1 ? 'trial' : 'trials'} ${listed(named)})`
    }
    case 'settings':
      return findingWords(deviation.finding)
    default:
      throw new TypeError(`Unknown deviation ${JSON.stringify(deviation satisfies never)}`)
  }
}
