import { setTimeout } from 'node:timers/promises'
import type { Load, Workers } from '../load/workers.js'
import type { ServerSeries, Waits, WorkerReading } from '../readings.js'
import type { Session } from '../session.js'
import type { CompletedTrial, Measures } from '../types.js'
import {
  type BackendReading,
  backendsBetween,
  type HostMeasures,
  hostBetween,
  type ProcSnapshot,
  readProc,
  unreadBackend,
  unreadHost,
} from './backends.js'
import { type ObserverRow, startObserver } from './observer.js'
import { needsObserver } from './observers.js'
import { serverClockOffsetMs } from './server-clock.js'
import { pssSeen, serverSeries } from './server-series.js'
import { waitsOf } from './wait-events.js'
import { type Profile, readProfile, waitsBetween } from './wait-sampling.js'
import {
  type BackendWalIo,
  countedBetween,
  readBackendWalIo,
  readCounters,
  tableSizes,
  unreadBackendWalIo,
  unreadWalIo,
  type WalIoMeasures,
  walPosition,
} from './wal-io.js'

/** What the probes on the server say about a trial. */
export interface ServerReadings {
  readonly measures: HostMeasures & WalIoMeasures & Pick<Measures, 'autovacuumLooks' | 'clockDriftMs'>
  /** One per worker. */
  readonly workers: readonly (BackendReading & BackendWalIo)[]
  readonly waits: Waits | null
  readonly series: ServerSeries | null
  readonly missing: CompletedTrial['missing']
}

/** A server that is being observed. */
export interface ServerObservation {
  /** Ends the looking; right after the clock stopped, while the workers are still connected. Throws nothing that the load did not. */
  stop(load: Load): Promise<void>
  /** Ends the looking of a load that broke; may be called after `stop`. Never throws. */
  abandon(): Promise<void>
  /** All readings; after the workers have disconnected, because only then everything that they did is counted. */
  readings(): Promise<ServerReadings>
}

/** PostgreSQL 14 writes its statistics for readers twice a second at most (pgstat.c, PGSTAT_STAT_INTERVAL). */
const lagOf14Ms = 600

const noServer = 'the null trial has no server behind it'
const probeOff = 'the probe was off'

/** Readings of a trial without a server. */
export function unobservedServer(workers: number): ServerReadings {
  return {
    measures: { ...unreadHost, ...unreadWalIo, autovacuumLooks: null, clockDriftMs: null },
    workers: Array.from({ length: workers }, () => ({ ...unreadBackend, ...unreadBackendWalIo })),
    waits: null,
    series: null,
    missing: { waits: noServer, backends: noServer, walIo: noServer },
  }
}

/** Starts every probe that is on and can be had, the costly ones first, so that the clock may start as soon as this resolves. */
export async function observeServer(session: Session, workers: Workers): Promise<ServerObservation> {
  const { control, schema, connection, observers } = session
  const { versionNumber, settings, procRefusal } = connection.facts
  const { probes, observer, observerRefusal, waitSampling } = observers
  const { pids } = workers
  const readsProc = probes.backends && procRefusal === null
  const looks = probes.waits && !waitSampling
  const missing: Record<string, string> = {
    ...missingOfVersion(session),
    ...(!probes.waits && { waits: probeOff }),
    ...(probes.waits && !waitSampling && observerRefusal !== null && { waits: observerRefusal }),
    ...(!probes.backends && { backends: probeOff }),
    ...(probes.backends && procRefusal !== null && { backends: procRefusal }),
    ...(!probes.walIo && { walIo: probeOff }),
    ...(!probes.client && { client: probeOff }),
  }

  const countersBefore = probes.walIo ? await readCounters(control, versionNumber) : null
  const procBefore = readsProc ? await readProc(control, pids) : null
  const profileBefore = probes.waits && waitSampling ? await readProfile(control, pids) : null
  const offsetBefore = await serverClockOffsetMs(control)
  const walBefore = probes.walIo ? await walPosition(control) : 0
  const stopObserver =
    observer && needsObserver(probes)
      ? await startObserver({ observer, control }, schema, { pids, waits: looks })
      : null

  let walAfter = 0
  let driftMs = 0
  let rows: readonly ObserverRow[] = []
  let procAfter: ProcSnapshot | null = null
  let profileAfter: Profile | null = null
  let backendWalIo: readonly BackendWalIo[] | null = null
  let sizes: Pick<WalIoMeasures, 'tableBytes' | 'indexBytes'> | null = null
  let ended: Load | null = null

  return {
    async stop(load) {
      ended = load
      if (probes.walIo) walAfter = await walPosition(control)
      driftMs = (await serverClockOffsetMs(control)) - offsetBefore
      if (readsProc) procAfter = await readProc(control, pids)
      if (profileBefore) profileAfter = await readProfile(control, pids)
      if (stopObserver) {
        rows = await stopObserver().catch((error: Error) => {
          missing.waits ??= `the observer failed: ${error.message}`
          return []
        })
      }
      if (probes.walIo) {
        sizes = await tableSizes(control, schema)
        if (versionNumber >= 180_000) {
          await workers.query('SELECT pg_stat_force_next_flush()')
          backendWalIo = await readBackendWalIo(control, pids)
        }
      }
    },
    async abandon() {
      await stopObserver?.().catch(() => {})
    },
    async readings() {
      if (!ended) throw new Error('Expected the observation to be stopped before it is read')
      if (countersBefore && versionNumber < 150_000) await setTimeout(lagOf14Ms)
      const counted = countersBefore
        ? countedBetween(countersBefore, await readCounters(control, versionNumber), {
            io: settings.track_io_timing === 'on',
            wal: settings.track_wal_io_timing === 'on',
          })
        : null
      return read({
        load: ended,
        pids,
        rows: rows.map((row) => ({ ...row, at: row.at * 1000 - offsetBefore - ended!.clockStart })),
        looks,
        waits: profileBefore && profileAfter ? waitsBetween(profileBefore, profileAfter, pids.length) : null,
        proc: procBefore && procAfter ? { before: procBefore, after: procAfter } : null,
        walIo: counted && sizes ? { ...counted, ...sizes, walBytes: walAfter - walBefore } : unreadWalIo,
        backendWalIo,
        driftMs,
        missing,
      })
    },
  }
}

/** What this version, or its settings, cannot tell, whatever probes are on. */
function missingOfVersion({ connection, observers }: Session): Record<string, string> {
  const { versionNumber, settings } = connection.facts
  const missing: Record<string, string> = {}
  if (!observers.probes.walIo) return missing
  const lacking = (names: readonly (keyof Measures | keyof WorkerReading)[], reason: string): void => {
    for (const name of names) missing[name] = reason
  }
  if (versionNumber < 160_000) {
    lacking(['extends', 'extendBytes', 'extendMs', 'writeBytes', 'writeMs'], 'pg_stat_io needs PostgreSQL 16')
  } else if (settings.track_io_timing !== 'on') {
    lacking(['extendMs', 'writeMs'], 'track_io_timing is off')
  }
  if (settings.track_wal_io_timing !== 'on') lacking(['walWriteMs', 'walSyncMs'], 'track_wal_io_timing is off')
  return missing
}

interface Seen {
  readonly load: Load
  readonly pids: readonly number[]
  /** Looks, `at` in milliseconds since the clock started. */
  readonly rows: readonly ObserverRow[]
  readonly looks: boolean
  readonly waits: Waits | null
  readonly proc: { readonly before: ProcSnapshot; readonly after: ProcSnapshot } | null
  readonly walIo: WalIoMeasures
  readonly backendWalIo: readonly BackendWalIo[] | null
  readonly driftMs: number
  readonly missing: Record<string, string>
}

function read({ load, pids, rows, looks, waits, proc, walIo, backendWalIo, driftMs, missing }: Seen): ServerReadings {
  const whole = rows.filter(({ events }) => events.length === pids.length)
  const backends = proc ? backendsBetween(proc.before, proc.after, pssSeen(rows, pids.length)) : null
  const within = whole.filter(({ at }) => at >= 0 && at <= load.totalMs)
  return {
    measures: {
      ...(proc ? hostBetween(proc.before, proc.after) : unreadHost),
      ...walIo,
      autovacuumLooks: rows.length > 0 ? within.filter(({ autovacuum }) => autovacuum).length : null,
      clockDriftMs: driftMs,
    },
    workers: pids.map((_, k) => ({
      ...(backends?.[k] ?? unreadBackend),
      ...(backendWalIo?.[k] ?? unreadBackendWalIo),
    })),
    waits:
      looks && whole.length > 0
        ? waitsOf(
            whole.map(({ at, events, blocking }) => ({ atMs: at, events, blocking: blocking ?? [] })),
            load.totalMs,
            pids,
          )
        : waits,
    series: rows.length > 0 ? serverSeries(within, pids.length) : null,
    missing,
  }
}
