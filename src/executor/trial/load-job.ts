import type { Treatment } from '../../study/treatment.js'
import type { LoadJob } from '../load/workers.js'
import { ownConfig } from '../server/reach/own-config.js'
import type { Session } from '../session.js'
import { copySql } from './table.js'
import { workerPrefix } from './worker-backends.js'
import { workerSettings } from './worker-settings.js'

/**
 * Makes the job of the workers from a session and a treatment, with the configurations of their
 * connections.
 */
export function loadJob(
  { study, schema, connection, input, table, files, observers, signal, meanings }: Session,
  treatment: Treatment,
  slowDownBy: number,
): LoadJob {
  const settings = workerSettings(treatment, meanings)
  const configs = Array.from({ length: treatment.workers }, (_, worker) =>
    ownConfig(connection, `${workerPrefix(study)}${worker}`, settings),
  )
  const server = { configs, copySql: copySql(schema, table, treatment.encoding) }
  return {
    input,
    table,
    files,
    treatment,
    server: treatment.target === 'table' ? server : null,
    slowDownBy,
    observeLoops: observers.probes.client,
    signal,
  }
}
