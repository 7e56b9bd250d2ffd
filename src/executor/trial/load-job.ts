import { triggersOf } from '../../study/table/layout-of.js'
import type { Treatment } from '../../study/treatment.js'
import type { LoadJob } from '../load/workers.js'
import { type OwnSettings, ownConfig } from '../server/reach/own-config.js'
import type { Session } from '../session/session.js'
import { namesPath } from '../table/define-table.js'
import { workerStatements } from './table.js'
import { workerPrefix } from './worker-backends.js'
import { workerSettings } from './worker-settings.js'

/**
 * Makes the job of the workers from a session and a treatment, with the configurations of their
 * connections.
 */
export function loadJob(
  { study, schema, connection, input, table, files, observers, signal, meanings, definition, relay }: Session,
  treatment: Treatment,
  slowDownBy: number,
): LoadJob {
  // What a table of the user's calls, in checks and triggers, finds names as in their own sessions.
  const path: OwnSettings = definition === null ? {} : { search_path: namesPath }
  const fires = triggersOf({ definition, meanings }, treatment).length > 0
  const counting = fires ? observers.triggerCounting?.settings : {}
  const settings = { ...path, ...counting, ...workerSettings(treatment, meanings) }
  const { roundTripMs } = treatment
  const relayed = relay && roundTripMs > 0 ? { relayPort: relay.portOf(roundTripMs) } : {}
  const server = Array.from({ length: treatment.workers }, (_, worker) => ({
    config: { ...ownConfig(connection, `${workerPrefix(study)}${worker}`, settings), ...relayed },
    ...workerStatements(schema, table, treatment, worker),
  }))
  return {
    input,
    table,
    files,
    treatment,
    server: treatment.target === 'table' ? server : null,
    slowDownBy,
    observeLoops: observers.probes.client,
    timeRoundTrip: relay !== null,
    signal,
  }
}
