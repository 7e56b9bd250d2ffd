import type { Study } from '../../../study/study.js'
import { formatNumber } from '../../tables/tables.js'
import { type Phrase, phrase } from '../../text/phrase.js'
import { countedThings, quoted, quotedCount } from '../../text/quoted.js'
import type { BusyHost } from '../study-finding.js'
import { standingBusyHost } from './busy-host.js'

/** Writes the use of cores by others: "Other processes used 1.1 of 2 cores in 48 of 48 trials". */
export function busyHostPhrase(finding: BusyHost, initial: 'O' | 'o' = 'O'): Phrase {
  const { trials, known, derived } = finding
  const among = derived ? ", including the server's own except the workers' backends," : ''
  const count = quotedCount('busyTrials', trials.length, 'trials during which others used cores')
  return phrase`${initial}ther processes${among} used ${coresPhrase(finding)} in ${count} of ${countedThings('known', known, 'trial')}`
}

/** Writes a number of cores: "1.1 of 2 cores". */
function coresPhrase({ used, cores }: Pick<BusyHost, 'used' | 'cores'>): Phrase {
  const amount = quoted('used', used, formatNumber(used, 1), 'cores that others used')
  return phrase`${amount} of ${countedThings('cores', cores, 'core')}`
}

/**
 * Returns the warning that comes first in results of a study that ran while others used its
 * machine: "Other processes used 1.1 of 2 cores in 48 of 48 trials, so that …". Null where a tenth
 * of its trials or less were disturbed so, and where it is not known.
 */
export function busyHostWarning(study: Study): Phrase | null {
  const found = standingBusyHost(study)
  return found && standingWords(found)
}

/** Warns before results about a study that ran while other processes were at work. */
export function standingWords(found: BusyHost): Phrase {
  return phrase`${busyHostPhrase(found)}, so that times, and waits for a core most of all, are about their work too: end them and measure again`
}

/**
 * Returns the warning in short, for a line of progress: "others use 1.1 of 2 cores". Null where
 * others did not use the cores.
 */
export function busyHostText(study: Study): string | null {
  const found = standingBusyHost(study)
  return found && phrase`others use ${coresPhrase(found)}`.text
}
