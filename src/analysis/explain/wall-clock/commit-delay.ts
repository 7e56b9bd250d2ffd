import { sessionAt } from '../../../study/blocks/sessions.js'
import type { Study } from '../../../study/study.js'
import type { CompletedTrial } from '../../../study/trial.js'
import { type Activity, activities, activityNames } from '../activities.js'
import type { WorkerTime } from '../worker-time.js'

/** The first version that has a wait event for the delay of a commit. */
const namedSince = 190_000

/** Activities whose time is that of sleep in COPY, divided by the wait samples. */
const asleep = activityNames.filter((name) => activities[name].side === 'server')

/**
 * Returns the worker time with the delay of commits as WAL. Before PostgreSQL 19 a backend sleeps
 * for `commit_delay` without a wait event, so that samples take it for one that runs: where the
 * setting is above 0, what the samples find runnable beyond what Linux counted as running and
 * queueing was that sleep. Returns it as it is elsewhere, and where `/proc` could not be read.
 */
export function withCommitDelay(study: Study, trial: CompletedTrial, time: WorkerTime): WorkerTime {
  const { ms, clientInCopyMs, runnableBySamplesMs, cpuKnown } = time
  if (!cpuKnown || !delaysCommits(study, trial)) return time
  const copyMs = trial.copyMs ?? 0
  const asleepMs = Math.max(0, copyMs - ms.running - ms.queueing)
  const delayMs = Math.min(asleepMs, Math.max(0, runnableBySamplesMs - ms.running - ms.queueing))
  if (delayMs === 0) return time
  // The samples divide what was not that sleep.
  const rest = 1 - delayMs / asleepMs
  const slept = Object.fromEntries(asleep.map((name) => [name, ms[name] * rest])) as Partial<Record<Activity, number>>
  return {
    ...time,
    clientInCopyMs: clientInCopyMs * rest,
    ms: { ...ms, ...slept, wal: ms.wal * rest + delayMs, client: ms.client - clientInCopyMs * (1 - rest) },
  }
}

function delaysCommits(study: Study, trial: CompletedTrial): boolean {
  const server = study.contexts[sessionAt(study, trial.startedAt)]?.server
  const named = study.plan.meanings.settings?.[trial.treatment.settings] as { commit_delay?: string } | undefined
  const delay = named?.commit_delay ?? server?.settings.commit_delay ?? '0'
  return Number.parseFloat(delay) > 0 && (server?.versionNumber ?? namedSince) < namedSince
}
