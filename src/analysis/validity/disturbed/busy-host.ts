import type { Context } from '../../../study/context.js'
import { busyCores } from '../../../study/disturbed.js'
import { othersUnread } from '../../../study/journal/stored-plan.js'
import type { Study } from '../../../study/study.js'
import type { CompletedTrial } from '../../../study/trial.js'
import { mean } from '../../statistics/numerics/moments.js'
import { loadingTrials, sessionAt } from '../judged-trials.js'
import type { BusyHost } from '../study-finding.js'

/** What others used of the host's cores in one trial. */
export interface OthersUse {
  /** Cores that they kept busy on average. */
  readonly used: number
  /** Cores of the host. */
  readonly cores: number
  /**
   * Whether it is derived, for a trial that ran before it was read: what the server did beside the
   * workers' backends counts as others' too.
   */
  readonly derived: boolean
}

/**
 * From this share of the trials on others count as at work during the study, rather than in some of
 * its trials.
 */
const standingShare = 0.1

/**
 * What others used during a trial; null where it was not read and does not follow from what was.
 */
export function othersUse(study: Study, trial: CompletedTrial): OthersUse | null {
  const context = study.contexts[sessionAt(study, trial.startedAt)]
  // A study that is simulated ran nowhere.
  const cores = context?.hardware.cores ?? simulatedCores
  if (trial.hostOthers !== null) return { used: trial.hostOthers * cores, cores, derived: false }
  const { hostBusy, clientCpuMs, backendCpuMs, totalMs, missing } = trial
  if (missing.hostOthers !== othersUnread || !context || !sharesHost(context)) return null
  if (hostBusy === null || clientCpuMs === null || backendCpuMs === null) return null
  return { used: hostBusy * cores - (clientCpuMs + backendCpuMs) / totalMs, cores, derived: true }
}

const simulatedCores = 2

/**
 * Whether the cores of the client's machine are those of the server's host, by what a session
 * recorded.
 */
function sharesHost({ server, os }: Context): boolean {
  return (
    os.platform === 'linux' &&
    (server.kind === 'embedded' || /^(127\.|localhost$|::1$|local socket$|\/)/.test(server.host))
  )
}

/**
 * Trials during which processes that are neither the server's nor copylab's kept cores of the host
 * busy.
 */
export function busyHost(study: Study): BusyHost[] {
  const known = loadingTrials(study).flatMap((trial) => {
    const use = othersUse(study, trial)
    return use ? [{ trial: trial.trial, use, busy: use.used > busyCores(use.cores, trial.totalMs) }] : []
  })
  const busy = known.filter((own) => own.busy)
  if (busy.length === 0) return []
  return [
    {
      result: 'finding',
      code: 'busy-host',
      used: mean(busy.map(({ use }) => use.used)),
      cores: Math.max(...busy.map(({ use }) => use.cores)),
      known: known.length,
      derived: busy.some(({ use }) => use.derived),
      trials: busy.map(({ trial }) => trial),
    },
  ]
}

/**
 * The same where others were at work in a tenth of a study's trials or more, so that what it says
 * of times, and of the cores most of all, is about their work too; null where they were not, and
 * where it cannot be told.
 */
export function standingBusyHost(study: Study): BusyHost | null {
  const [found] = busyHost(study)
  return found && found.trials.length >= standingShare * found.known ? found : null
}
