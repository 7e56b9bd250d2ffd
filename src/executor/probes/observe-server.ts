import type { IndexSize, NodeReading, Probe, ServerSeries, Waits } from '../../study/readings.js'
import { triggersOf } from '../../study/table/layout-of.js'
import type { Treatment } from '../../study/treatment.js'
import type { CompletedTrial, Measurements } from '../../study/trial.js'
import type { Load } from '../load/workers.js'
import { clusterUnder } from '../server/citus/cluster.js'
import { type NodesRead, observeNodes } from '../server/citus/observe-nodes.js'
import { shardIndexSizes } from '../server/citus/shard-sizes.js'
import type { Session } from '../session/session.js'
import {
  type BackendReading,
  backendsBetween,
  type HostMeasurements,
  hostBetween,
  type ProcSnapshot,
  readProc,
  unreadBackend,
  unreadHost,
} from './backends.js'
import { needsObserver } from './observers.js'
import { type HostUse, othersBetween, readHostUse } from './others.js'
import type { BackendSource, SeenBackends } from './sampling/backend-source.js'
import type { ObserverRow } from './sampling/observer.js'
import { serverClockOffsetMs } from './server-clock.js'
import { pssSeen, serverSeries } from './server-series.js'
import { countTriggers } from './trigger-time.js'
import { waitsOf } from './wait-events.js'
import { type Profile, readProfile, waitsBetween } from './wait-sampling.js'
import {
  type BackendWalIo,
  countedBetween,
  indexSizes,
  readBackendWalIo,
  readCounters,
  tableSizes,
  unreadBackendWalIo,
  unreadWalIo,
  type WalIoMeasurements,
  walPosition,
} from './wal-io.js'

/** Measurements of a trial by the probes on the server. */
export interface ServerReadings {
  readonly measurements: HostMeasurements &
    WalIoMeasurements &
    Pick<Measurements, 'hostOthers' | 'autovacuumSamples' | 'clockDriftMs' | 'triggerMs' | 'distributedCommitMs'>
  /** One per worker. */
  readonly workers: readonly (BackendReading & BackendWalIo)[]
  /** One per node of a cluster; null where the table is not distributed. */
  readonly nodes: readonly NodeReading[] | null
  readonly waits: Waits | null
  readonly series: ServerSeries | null
  readonly indexSizes: readonly IndexSize[] | null
  /**
   * When samples found the first COPY or INSERT into the table, since the clock started; null where
   * copylab's workers load, and where none was found.
   */
  readonly firstWriteMs: number | null
  /** Maximum number of backends that samples found at once; null where copylab's workers load. */
  readonly backendsAtOnce: number | null
  readonly missing: CompletedTrial['missing']
}

/** A load that is over. */
export interface ObservedLoad extends Pick<Load, 'clockStart' | 'totalMs' | 'parts'> {
  /**
   * CPU time of the program that loaded, which is the study's own; null where it is not known.
   * @default 0, for the workers of this process
   */
  readonly programCpuMs?: number | null
}

/** A server that is being observed. */
export interface ServerObservation {
  /**
   * Ends the sampling; to be called right after the clock stopped, while the workers are still
   * connected. Throws nothing that the load did not throw.
   */
  stop(load: ObservedLoad): Promise<void>
  /** Ends the sampling of a load that failed; may be called after `stop`. Never throws. */
  abandon(): Promise<void>
  /**
   * Returns all readings; to be called after the workers have disconnected, because only then
   * everything that they did is counted.
   */
  readings(): Promise<ServerReadings>
}

const noServer = 'the null trial has no server'
export const probeOff = 'the probe was off'

/** Readings of a trial without a server. */
export function unobservedServer(workers: number): ServerReadings {
  return {
    measurements: {
      ...unreadHost,
      ...unreadWalIo,
      hostOthers: null,
      autovacuumSamples: null,
      clockDriftMs: null,
      triggerMs: null,
      distributedCommitMs: null,
    },
    nodes: null,
    workers: Array.from({ length: workers }, () => ({ ...unreadBackend, ...unreadBackendWalIo })),
    waits: null,
    series: null,
    indexSizes: null,
    firstWriteMs: null,
    backendsAtOnce: null,
    missing: { waits: noServer, backends: noServer, walIo: noServer },
  }
}

/**
 * Starts every probe that is on and available, the costly ones first, so that the clock may start
 * as soon as this resolves.
 */
export async function observeServer(
  session: Session,
  source: BackendSource,
  treatment: Treatment,
): Promise<ServerObservation> {
  const { control, schema, connection, observers, definition } = session
  const over = clusterUnder(session, treatment)
  const fires = triggersOf(session, treatment).length > 0
  const { versionNumber, settings, procRefusal } = connection.facts
  const { probes, observer, observerRefusal, othersRefusal, waitSampling, triggerCounting } = observers
  const { pids, flush } = source
  const readsProc = probes.backends && procRefusal === null
  const samplesWaits = probes.waits && (!waitSampling || flush === null)
  const missing: Record<string, string> = {
    ...missingOfVersion(session),
    ...(!probes.waits && { waits: probeOff }),
    ...(samplesWaits && observerRefusal !== null && { waits: observerRefusal }),
    ...(!probes.backends && { backends: probeOff }),
    ...(probes.backends && procRefusal !== null && { backends: procRefusal }),
    ...(!probes.walIo && { walIo: probeOff }),
    ...(readsProc && othersRefusal !== null && { hostOthers: othersRefusal }),
    ...(over !== null && fires && { triggerMs: 'it is not counted on the nodes of a cluster' }),
  }
  /**
   * Returns the readings of a probe, or null when it is off; a server that refuses leaves it
   * without readings, and does not make the trial fail.
   */
  const attempt = async <T>(
    probe: Probe | 'hostOthers' | 'triggerMs' | 'nodes',
    isOn: boolean,
    read: () => Promise<T>,
  ): Promise<T | null> => {
    if (!isOn) return null
    try {
      return await read()
    } catch (error) {
      missing[probe] ??= `the server refused: ${(error as Error).message}`
      return null
    }
  }

  const observedNodes =
    over && (await observeNodes(session, over, { pids, attempt: (read) => attempt('nodes', true, read) }))
  // Those of a cluster are read on all its nodes.
  const walIo = probes.walIo && over === null
  const countersBefore = await attempt('walIo', walIo, () => readCounters(control, versionNumber))
  const endCounting = await attempt('triggerMs', walIo && fires && flush !== null && triggerCounting !== null, () =>
    countTriggers(control, schema, triggerCounting!),
  )
  const procBefore = await attempt('backends', readsProc, () => readProc(control, pids))
  const profileBefore = await attempt('waits', probes.waits && !samplesWaits, () => readProfile(control, pids))
  const offsetBefore = await serverClockOffsetMs(control)
  const walBefore = await attempt('walIo', walIo, () => walPosition(control))
  const stopObserver = await attempt('waits', observer !== null && needsObserver(probes), () =>
    source.start({ observer: observer!, control }, schema, samplesWaits),
  )
  const readUse = (): Promise<HostUse | null> => readHostUse(control, session.relay?.pid)
  const useBefore = await attempt('hostOthers', readsProc && othersRefusal === null, readUse)

  let walAfter: number | null = null
  let driftMs = 0
  let seen: SeenBackends | null = null
  let procAfter: ProcSnapshot | null = null
  let useAfter: HostUse | null = null
  let profileAfter: Profile | null = null
  let backendWalIo: readonly BackendWalIo[] | null = null
  let sizes: Pick<WalIoMeasurements, 'tableBytes' | 'indexBytes'> | null = null
  let indexes: readonly IndexSize[] | null = null
  let ended: ObservedLoad | null = null

  return {
    async stop(load) {
      ended = load
      useAfter = await attempt('hostOthers', useBefore !== null, readUse)
      walAfter = await attempt('walIo', walIo, () => walPosition(control))
      driftMs = (await serverClockOffsetMs(control)) - offsetBefore
      procAfter = await attempt('backends', procBefore !== null, () => readProc(control, pids))
      profileAfter = await attempt('waits', profileBefore !== null, () => readProfile(control, pids))
      if (stopObserver) seen = await attempt('waits', true, stopObserver)
      await observedNodes?.stop()
      sizes = await attempt('walIo', probes.walIo, () => tableSizes(control, schema, over !== null))
      indexes = await attempt('walIo', probes.walIo && definition !== null, () =>
        over === null ? indexSizes(control, schema) : shardIndexSizes(control, schema, over),
      )
      backendWalIo = await attempt('walIo', walIo && versionNumber >= 180_000 && flush !== null, async () => {
        await flush!()
        return readBackendWalIo(control, pids)
      })
    },
    async abandon() {
      await stopObserver?.().catch(() => {})
      await observedNodes?.abandon()
    },
    async readings() {
      if (!ended) throw new Error('Expected the observation to be stopped before it is read')
      const countersAfter = await attempt('walIo', countersBefore !== null, () => readCounters(control, versionNumber))
      const triggerTime = await attempt('triggerMs', endCounting !== null, () => endCounting!(ended!))
      if (typeof triggerTime === 'string') missing.triggerMs = triggerTime
      const timed = { io: settings.track_io_timing === 'on', wal: settings.track_wal_io_timing === 'on' }
      const counted = countersBefore && countersAfter && countedBetween(countersBefore, countersAfter, timed)
      const walBytes = walBefore !== null && walAfter !== null ? walAfter - walBefore : null
      const onNodes = (await observedNodes?.readings(ended, offsetBefore)) ?? null
      const nearbyMs = onNodes?.nearbyCpuMs ?? 0
      if (useBefore && typeof nearbyMs === 'string') missing.hostOthers ??= nearbyMs
      const { programCpuMs: programMs = 0 } = ended
      if (useBefore && programMs === null) missing.hostOthers ??= 'the CPU time of the program is not known'
      return read({
        load: ended,
        pids: seen?.pids ?? pids,
        backends: seen?.backends ?? null,
        firstWriteMs: seen?.began == null ? null : seen.began * 1000 - offsetBefore - ended.clockStart,
        backendsAtOnce: seen?.connections ?? null,
        rows: (seen?.rows ?? []).map((row) => ({ ...row, at: row.at * 1000 - offsetBefore - ended!.clockStart })),
        samplesWaits: samplesWaits,
        waits: profileBefore && profileAfter ? waitsBetween(profileBefore, profileAfter, pids.length) : null,
        proc: procBefore && procAfter ? { before: procBefore, after: procAfter } : null,
        // The work of a cluster's workers on the host is the server's own.
        hostOthers:
          useBefore && useAfter && typeof nearbyMs === 'number' && programMs !== null
            ? othersBetween(useBefore, { ...useAfter, ownMs: useAfter.ownMs + nearbyMs + programMs })
            : null,
        walIo: { ...unreadWalIo, ...(onNodes ? onNodes.walIo : { ...counted, walBytes }), ...sizes },
        triggerMs: typeof triggerTime === 'number' ? triggerTime : null,
        indexes,
        onNodes,
        backendWalIo,
        driftMs,
        missing,
      })
    },
  }
}

/**
 * Measurements that this version, or its settings, cannot provide, and why, whatever probes are on.
 */
function missingOfVersion({ connection, observers }: Session): Record<string, string> {
  const { versionNumber, settings } = connection.facts
  const missing: Record<string, string> = {}
  if (!observers.probes.walIo) return missing
  const lacking = (names: readonly (keyof Measurements | 'workerReadings')[], reason: string): void => {
    for (const name of names) missing[name] = reason
  }
  if (versionNumber < 180_000) {
    lacking(['workerReadings'], 'WAL and I/O of each backend are counted from PostgreSQL 18 on')
  }
  if (versionNumber < 160_000) {
    lacking(['extends', 'extendBytes', 'extendMs', 'writeBytes', 'writeMs'], 'I/O is counted from PostgreSQL 16 on')
  } else if (settings.track_io_timing !== 'on') {
    lacking(['extendMs', 'writeMs'], 'track_io_timing is off')
  }
  if (settings.track_wal_io_timing !== 'on') lacking(['walWriteMs', 'walSyncMs'], 'track_wal_io_timing is off')
  return missing
}

interface Seen {
  readonly load: ObservedLoad
  readonly backends: readonly BackendReading[] | null
  readonly firstWriteMs: number | null
  readonly backendsAtOnce: number | null
  readonly pids: readonly number[]
  /** Samples, `at` in milliseconds since the clock started. */
  readonly rows: readonly ObserverRow[]
  readonly samplesWaits: boolean
  readonly waits: Waits | null
  readonly proc: { readonly before: ProcSnapshot; readonly after: ProcSnapshot } | null
  readonly hostOthers: number | null
  readonly walIo: WalIoMeasurements
  readonly triggerMs: number | null
  readonly indexes: readonly IndexSize[] | null
  readonly backendWalIo: readonly BackendWalIo[] | null
  readonly onNodes: NodesRead | null
  readonly driftMs: number
  readonly missing: Record<string, string>
}

function read(seen: Seen): ServerReadings {
  const { load, pids, rows, samplesWaits, waits, proc, hostOthers, walIo, triggerMs, indexes } = seen
  const { backendWalIo, onNodes, driftMs, missing } = seen
  const whole = rows.filter(({ events }) => events.length === pids.length)
  const backends = seen.backends ?? (proc ? backendsBetween(proc.before, proc.after, pssSeen(rows, pids.length)) : null)
  const within = whole.filter(({ at }) => at >= 0 && at <= load.totalMs)
  return {
    measurements: {
      ...(proc ? hostBetween(proc.before, proc.after) : unreadHost),
      ...walIo,
      hostOthers,
      autovacuumSamples: rows.length > 0 ? within.filter(({ autovacuum }) => autovacuum).length : null,
      clockDriftMs: driftMs,
      triggerMs,
      distributedCommitMs: onNodes?.distributedCommitMs ?? null,
    },
    nodes: onNodes?.nodes ?? null,
    workers: pids.map((_, k) => ({
      ...(backends?.[k] ?? unreadBackend),
      ...(backendWalIo?.[k] ?? unreadBackendWalIo),
    })),
    waits:
      samplesWaits && whole.length > 0
        ? waitsOf(
            whole.map(({ at, events, blocking }) => ({ atMs: at, events, blocking: blocking ?? [] })),
            load.totalMs,
            pids,
          )
        : waits,
    indexSizes: indexes,
    firstWriteMs: seen.firstWriteMs,
    backendsAtOnce: seen.backendsAtOnce,
    series: rows.length > 0 ? serverSeries(within, pids.length) : null,
    missing,
  }
}
