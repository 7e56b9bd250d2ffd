import type pg from 'pg'
import type { Meanings } from '../../study/factors/meanings.js'
import type { Probes } from '../../study/readings.js'
import type { Definition } from '../../study/table/definition.js'
import { triggersOf } from '../../study/table/layout-of.js'
import { isByProgram, type Treatment } from '../../study/treatment.js'
import { type Connecting, withClients } from '../connect.js'
import type { SessionCluster } from '../server/citus/cluster.js'
import { type OwnConfig, ownConfig } from '../server/reach/own-config.js'
import type { Connection } from '../server/server.js'
import { needsObserver, type Observers, prepareObservers } from './observers.js'

/** What is observed, and the database in which it happens. */
export interface Observed {
  readonly study: string
  readonly schema: string
  readonly connection: Connection
  readonly control: pg.Client
  readonly definition: Definition | null
  readonly meanings: Meanings
  readonly cluster: SessionCluster | null
  readonly probes: Probes
}

/** Calls `task` with what observes trials of `treatments`, on connections of its own. */
export async function withObservers<T>(
  observed: Observed,
  treatments: readonly Treatment[],
  task: (observers: Observers) => Promise<T>,
  connecting: Connecting,
): Promise<T> {
  const { connection, control, schema, probes } = observed
  const readsProc = probes.backends && connection.facts.procRefusal === null
  const firesTriggers = treatments.some((treatment) => triggersOf(observed, treatment).length > 0)
  const runsPrograms = treatments.some(isByProgram)
  return withClients(
    observerConfigs(observed),
    async ([observer = null, nodeObserver = null]: (pg.Client | null)[]) =>
      task(
        await prepareObservers(control, { observer, nodeObserver }, schema, {
          probes,
          readsProc,
          firesTriggers,
          runsPrograms,
        }),
      ),
    connecting,
  )
}

/**
 * Configurations of the connections of the observer, and of the observer of a cluster's nodes:
 * their one statement lasts as long as a trial, and reports by a notice that it runs.
 */
export function observerConfigs({
  connection,
  study,
  probes,
  cluster,
}: Pick<Observed, 'connection' | 'study' | 'probes' | 'cluster'>): readonly OwnConfig[] {
  if (!needsObserver(probes)) return []
  const names = cluster !== null && probes.waits ? ['observer', 'nodes'] : ['observer']
  return names.map((name) => ownConfig(connection, `copylab/${study}/${name}`))
}
