import { oncePer } from '../../../once-per.js'
import { busyCores } from '../../../study/blocks/disturbed.js'
import { sessionAt } from '../../../study/blocks/sessions.js'
import type { Context } from '../../../study/context.js'
import { othersUnread } from '../../../study/journal/stored-plan.js'
import type { Study } from '../../../study/study.js'
import type { CompletedTrial } from '../../../study/trial.js'
import { mean } from '../../statistics/numerics/moments.js'
import { loadingTrials } from '../judged-trials.js'
import type { BusyHost } from '../study-finding.js'

/** Use of the host's cores by others in one trial. */
export interface OthersUse {
  /** Number of cores that they kept busy on average. */
  readonly used: number
  /** Number of cores of the host. */
  readonly cores: number
  /**
   * Whether the number is derived, for a trial that ran before it was read: the work of the server
   * other than the workers' backends then counts as others' too.
   */
  readonly derived: boolean
}

/**
 * Share of the trials from which others count as active during the study, rather than in some of
 * its trials.
 */
const standingShare = 0.1

/**
 * Returns the use of cores by others during a trial; null where it was not read and does not follow
 * from other readings.
 */
export function othersUse(study: Study, trial: CompletedTrial): OthersUse | null {
  const context = study.contexts[sessionAt(study, trial.startedAt)]
  // A simulated study has no host.
  const cores = context?.hardware.cores ?? simulatedCores
  if (trial.hostOthers !== null) return { used: trial.hostOthers * cores, cores, derived: false }
  const { hostBusy, clientCpuMs, backendCpuMs, totalMs, missing } = trial
  if (missing.hostOthers !== othersUnread || !context || !sharesHost(context)) return null
  if (hostBusy === null || clientCpuMs === null || backendCpuMs === null) return null
  return { used: hostBusy * cores - (clientCpuMs + backendCpuMs) / totalMs, cores, derived: true }
}

const simulatedCores = 2

/**
 * Returns whether the cores of the client's machine are those of the server's host, by the context
 * of a session.
 */
export function sharesHost({ server, os }: Context): boolean {
  return (
    os.platform === 'linux' &&
    (server.kind === 'embedded' || /^(127\.|localhost$|::1$|local socket$|\/)/.test(server.host))
  )
}

/**
 * Finds trials during which processes that belong neither to the server nor to copylab kept cores
 * of the host busy.
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
 * Returns the finding where others used the cores in a tenth of a study's trials or more, so that
 * statements about times, and about the cores most of all, are about their work too; null where
 * they did not, and where it is not known.
 */
export const standingBusyHost = oncePer((study: Study): BusyHost | null => {
  const [found] = busyHost(study)
  return found && found.trials.length >= standingShare * found.known ? found : null
})
