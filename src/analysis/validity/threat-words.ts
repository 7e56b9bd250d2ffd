import { factorNames, levelsOf, type Treatment } from '../../study/treatment.js'
import { levelPhrase, treatmentsPhrase } from '../text/levels.js'
import { joined, type Phrase, phrase } from '../text/phrase.js'
import { countedThings, quotedCount, wholePercent } from '../text/quoted.js'
import { verbatim } from '../text/verbatim.js'
import { deviationWords } from './deviations-words.js'
import { findingWords } from './finding-words.js'
import type { Limit, OneMachine, Threat } from './threat.js'

/**
 * A threat in a sentence that stands by itself: its validity, the studies that it limits where it
 * does not limit all, and how it limits them.
 */
export function threatSentence({ validity, studies, everywhere, limit }: Threat): Phrase {
  const whose = everywhere ? '' : ` (${studies.join(', ')})`
  return phrase`*${validity} validity*${whose}: ${limitWords(limit)}.`
}

/** States a limit of what the studies show. */
export function limitWords(limit: Limit): Phrase {
  switch (limit.kind) {
    case 'finding':
      return findingWords(limit.finding)
    case 'no-control':
      return phrase`No control ran together with the treatments, so that nothing shows how much identical treatments differ`
    case 'told-apart':
      return phrase`The two identical treatments differ: something other than the treatment has an effect`
    case 'slowdown-missed':
      return phrase`A slow-down of ${wholePercent('slowDown', limit.by, 'slow-down on purpose')} was not detected: smaller differences may have been missed`
    case 'work-missed':
      return phrase`Extra work of the client by ${wholePercent('work', limit.by, 'extra work, of the CPU time of client and backends')} of the CPU time was not detected: smaller differences may have been missed`
    case 'probes-cost':
      return phrase`Trials without probes take another time: observing has an effect`
    case 'deviation':
      return phrase`Not as planned: ${deviationWords(limit.deviation)}`
    case 'notPreregistered':
      return phrase`Nothing was preregistered beforehand: the study explores, and its verdicts want confirmation on fresh blocks`
    case 'shared-machine':
      return phrase`Client and server share ${countedThings('cores', limit.cores, 'core')}: a worker that waits for a core here might find one where the server has a machine of its own, and no network lies between them`
    case 'fsync-off':
      return phrase`The server ran with fsync off, so that no commit waited for a disk`
    case 'empty-table':
      return phrase`Each trial loads ${quotedCount('records', limit.records, 'records of a trial')} records into an empty table, with shared_buffers ${verbatim('sharedBuffers', limit.sharedBuffers, 'shared_buffers')}: a table that has outgrown memory is another question`
    case 'one-machine':
      return machinePhrase(limit)
    case 'one-input':
      return phrase`One input, ${limit.input}: other records cost client and server differently`
    case 'levels':
      return levelsPhrase(limit.treatments)
    default:
      throw new TypeError(`Unknown limit ${JSON.stringify(limit satisfies never)}`)
  }
}

function machinePhrase({ cores, cpu, platform, postgresql, server, node, days }: OneMachine): Phrase {
  const machine = phrase`${countedThings('cores', cores, 'core')}, ${verbatim('cpu', cpu, 'name of the processor')}, ${platform}`
  const versions = phrase`PostgreSQL ${verbatim('postgresql', postgresql, 'version of PostgreSQL')} (${server}), Node.js ${verbatim('node', node, 'version of Node.js')}`
  return phrase`One machine (${machine}), ${versions}, on ${countedThings('days', days, 'day')}: other machines and versions are other populations`
}

function levelsPhrase(treatments: readonly Treatment[]): Phrase {
  const fixed = factorNames.filter((factor) => levelsOf(treatments, factor).length === 1)
  const others = fixed.map((factor) => levelPhrase(factor, treatments[0]!))
  return phrase`Measured were ${treatmentsPhrase(treatments)}${others.length > 0 ? phrase`, with ${joined(others, ', ')}` : ''}: nothing is known beyond these levels`
}
