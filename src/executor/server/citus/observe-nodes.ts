import { listed } from '../../../names.js'
import type { NodeReading } from '../../../study/readings.js'
import type { Measurements } from '../../../study/trial.js'
import type { Load } from '../../load/workers.js'
import { type Counters, countedBetween, type WalIoMeasurements } from '../../probes/wal-io.js'
import type { Session } from '../../session/session.js'
import type { SessionCluster } from './cluster.js'
import { nodeCounters, nodeCpuMs, type PerNode, sinceOf, totalOf, walPositions } from './node-counters.js'
import { type NodeSampleRow, seenOnNodes, startNodeSamples } from './node-samples.js'
import { shardSizes } from './shard-sizes.js'

/** Readings of the nodes of a cluster during a trial. */
export interface NodesRead extends Pick<Measurements, 'distributedCommitMs'> {
  readonly nodes: readonly NodeReading[]
  /** WAL and I/O of all nodes together. */
  readonly walIo: Omit<WalIoMeasurements, 'tableBytes' | 'indexBytes'> | null
  /**
   * CPU time of the workers on the coordinator's host, in milliseconds, or the reason why it is not
   * known.
   */
  readonly nearbyCpuMs: number | string
}

/** Nodes that are being observed. */
export interface NodesObservation {
  /** To be called right after the clock stopped. */
  stop(): Promise<void>
  /** Ends the sampling; may be called after `stop`. Never throws. */
  abandon(): Promise<void>
  /**
   * Returns the readings after the workers have disconnected; `offsetMs` is the coordinator's clock
   * less the client's monotonic one, both in milliseconds.
   */
  readings(load: Pick<Load, 'clockStart' | 'totalMs'>, offsetMs: number): Promise<NodesRead>
}

/** Calls a reading; null where the server refuses it, which a trial's `missing` then states. */
export type Attempt = <T>(read: () => Promise<T>) => Promise<T | null>

/** Observes the nodes of the cluster that a trial's table is distributed over. */
export async function observeNodes(
  { control, schema, connection, observers: { probes, nodeObserver } }: Session,
  cluster: SessionCluster,
  { pids, attempt }: { readonly pids: readonly number[]; readonly attempt: Attempt },
): Promise<NodesObservation> {
  const { versionNumber } = connection.facts
  const { nodes } = cluster
  const reading = <T>(isOn: boolean, read: () => Promise<T>): Promise<T | null> =>
    isOn ? attempt(read) : Promise.resolve(null)
  const readsCpu = probes.backends && nodes.some(({ readsProc }) => readsProc)
  const countersBefore = await reading(probes.walIo, () => nodeCounters(control, versionNumber, nodes))
  const cpuBefore = await reading(readsCpu, () => nodeCpuMs(control))
  const walBefore = await reading(probes.walIo, () => walPositions(control))
  const stopSamples = await reading(probes.waits && nodeObserver !== null, () =>
    startNodeSamples({ observer: nodeObserver!, control }, schema, pids),
  )

  let walAfter: PerNode<number> | null = null
  let cpuAfter: PerNode<number> | null = null
  let rows: readonly NodeSampleRow[] | null = null
  let sizes: PerNode<number> | null = null
  return {
    async stop() {
      walAfter = await reading(walBefore !== null, () => walPositions(control))
      cpuAfter = await reading(cpuBefore !== null, () => nodeCpuMs(control))
      if (stopSamples) rows = await attempt(stopSamples)
      sizes = await reading(probes.walIo, () => shardSizes(control, schema, nodes))
    },
    async abandon() {
      await stopSamples?.().catch(() => {})
    },
    async readings({ clockStart, totalMs }, offsetMs) {
      const countersAfter = await reading(countersBefore !== null, () => nodeCounters(control, versionNumber, nodes))
      const wal = sinceOf(walBefore ?? new Map(), walAfter ?? new Map())
      const cpu = sinceOf(cpuBefore ?? new Map(), cpuAfter ?? new Map())
      const seen = rows && seenOnNodes(rows, (at) => at * 1000 - offsetMs - clockStart, totalMs)
      const begun = sinceOf(checkpointsOf(countersBefore), checkpointsOf(countersAfter))
      const before = countersBefore && summed(countersBefore, nodes)
      const after = countersAfter && summed(countersAfter, nodes)
      return {
        nodes: nodes.map(({ nodeId, node, role }) => ({
          node,
          role,
          cpuMs: cpu.get(nodeId) ?? null,
          walBytes: wal.get(nodeId) ?? null,
          checkpoints: begun.get(nodeId) ?? null,
          shardBytes: sizes === null ? null : (sizes.get(nodeId) ?? 0),
          samples: seen?.perNode.get(nodeId)?.samples ?? null,
          counts: seen?.perNode.get(nodeId)?.counts ?? [],
        })),
        walIo:
          before && after
            ? { ...countedBetween(before, after, timedOn(cluster)), walBytes: totalOf(wal, nodes) }
            : null,
        distributedCommitMs: seen === null || seen.committing === null ? null : seen.committing * totalMs,
        nearbyCpuMs: nearbyCpuMs(nodes, cpu),
      }
    },
  }
}

/**
 * Adds up the CPU time, in milliseconds, of the workers that run on the coordinator's host; returns
 * the reason in words where it is not known which these are, or what they used.
 */
export function nearbyCpuMs(
  nodes: readonly Pick<SessionCluster['nodes'][number], 'nodeId' | 'node' | 'role' | 'host'>[],
  cpuMs: PerNode<number>,
): number | string {
  const unplaced = nodes.filter(({ host }) => host === null)
  if (unplaced.length > 0) {
    return `the host of ${listed(unplaced.map(({ node }) => node))} in the Citus cluster could not be read, and with it which nodes share the coordinator's`
  }
  const nearby = nodes.filter(({ role, host }) => role === 'worker' && host === nodes[0]!.host)
  const unread = nearby.filter(({ nodeId }) => !cpuMs.has(nodeId))
  if (unread.length > 0) {
    return `the CPU time of ${listed(unread.map(({ node }) => node))} in the Citus cluster, on the coordinator's host, could not be read`
  }
  return totalOf(cpuMs, nearby)!
}

/** Which times all nodes measure. */
function timedOn({ nodes }: SessionCluster): { readonly io: boolean; readonly wal: boolean } {
  const on = (name: string): boolean => nodes.every(({ settings }) => settings[name] === 'on')
  return { io: on('track_io_timing'), wal: on('track_wal_io_timing') }
}

function checkpointsOf(counters: PerNode<Counters> | null): PerNode<number> {
  return new Map([...(counters ?? [])].map(([nodeId, own]) => [nodeId, own.checkpoints]))
}

/** The counters of all nodes together; null where one did not answer. */
function summed(counters: PerNode<Counters>, nodes: SessionCluster['nodes']): Counters | null {
  const own = nodes.flatMap(({ nodeId }) => counters.get(nodeId) ?? [])
  if (own.length < nodes.length) return null
  const total = (name: Exclude<keyof Counters, 'configurationLoadedAt'>): number | null =>
    totalOf(new Map(nodes.map(({ nodeId }) => [nodeId, counters.get(nodeId)![name]])), nodes)
  return {
    walRecords: total('walRecords')!,
    walFullPages: total('walFullPages')!,
    walSyncs: total('walSyncs')!,
    walWriteMs: total('walWriteMs')!,
    walSyncMs: total('walSyncMs')!,
    checkpoints: total('checkpoints')!,
    extends: total('extends'),
    extendBytes: total('extendBytes'),
    extendMs: total('extendMs'),
    writeBytes: total('writeBytes'),
    writeMs: total('writeMs'),
    // Of the coordinator, as in trials whose table is not distributed.
    configurationLoadedAt: own[0]!.configurationLoadedAt,
  }
}
