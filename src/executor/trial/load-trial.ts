import { clientWorkOf } from '../../study/factors/client-work.js'
import type { Treatment } from '../../study/treatment.js'
import { checkExtraWork } from '../interventions/client-work/extra-work.js'
import { checkRoundTrip } from '../interventions/relay/round-trip.js'
import { withWorkers } from '../load/with-workers.js'
import type { Load } from '../load/workers.js'
import { observeProcess } from '../probes/client.js'
import { observeServer, unobservedServer } from '../probes/observe-server.js'
import { workerBackends } from '../probes/sampling/backend-source.js'
import { type Watched, watchLoad } from '../probes/standstills/watch-load.js'
import type { Session } from '../session/session.js'
import { buildParts } from '../table/built-parts.js'
import type { MadeTable } from '../table/make-table.js'
import { loadJob } from './load-job.js'
import { type LoadedTrial, loadedTrial } from './loaded-trial.js'
import { namingHolders } from './naming-holders.js'
import { onControl } from './on-control.js'
import { countWorkers } from './worker-backends.js'

/** The table of a trial, and the share by which the trial is slowed down. */
interface TrialTable {
  readonly slowDownBy: number
  readonly made: MadeTable
}

/**
 * Connects the workers, starts the probes, loads all records, and reads the probes. The content is
 * not verified yet. Indexes and keys that are made after the load belong to it.
 */
export async function loadTrial(
  session: Session,
  treatment: Treatment,
  { slowDownBy, made }: TrialTable,
): Promise<LoadedTrial> {
  const { control, study, connection, observers, threads, signal } = session
  const measured = await withWorkers(loadJob(session, treatment, slowDownBy), threads, async (workers) => {
    session.cores?.check(treatment.cores, workers.pids)
    checkRoundTrip(session.relay, treatment, workers.roundTripMs)
    const connectedBefore = await countWorkers(control, study)
    const readsProc = connection.facts.procRefusal === null
    const loadsTable = treatment.target === 'table'
    const observation = loadsTable ? await observeServer(session, workerBackends(workers), treatment) : null
    try {
      const stopObserving = observers.probes.client ? observeProcess() : () => null
      const stopWatching = watchLoad(loadsTable ? { control, workers, readsProc } : null)
      const { loaded, watched } = await loadWatched(() => workers.load().finally(stopObserving), stopWatching)
      checkExtraWork(clientWorkOf(treatment.clientWork), loaded)
      const { later } = made
      const build = later.length > 0 ? await onControl(session, () => buildParts(control, later)) : null
      await onControl(session, async () => observation?.stop(loaded))
      const connections = Math.max(connectedBefore, await countWorkers(control, study))
      // After an abort the workers' connections are broken: readings since then do not belong to
      // the load.
      signal.throwIfAborted()
      return { workers, loaded, watched, observed: stopObserving(), connections, observation, build, made }
    } finally {
      await observation?.abandon()
    }
  })
  const readings = (await measured.observation?.readings()) ?? unobservedServer(treatment.workers)
  return loadedTrial(measured, readings, treatment)
}

/** Loads and watches the load. The error of a COPY that timed out on a lock names the holder. */
async function loadWatched(
  load: () => Promise<Load>,
  stopWatching: () => Promise<Watched>,
): Promise<{ readonly loaded: Load; readonly watched: Watched }> {
  try {
    const loaded = await load()
    return { loaded, watched: await stopWatching() }
  } catch (error) {
    throw namingHolders(error, (await stopWatching()).blockers)
  }
}
