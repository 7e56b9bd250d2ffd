import type { Context } from '../../study/context.js'
import type { Study } from '../../study/study.js'
import { differing, measuringFacts } from '../tables/study-facts.js'
import { listed, phrase } from '../text/phrase.js'
import { quotedPlace } from '../text/quoted.js'
import { type StudyFinding, sessionAt, studyFinding, trialsPhrase } from './study-finding.js'

/** Sessions of a study that ran with something else than its first one, and reloads of the server's configuration between trials. */
export function settingsChanged(study: Study): StudyFinding[] {
  return [...changedSessions(study), ...reloads(study)]
}

function changedSessions(study: Study): StudyFinding[] {
  const [first, ...later] = study.contexts
  if (!first) return []
  return later.flatMap((context, k) => {
    const changes = differences(first, context)
    if (changes.length === 0) return []
    const trials = study.trials.filter(({ startedAt }) => sessionAt(study, startedAt) === k + 1)
    return [
      studyFinding(
        'settings-changed',
        phrase`Session ${quotedPlace('session', k + 2, 'number of a session')} of the study ran with other settings or versions than the first: ${listed(changes)}: set them back and measure anew (fresh: true)`,
        trials.map(({ trial }) => trial),
      ),
    ]
  })
}

/** What differs between two sessions, "max_wal_size 1GB instead of 4GB". */
function differences(first: Context, later: Context): string[] {
  return differing(measuringFacts(first), measuringFacts(later)).map(
    ({ what, a, b }) => `${what} ${b ?? 'absent'} instead of ${a ?? 'absent'}`,
  )
}

/** A session's server reads its configuration once, before the first trial, unless somebody makes it read it again. */
function reloads(study: Study): StudyFinding[] {
  const loaded = study.trials.flatMap((trial) =>
    trial.state === 'completed' && trial.configurationLoadedAt !== null
      ? [{ trial: trial.trial, session: sessionAt(study, trial.startedAt), at: trial.configurationLoadedAt }]
      : [],
  )
  const trials = loaded
    .filter(({ session, at }) => loaded.find((other) => other.session === session)!.at !== at)
    .map(({ trial }) => trial)
  if (trials.length === 0) return []
  return [
    studyFinding(
      'settings-changed',
      phrase`The server read its configuration again while the study ran; ${trialsPhrase(trials)} came after that: leave the settings alone during a study, and measure anew (fresh: true)`,
      trials,
    ),
  ]
}
