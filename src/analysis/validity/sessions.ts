import { sessionAt } from '../../study/blocks/sessions.js'
import type { Context } from '../../study/context.js'
import type { Study } from '../../study/study.js'
import { type Difference, differing, machineFacts, measuringFacts } from '../tables/study-facts.js'
import type { ChangedSession, Reload } from './study-finding.js'

/**
 * Finds sessions of a study that ran with other settings or versions, or on another machine or
 * storage, than its first one, and reloads of the server's configuration between trials.
 */
export function settingsChanged(study: Study): (ChangedSession | Reload)[] {
  return [...changedSessions(study), ...reloads(study)]
}

function changedSessions(study: Study): ChangedSession[] {
  const [first, ...later] = study.contexts
  if (!first) return []
  return later.flatMap((context, k) => {
    const changes = [...differing(measuringFacts(first), measuringFacts(context)), ...otherMachine(first, context)]
    if (changes.length === 0) return []
    const trials = study.trials.filter(({ startedAt }) => sessionAt(study, startedAt) === k + 1)
    return [
      {
        result: 'finding' as const,
        code: 'settings-changed' as const,
        kind: 'session' as const,
        session: k + 2,
        changes,
        trials: trials.map(({ trial }) => trial),
      },
    ]
  })
}

/** Facts of the machines that both sessions know: earlier ones do not know any. */
function otherMachine(first: Context, later: Context): Difference[] {
  return differing(machineFacts(first), machineFacts(later)).filter(({ a, b }) => a !== null && b !== null)
}

/**
 * Finds reloads of the configuration within a session, whose server reads it once, before the first
 * trial, unless someone makes it read it again. A session whose server is started for every trial
 * is not judged.
 */
function reloads(study: Study): Reload[] {
  const loaded = study.trials.flatMap((trial) =>
    trial.state === 'completed' && trial.configurationLoadedAt !== null && !isRestarted(study, trial.startedAt)
      ? [{ trial: trial.trial, session: sessionAt(study, trial.startedAt), at: trial.configurationLoadedAt }]
      : [],
  )
  const trials = loaded
    .filter(({ session, at }) => loaded.find((other) => other.session === session)!.at !== at)
    .map(({ trial }) => trial)
  if (trials.length === 0) return []
  return [{ result: 'finding', code: 'settings-changed', kind: 'reload', trials }]
}

/** Whether the server was started for each trial of the session in which this one ran. */
function isRestarted(study: Study, startedAt: string): boolean {
  return (study.contexts[sessionAt(study, startedAt)]?.serverLevels ?? null) !== null
}
